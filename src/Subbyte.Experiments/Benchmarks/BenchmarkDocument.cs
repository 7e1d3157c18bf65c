using System.Text.Json.Serialization;

namespace Subbyte.Experiments;

/// <summary>What <c>subbyte bench</c> writes.</summary>
/// <typeparam name="T">One result.</typeparam>
public sealed record BenchmarkDocument<T>
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.bench/1";

    /// <summary>Version of Subbyte.</summary>
    public string Version { get; } = typeof(ResultDocument).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>What was measured: peak, layers, network or methods.</summary>
    public required string Kind { get; init; }

    /// <summary>File of the network, where one was measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>The results.</summary>
    public required IReadOnlyList<T> Results { get; init; }

    /// <summary>The document as JSON.</summary>
    /// <returns>Indented JSON with a final line feed.</returns>
    public string ToJson() => DocumentJson.Write(this, omitNulls: true);
}

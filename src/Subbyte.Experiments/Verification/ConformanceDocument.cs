using System.Text.Json.Serialization;

namespace Subbyte.Experiments.Verification;

/// <summary>How a case ended.</summary>
public enum CaseStatus
{
    /// <summary>All outputs are as expected.</summary>
    Passed,

    /// <summary>An output differs, or the case could not be run to its end.</summary>
    Failed,

    /// <summary>The model uses something that is not supported; the reason names it.</summary>
    Unsupported,
}

/// <summary>One case.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why it did not pass, or null.</param>
/// <param name="MaxError">Largest absolute difference of an output, or null when there was none to compare.</param>
public sealed record CaseResult(string Name, CaseStatus Status, string? Reason, double? MaxError);

/// <summary>A tree of operator cases, counted.</summary>
/// <param name="Cases">The cases.</param>
public sealed record ConformanceDocument(IReadOnlyList<CaseResult> Cases)
{
    /// <summary>Name and version of the schema.</summary>
    [JsonPropertyOrder(-2)]
    public string Schema { get; } = "subbyte.verify/1";

    /// <summary>Cases whose outputs are as expected.</summary>
    [JsonPropertyOrder(-1)]
    public int Passed => Count(CaseStatus.Passed);

    /// <summary>Cases with an output that is not.</summary>
    [JsonPropertyOrder(-1)]
    public int Failed => Count(CaseStatus.Failed);

    /// <summary>Cases that use something that is not supported.</summary>
    [JsonPropertyOrder(-1)]
    public int Unsupported => Count(CaseStatus.Unsupported);

    /// <summary>The document as JSON.</summary>
    /// <returns>Indented JSON with a final line feed.</returns>
    public string ToJson() => DocumentJson.Write(this);

    private int Count(CaseStatus status) => Cases.Count(result => result.Status == status);
}

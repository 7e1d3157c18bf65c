using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Experiments;

/// <summary>The result of <c>simulate</c>: one result a layer, and their sum.</summary>
public sealed record SimulationDocument
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; init; } = "subbyte.simulate/1";

    /// <summary>Version of Subbyte.</summary>
    public string Version { get; init; } = typeof(SimulationDocument).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The network's shapes: a topology's file or name, or null.</summary>
    public string? Topology { get; init; }

    /// <summary>The network, or null where there are only shapes.</summary>
    public ModelDescription? Model { get; init; }

    /// <summary>The data whose activations were counted, or null.</summary>
    public DataDescription? Data { get; init; }

    /// <summary>The recipe, or null.</summary>
    public string? Method { get; init; }

    /// <summary>The array.</summary>
    public required ArrayDescription Array { get; init; }

    /// <summary>The energies.</summary>
    public required ArrayEnergyTable Energies { get; init; }

    /// <summary>Seed of what is random.</summary>
    public int Seed { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>One result a layer.</summary>
    public required IReadOnlyList<SimulationResult> Results { get; init; }

    /// <summary>All layers together.</summary>
    public required SimulationResult Total { get; init; }

    /// <summary>The document as JSON.</summary>
    /// <returns>Indented JSON with a final line feed.</returns>
    public string ToJson() => DocumentJson.Write(this, omitNulls: true);
}

/// <summary>The array of a simulation.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Dataflow">os, ws or is.</param>
/// <param name="InputSramBytes">Bytes of the SRAM for activations.</param>
/// <param name="FilterSramBytes">Bytes of the SRAM for weights.</param>
/// <param name="OutputSramBytes">Bytes of the SRAM for outputs.</param>
/// <param name="DramBytesPerCycle">Bytes that DRAM moves in a cycle; null where nothing waits for it.</param>
public sealed record ArrayDescription(int Rows, int Columns, string Dataflow, long InputSramBytes, long FilterSramBytes, long OutputSramBytes, double? DramBytesPerCycle)
{
    /// <summary>Describes an array.</summary>
    /// <param name="configuration">The array.</param>
    /// <returns>Its description.</returns>
    public static ArrayDescription Of(ArrayConfiguration configuration)
    {
        var memory = configuration.Memory;
        return new ArrayDescription(
            configuration.Array.Rows,
            configuration.Array.Columns,
            configuration.Dataflow.Name(),
            memory.InputBytes,
            memory.FilterBytes,
            memory.OutputBytes,
            double.IsFinite(memory.BytesPerCycle) ? memory.BytesPerCycle : null);
    }
}

using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Simulation;

/// <summary>Where a layer's energy goes, in picojoules for one sample.</summary>
/// <param name="Arithmetic">Operations of the processing elements.</param>
/// <param name="Idle">What they spend in every cycle, whether they work or not.</param>
/// <param name="Sram">Operands and sums between SRAMs and array.</param>
/// <param name="Dram">Traffic with DRAM.</param>
public sealed record EnergyParts(double Arithmetic, double Idle, double Sram, double Dram)
{
    /// <summary>The processing elements alone.</summary>
    public double Elements => Arithmetic + Idle;

    /// <summary>All of it.</summary>
    public double Total => Elements + Sram + Dram;
}

/// <summary>One way to run a layer: the method's or the baseline's.</summary>
/// <param name="Cycles">Cycles without waiting for DRAM.</param>
/// <param name="Utilization">Share of the elements' cycles in which they work, fill and drain included.</param>
/// <param name="BusyShare">Share of the steps in which an element works, fill and drain apart: what data decide.</param>
/// <param name="Energy">Energy.</param>
public sealed record ArrayOutcome(double Cycles, double Utilization, double BusyShare, EnergyParts Energy);

/// <summary>What an accelerator does with one layer and sample.</summary>
public sealed record LayerSimulation
{
    /// <summary>Name of the layer.</summary>
    public required string Name { get; init; }

    /// <summary>The product.</summary>
    public required MatrixShape Shape { get; init; }

    /// <summary>Number of weights, all groups.</summary>
    public required double Weights { get; init; }

    /// <summary>The processing element.</summary>
    public required string Element { get; init; }

    /// <summary>The method on its array.</summary>
    public required ArrayOutcome Method { get; init; }

    /// <summary>The paper's baseline on an array of the same size.</summary>
    public required ArrayOutcome Baseline { get; init; }

    /// <summary>What the baseline is.</summary>
    public required string BaselineElement { get; init; }

    /// <summary>Traffic of the method.</summary>
    public required ArrayTraffic Traffic { get; init; }

    /// <summary>Bits of a weight in memory.</summary>
    public required double WeightBits { get; init; }

    /// <summary>Bits of an activation in memory.</summary>
    public required double ActivationBits { get; init; }

    /// <summary>Operations by name.</summary>
    public IReadOnlyDictionary<string, double> Operations { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Why the layer is not treated as its recipe says, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The baseline's cycles over the method's.</summary>
    public double Speedup => Baseline.Cycles / Method.Cycles;
}

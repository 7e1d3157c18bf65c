using Subbyte.Costs;
using Subbyte.Hardware.Arrays;
using Subbyte.Lowering;

namespace Subbyte.Hardware.Elements;

/// <summary>A layer of a network and what is known of its work for one sample.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Lowered">The layer under its method, or null where it runs in fp32.</param>
/// <param name="Cost">Its counts for one sample; those that depend on data are there when data were shown.</param>
/// <param name="InputElements">Elements of its input map, all groups.</param>
public sealed record LayerWork(DotProductLayer Layer, LoweredLayer? Lowered, LayerCost Cost, long InputElements)
{
    /// <summary>The outputs that a prediction leaves to be computed, on the array in question; null where all are.</summary>
    public ComputedOutputs? Computed { get; init; }

    /// <summary>The product of each group.</summary>
    public MatrixShape Shape => new(Layer.Positions, Layer.Outputs / Layer.Groups, Layer.Depth, Layer.Groups) { InputElements = Math.Max(1, InputElements / Layer.Groups) };

    /// <summary>Steps of the elements of an array: one an output and step of a dot product.</summary>
    /// <param name="steps">Steps of a dot product.</param>
    /// <returns>The number.</returns>
    public double ElementSteps(long steps) => (double)Layer.Positions * Layer.Outputs * steps;

    /// <summary>Share of the outputs that a prediction does not skip.</summary>
    public double ComputedShare => Cost.Operations.TryGetValue("macs.skipped", out var skipped) ? 1 - (skipped / Cost.Operations["macs.predicted"]) : 1;
}

namespace Subbyte.Experiments.Reproduction;

/// <summary>What was measured of each layer, and what it is measured against; the layer's figure is their ratio.</summary>
/// <param name="Measured">One number a layer, in execution order.</param>
/// <param name="Reference">One number a layer.</param>
public sealed record LayerFigures(double[] Measured, double[] Reference)
{
    /// <summary>The layers' ratios.</summary>
    /// <returns>One number a layer; 0 where nothing is measured against nothing.</returns>
    public double[] Ratios() => [.. Measured.Zip(Reference, (measured, reference) => measured == 0 ? 0 : measured / reference)];

    /// <summary>The layers' signal-to-noise ratios, where noise is measured against the signal.</summary>
    /// <returns>Decibels, one number a layer.</returns>
    public double[] Decibels() => [.. Ratios().Select(ratio => -10 * Math.Log10(ratio))];
}

using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Sparq;

/// <summary>The 8-bit base that SPARQ trims (section 3.1), in float32, one rounding an operation in the order written.</summary>
public static class SparqQuantizers
{
    /// <summary>
    /// Unsigned 8-bit activations of one step, Δx = (float32 of the mean of the samples' maxima) / 255; 1 for a dead layer. Larger values
    /// saturate.
    /// </summary>
    /// <param name="statistics">Statistics of the layer's input.</param>
    /// <returns>The quantizer.</returns>
    public static UniformActivations Activations(ILayerStatistics statistics)
    {
        var step = (float)statistics.MeanSampleMaximum / 255f;
        return new UniformActivations(SparqMethod.Name, new CodeRange(0, 255), step > 0 ? step : 1, zeroPoint: 0, bits: 8, Rounding.HalfEven);
    }

    /// <summary>
    /// Quantizes weights per output channel: Δw = 2·max|W|/255 with codes −128..127, which puts the largest weight on a tie, or max|W|/127
    /// with codes −127..127. A channel of zeros has Δw = 1.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="wide">Whether the step is 2·max/255.</param>
    /// <returns>The codes.</returns>
    public static WeightCodes Weights(DotProductLayer layer, bool wide)
    {
        var codes = new short[layer.Weights.Length];
        var steps = new float[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            var largest = 0f;
            foreach (var weight in row) largest = Math.Max(largest, Math.Abs(weight));
            var step = wide ? 2f * largest / 255f : largest / 127f;
            steps[m] = step > 0 ? step : 1;
            Quantizer.ToInt16(row, steps[m], zeroPoint: 0, wide ? -128 : -127, 127, codes.AsSpan(m * layer.Depth, layer.Depth));
        }

        return new WeightCodes(SparqMethod.Name, [new WeightPlane(codes, steps, 8)], (8L * codes.Length) + (32L * steps.Length));
    }
}

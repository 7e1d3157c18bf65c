using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Uniform;

/// <summary>Weights on symmetric narrow uniform grids.</summary>
internal static class WeightQuantization
{
    /// <summary>Codes of a layer's weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="filledBy">Name of the method.</param>
    /// <param name="bits">Bits of a weight, 2 … 16.</param>
    /// <param name="options">How ranges are chosen.</param>
    /// <returns>The codes.</returns>
    public static WeightCodes Quantize(DotProductLayer layer, string filledBy, int bits, RangeOptions options)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        var rows = options.Granularity == WeightGranularity.PerTensor ? layer.Outputs : 1;
        for (var m = 0; m < layer.Outputs; m += rows)
        {
            var weights = layer.Weights.Span.Slice(m * layer.Depth, rows * layer.Depth);
            var grid = UniformGrid.Narrow(Clip(weights, bits, options), bits);
            Quantizer.ToInt16(weights, grid.Scale, 0, grid.Codes.Lowest, grid.Codes.Highest, codes.AsSpan(m * layer.Depth, weights.Length));
            scales.AsSpan(m, rows).Fill(grid.Scale);
        }

        return new WeightCodes(filledBy, [new WeightPlane(codes, scales, bits)], ((long)bits * codes.Length) + (32L * layer.Outputs / rows));
    }

    private static double Clip(ReadOnlySpan<float> weights, int bits, RangeOptions options) => Rule(bits, options) switch
    {
        ClipRule.Mse => SquaredErrorClip.Of(weights, CodeRange.Narrow(bits).Highest).Clip,
        ClipRule.Percentile => PercentileClip.Of(weights, options.Percentile),
        ClipRule.Kl => EntropyClip.Of(AbsoluteHistogram.Of(weights), 1 << (bits - 1)),
        _ => MinMaxClip.Of(weights),
    };

    private static ClipRule Rule(int bits, RangeOptions options)
    {
        var rule = options.WeightClip == ClipRule.Default ? options.Clip : options.WeightClip;
        if (rule != ClipRule.Default) return rule;
        return bits >= 6 ? ClipRule.MinMax : ClipRule.Mse;
    }
}

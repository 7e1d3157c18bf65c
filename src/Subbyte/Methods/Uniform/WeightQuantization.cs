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
        if (options.GroupLength > 0 && options.GroupLength < layer.Depth) return Grouped(layer, filledBy, bits, options);
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        var rows = options.Granularity == WeightGranularity.PerTensor ? layer.Outputs : 1;
        for (var m = 0; m < layer.Outputs; m += rows)
        {
            var scale = Quantize(layer.Weights.Span.Slice(m * layer.Depth, rows * layer.Depth), bits, options, codes.AsSpan(m * layer.Depth));
            scales.AsSpan(m, rows).Fill(scale);
        }

        return new WeightCodes(filledBy, [new WeightPlane(codes, scales, bits)], ((long)bits * codes.Length) + (32L * layer.Outputs / rows));
    }

    private static WeightCodes Grouped(DotProductLayer layer, string filledBy, int bits, RangeOptions options)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[(layer.Depth + options.GroupLength - 1) / options.GroupLength][];
        for (var group = 0; group < scales.Length; group++)
        {
            var first = group * options.GroupLength;
            var length = Math.Min(options.GroupLength, layer.Depth - first);
            scales[group] = new float[layer.Outputs];
            for (var m = 0; m < layer.Outputs; m++)
                scales[group][m] = Quantize(layer.Row(m).Slice(first, length), bits, options, codes.AsSpan((m * layer.Depth) + first));
        }

        var storage = ((long)bits * codes.Length) + (32L * layer.Outputs * scales.Length);
        return new WeightCodes(filledBy, [new WeightPlane(codes, scales, options.GroupLength, bits)], storage);
    }

    /// <summary>Codes of weights that share a scale, and the scale.</summary>
    private static float Quantize(ReadOnlySpan<float> weights, int bits, RangeOptions options, Span<short> codes)
    {
        var grid = Grid(Clip(weights, bits, options), bits, options);
        Quantizer.ToInt16(weights, grid.Scale, 0, grid.Codes.Lowest, grid.Codes.Highest, codes[..weights.Length]);
        return grid.Scale;
    }

    private static UniformGrid Grid(double clip, int bits, RangeOptions options)
    {
        var grid = options.WeightGrid == WeightGrid.Full ? UniformGrid.Full(clip, bits) : UniformGrid.Narrow(clip, bits);
        var scale = (float)(grid.Scale * options.StepRatio);
        if (options.Step == StepRule.PowerOfTwo) scale = NearestPowerOfTwo(scale);
        return scale > 0 && float.IsFinite(scale) ? grid with { Scale = scale } : grid;
    }

    /// <summary>The power of two whose logarithm is nearest; halfway, at √2, the larger one.</summary>
    private static float NearestPowerOfTwo(float value)
    {
        const double squareRoot = 1.4142135623730951;
        var exponent = Math.ILogB(value);
        return (float)Math.ScaleB(1, Math.ScaleB(value, -exponent) < squareRoot ? exponent : exponent + 1);
    }

    private static double Clip(ReadOnlySpan<float> weights, int bits, RangeOptions options) => Rule(bits, options) switch
    {
        ClipRule.Mse => SquaredErrorClip.Of(weights, CodeRange.Narrow(bits).Highest).Clip,
        ClipRule.Percentile => PercentileClip.Of(weights, options.Percentile),
        ClipRule.Kl => EntropyClip.Of(AbsoluteHistogram.Of(weights), 1 << (bits - 1)),
        _ => MinMaxClip.Of(weights),
    };

    /// <summary>The rule for weights, once 'default' has been settled.</summary>
    /// <param name="bits">Bits of a weight.</param>
    /// <param name="options">How ranges are chosen.</param>
    /// <returns>The rule.</returns>
    public static ClipRule Rule(int bits, RangeOptions options)
    {
        var rule = options.WeightClip == ClipRule.Default ? options.Clip : options.WeightClip;
        if (rule != ClipRule.Default) return rule;
        return bits >= 6 ? ClipRule.MinMax : ClipRule.Mse;
    }
}

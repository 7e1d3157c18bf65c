using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Uniform;

/// <summary>Activations on uniform grids: unsigned where calibration saw no negative value, else symmetric signed, or asymmetric.</summary>
internal static class ActivationQuantization
{
    /// <summary>The quantizer of a layer's input.</summary>
    /// <param name="input">What calibration knows of the input.</param>
    /// <param name="filledBy">Name of the method.</param>
    /// <param name="bits">Bits of an activation, 2 … 16.</param>
    /// <param name="options">How ranges are chosen.</param>
    /// <returns>The quantizer.</returns>
    public static UniformActivations Quantize(ILayerStatistics input, string filledBy, int bits, RangeOptions options)
    {
        var signed = !input.IsNonNegative;
        var clip = Clip(input, bits, signed, options);
        var grid = (signed, options.Asymmetric) switch
        {
            (false, _) => UniformGrid.Unsigned(clip, bits),
            (true, false) => UniformGrid.Signed(clip, bits),
            _ => UniformGrid.Asymmetric(Math.Max(input.Minimum, -clip), Math.Min(input.Maximum, clip), bits),
        };

        // Codes are 16-bit signed integers; unsigned ones of 16 bits move down by half their range.
        if (grid.Codes.Highest > short.MaxValue) grid = grid.Shifted(short.MinValue);
        return new UniformActivations(filledBy, grid.Codes, grid.Scale, grid.ZeroPoint, bits, Rounding.HalfEven);
    }

    private static double Clip(ILayerStatistics input, int bits, bool signed, RangeOptions options)
    {
        var histogram = new AbsoluteHistogram(input.AbsoluteHistogram, input.AbsoluteMaximum);
        return Rule(bits, options) switch
        {
            ClipRule.Mse => SquaredErrorClip.Of(histogram, (signed ? CodeRange.Narrow(bits) : CodeRange.Unsigned(bits)).Highest).Clip,
            ClipRule.Percentile => PercentileClip.Of(histogram, options.Percentile),
            ClipRule.Kl => EntropyClip.Of(histogram, 1 << (signed ? bits - 1 : bits)),
            _ => histogram.Maximum,
        };
    }

    private static ClipRule Rule(int bits, RangeOptions options)
    {
        var rule = options.ActivationClip == ClipRule.Default ? options.Clip : options.ActivationClip;
        if (rule != ClipRule.Default) return rule;
        return bits switch { >= 9 => ClipRule.MinMax, >= 7 => ClipRule.Kl, _ => ClipRule.Mse };
    }
}

using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Uniform;

/// <summary>Activations on uniform grids: unsigned where calibration saw no negative value, else symmetric signed, or asymmetric.</summary>
internal static class ActivationQuantization
{
    private const double WorstEntropyError = 10;

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
        var largestCode = (signed ? CodeRange.Narrow(bits) : CodeRange.Unsigned(bits)).Highest;
        var levels = 1 << (signed ? bits - 1 : bits);
        return (options.ActivationClip == ClipRule.Default ? options.Clip : options.ActivationClip) switch
        {
            ClipRule.MinMax => histogram.Maximum,
            ClipRule.MeanMax => signed ? histogram.Maximum : input.MeanSampleMaximum,
            ClipRule.Mse => SquaredErrorClip.Of(histogram, largestCode).Clip,
            ClipRule.Percentile => PercentileClip.Of(histogram, options.Percentile),
            ClipRule.Kl => EntropyClip.Of(histogram, levels),
            _ => bits switch
            {
                >= 9 => histogram.Maximum,
                >= 7 => GuardedEntropyClip(histogram, levels, largestCode),
                _ => SquaredErrorClip.Of(histogram, largestCode).Clip,
            },
        };
    }

    /// <summary>
    /// The entropy rule, unless it leaves more than ten times the squared error of the best clip: where most values are 0 and a few are
    /// large (MobileNetV2's projections) it cuts off what the layer is about.
    /// </summary>
    private static double GuardedEntropyClip(AbsoluteHistogram histogram, int levels, int largestCode)
    {
        var entropy = EntropyClip.Of(histogram, levels);
        var best = SquaredErrorClip.Of(histogram, largestCode);
        return histogram.Maximum > 0 && SquaredErrorClip.Error(histogram, entropy, largestCode) > WorstEntropyError * best.Error ? best.Clip : entropy;
    }
}

using Subbyte.Formats;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// The uniform quantization below Term Revealing (QT): symmetric, one scale a tensor, sign and magnitude, ties away from zero. Neither the
/// weights' nor the data's codes fit a signed byte at eight bits.
/// </summary>
public static class TermRevealingQuantizer
{
    /// <summary>
    /// Quantizes a layer's weights: Δ = max|W| / 2^(b−1), so that codes reach ±2^(b−1), both inclusive. Grouped and depthwise convolutions,
    /// whose channels differ too much for one eight-bit scale, have sixteen bits as in the authors' code: Δ = max|W| / 32767.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">b, 2..9.</param>
    /// <returns>One plane; Δ is 1 when all weights are 0.</returns>
    public static WeightCodes Weights(DotProductLayer layer, int bits)
    {
        var weights = layer.Weights.Span;
        var largest = 0f;
        foreach (var weight in weights) largest = Math.Max(largest, Math.Abs(weight));
        var truncated = RevealedWeights.Truncates(layer);
        var scale = largest / (truncated ? 1 << (bits - 1) : short.MaxValue);
        if (scale == 0) scale = 1;
        var codes = new short[weights.Length];
        if (truncated) Encode(weights, scale, bits, codes);
        else Quantizer.ToInt16(weights, scale, zeroPoint: 0, -short.MaxValue, short.MaxValue, codes, Rounding.HalfAwayFromZero);
        var scales = new float[layer.Outputs];
        Array.Fill(scales, scale);
        var plane = new WeightPlane(codes, scales, truncated ? bits : 16);
        return new WeightCodes(TermRevealingDatapath.MethodName, [plane], FixedWidthBits(plane));
    }

    /// <summary>The quantizer of a layer's data, its scale chosen by <see cref="DataScale"/>.</summary>
    /// <param name="statistics">Statistics of the layer's input.</param>
    /// <param name="options">Data bits, data terms, encoding and grid.</param>
    /// <returns>Codes 0..2^b − 1, with both signs where calibration saw a negative value.</returns>
    public static UniformActivations Data(ILayerStatistics statistics, TermRevealingOptions options)
    {
        var largest = (1 << options.DataBits) - 1;
        var range = new CodeRange(statistics.IsNonNegative ? 0 : -largest, largest);
        var bits = options.DataBits + (statistics.IsNonNegative ? 0 : 1);
        return new UniformActivations(TermRevealingDatapath.MethodName, range, DataScale(statistics, options), zeroPoint: 0, bits, Rounding.HalfAwayFromZero);
    }

    /// <summary>Codes sign(x)·min(2^b − 1, ⌊|x|/Δ + ½⌋), the quotient in float32.</summary>
    /// <param name="values">Values.</param>
    /// <param name="scale">Δ, &gt; 0.</param>
    /// <param name="bits">b, 2..9.</param>
    /// <param name="codes">One code a value.</param>
    public static void Encode(ReadOnlySpan<float> values, float scale, int bits, Span<short> codes)
    {
        var largest = (1 << bits) - 1;
        Quantizer.ToInt16(values, scale, zeroPoint: 0, -largest, largest, codes, Rounding.HalfAwayFromZero);
    }

    /// <summary>
    /// The data scale with the least squared error over the calibration histogram, each value quantized and cut to its first s terms as at
    /// inference; the smallest of equally good ones. A bin stands for its centre.
    /// </summary>
    /// <param name="statistics">Statistics of the layer's input.</param>
    /// <param name="options">Data bits, data terms, encoding and grid.</param>
    /// <returns>Δ; 1 when all values are 0.</returns>
    public static float DataScale(ILayerStatistics statistics, TermRevealingOptions options)
    {
        double largest = statistics.AbsoluteMaximum;
        var histogram = statistics.AbsoluteHistogram.Span;
        var truncated = TruncatedMagnitudes(options);
        var limit = options.Grid == ScaleGrid.Repo ? RepoLimit : double.PositiveInfinity;
        var (best, least) = (1f, double.PositiveInfinity);
        foreach (var candidate in Candidates(largest, options))
        {
            if (candidate == 0) continue;
            var error = SquaredError(histogram, largest, limit, candidate, truncated);
            if (error < least) (best, least) = (candidate, error);
        }

        return best;
    }

    private const double RepoLimit = 50;

    private static IEnumerable<float> Candidates(double largest, TermRevealingOptions options)
    {
        var top = largest / ((1 << options.DataBits) - 1);
        return options.Grid == ScaleGrid.Product
            ? Enumerable.Range(16, 49).Select(j => (float)(top * (j / 64.0)))
            : Enumerable.Range(0, largest == 0 ? 0 : 2048).Select(j => (float)(1e-8 + (j * (RepoLimit - 1e-8) / 2047)));
    }

    private static int[] TruncatedMagnitudes(TermRevealingOptions options)
    {
        var digits = new SignedDigitTable(options.DataDigits, (1 << options.DataBits) - 1);
        return [.. Enumerable.Range(0, digits.Maximum + 1).Select(m => digits.Leading(m, options.Terms))];
    }

    private static double SquaredError(ReadOnlySpan<long> histogram, double largest, double limit, double scale, ReadOnlySpan<int> truncated)
    {
        double sum = 0;
        for (var bin = 0; bin < histogram.Length; bin++)
        {
            if (histogram[bin] == 0) continue;
            var value = (bin + 0.5) * largest / histogram.Length;
            if (value > limit) break;
            var magnitude = (int)Math.Min(Math.Floor((value / scale) + 0.5), truncated.Length - 1);
            var difference = value - (scale * truncated[magnitude]);
            sum += histogram[bin] * difference * difference;
        }

        return sum;
    }

    // As many bits as the codes that occur need: nominally b, one more when both −2^(b−1) and +2^(b−1) occur.
    internal static long FixedWidthBits(WeightPlane plane)
    {
        var width = Math.Max(1, 32 - int.LeadingZeroCount(plane.Range.Count - 1));
        return ((long)width * plane.Codes.Length) + ScaleBits(plane);
    }

    // One float32 scale a tensor, or one an output channel where they differ.
    internal static long ScaleBits(WeightPlane plane)
        => 32L * (plane.Scales.AsSpan().IndexOfAnyExcept(plane.Scales[0]) < 0 ? 1 : plane.Scales.Length);
}

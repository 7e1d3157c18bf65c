using Subbyte.Kernels;
using Subbyte.Methods.Mlt;
using Subbyte.Methods.MultiLevelBinary;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>A million normal values in words of ternary digits, fitted level by level (TWN's closed forms), or of binary ones (residual signs).</summary>
internal static class LevelsOfNormal
{
    private const int Count = 1_000_000;
    private const ulong Seed = 1;

    private enum Figure
    {
        Scale,
        Error,
        ZeroDigits,
        ZeroWords,
        BinaryError,
    }

    private static readonly Lazy<float[]> Sample = new(() =>
    {
        var random = new SeededRandom(Seed);
        return [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextGaussian())];
    });

    /// <summary>A figure of the sample's words.</summary>
    /// <param name="arguments"><c>levels</c>; <c>of</c>: <c>scale</c> (of the last level), <c>error</c>, <c>zerodigits</c>, <c>zerowords</c>, <c>binaryerror</c>.</param>
    /// <returns>The scale, a mean squared error, or a share of digits or words.</returns>
    public static double Of(DrawnStatistics.Arguments arguments)
    {
        var (levels, figure) = (arguments.Integer("levels"), arguments.Choice("of", Figure.Error));
        return figure == Figure.BinaryError ? BinaryError(levels) : Ternary(levels, figure);
    }

    private static double Ternary(int levels, Figure figure)
    {
        var codebook = TernaryFit.Fit(Sample.Value, [], levels);
        if (figure == Figure.Scale) return codebook.Scales[^1];
        Span<sbyte> trits = stackalloc sbyte[levels];
        double sum = 0;
        foreach (var value in Sample.Value)
        {
            codebook.EncodeGreedily(value, trits);
            var zeros = trits.Count((sbyte)0);
            var error = value - codebook.Value(trits);
            sum += figure switch
            {
                Figure.ZeroDigits => (double)zeros / levels,
                Figure.ZeroWords => zeros == levels ? 1 : 0,
                _ => error * error,
            };
        }

        return sum / Count;
    }

    private static double BinaryError(int levels)
    {
        var (scales, digits) = (new double[levels], new sbyte[levels * Count]);
        new ResidualBasis().Encode(Sample.Value, [], scales, digits);
        double sum = 0;
        for (var i = 0; i < Count; i++)
        {
            double error = Sample.Value[i];
            for (var level = 0; level < levels; level++) error -= scales[level] * digits[(level * Count) + i];
            sum += error * error;
        }

        return sum / Count;
    }
}

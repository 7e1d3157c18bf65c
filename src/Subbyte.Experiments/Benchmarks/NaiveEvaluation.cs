using System.Diagnostics;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>
/// The same layers computed as their definition says, value by value and without vectors: by the method's own datapath where it has one, else as its sum of
/// products with every patch encoded once. Only some positions of each layer are computed; each takes the same work.
/// </summary>
internal static class NaiveEvaluation
{
    private const int Repeats = 3;
    private const double WarmUpMilliseconds = 300;

    // Of each layer so many multiply-accumulates are computed, or one position where a position has more.
    private const long MacsOfLayer = 100_000;

    /// <summary>Times the layers of a network on random codes, half of them zero.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Milliseconds for all positions of one sample, and the share of them that was computed; layers in float are left out of both.</returns>
    public static (double Milliseconds, double Share) Time(ExecutionPlan plan, CancellationToken cancellation)
    {
        double milliseconds = 0, computed = 0, macs = 0;
        var products = plan.DotProducts.Where(product => product.Lowered is { IsWeightsOnly: false }).ToArray();

        // Until the runtime has compiled the methods' loops with everything it knows.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalMilliseconds < WarmUpMilliseconds && products.Length > 0;)
        {
            foreach (var product in products) TimeLayer(product.Lowered!, product.Geometry, 1);
        }

        foreach (var product in products)
        {
            var lowered = product.Lowered!;
            cancellation.ThrowIfCancellationRequested();
            var positions = (int)Math.Clamp(MacsOfLayer * product.Geometry.Positions / Math.Max(1, product.Geometry.Macs), 1, Math.Max(1, product.Geometry.Positions));
            var share = positions / (double)Math.Max(1, product.Geometry.Positions);
            milliseconds += Enumerable.Range(0, Repeats).Min(_ => TimeLayer(lowered, product.Geometry, positions)) / share;
            computed += share * product.Geometry.Macs;
            macs += product.Geometry.Macs;
        }

        return (milliseconds, macs == 0 ? 0 : computed / macs);
    }

    private static double TimeLayer(LoweredLayer lowered, ConvolutionGeometry geometry, int positions)
    {
        var random = new Random(1);
        var range = lowered.Input!.Range;
        var patch = new short[geometry.Depth];
        for (var k = 0; k < patch.Length; k++) patch[k] = (short)(random.Next(2) == 0 ? lowered.Input.ZeroPoint : random.Next(range.Lowest, range.Highest + 1));
        var sums = new long[geometry.OutputsPerGroup];
        var start = Stopwatch.GetTimestamp();
        for (var position = 0; position < positions; position++)
        {
            for (var group = 0; group < geometry.Groups; group++) ComputePatch(lowered, geometry, patch, group, sums);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void ComputePatch(LoweredLayer lowered, ConvolutionGeometry geometry, short[] patch, int group, long[] sums)
    {
        var first = group * sums.Length;
        if (lowered.Datapath is { } datapath)
        {
            for (var m = 0; m < sums.Length; m++) sums[m] = datapath(patch, first + m);
            return;
        }

        var codes = new short[patch.Length];
        foreach (var products in lowered.Groups)
        {
            foreach (var term in products.Terms)
            {
                term.Activation.Encode(patch, geometry.ChannelsPerGroup, codes);
                for (var m = 0; m < sums.Length; m++) sums[m] += term.Coefficient * Dot(codes, products.Whole(term, patch.Length).Weights.AsSpan((first + m) * patch.Length, patch.Length));
            }
        }
    }

    private static long Dot(short[] codes, ReadOnlySpan<short> weights)
    {
        long sum = 0;
        for (var k = 0; k < codes.Length; k++) sum += codes[k] * weights[k];
        return sum;
    }
}

using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>Collects mean and covariance of one layer's patch rows; each sample's sums are merged in sample order.</summary>
internal static class PatchMomentsPass
{
    /// <summary>What the sums of the samples that are collected at the same time may take; one sample of a layer with longer rows is collected all the same.</summary>
    private const long MostBytes = 512L << 20;

    /// <summary>Makes the pass.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="geometry">Its geometry.</param>
    /// <returns>Moments by group.</returns>
    /// <exception cref="UserErrorException">Rows are too long for a matrix of their second moments.</exception>
    public static PatchMoments[] Collect(NetworkStatistics network, LayerStatistics layer, ConvolutionGeometry geometry)
    {
        if (geometry.Depth > SecondMoments.MostDepth) throw new UserErrorException($"a layer with rows of {geometry.Depth} inputs is too large for their second moments, which a step of the recipe asks for; at most {SecondMoments.MostDepth}");
        var bytesOfSample = sizeof(double) * (long)geometry.Depth * geometry.Depth * geometry.Groups;
        var sums = new Sums[geometry.Groups];
        for (var group = 0; group < sums.Length; group++) sums[group] = new Sums(geometry.Depth);
        network.Pass(
            (candidate, _, input) => ReferenceEquals(candidate, layer) ? CollectSample(geometry, MemoryMarshal.Cast<byte, float>(input.Span)) : null,
            (_, sample) =>
            {
                for (var group = 0; sample is not null && group < sums.Length; group++) sums[group].Add(sample[group]);
            },
            blockSamples: (int)Math.Clamp(MostBytes / bytesOfSample, 1, 1024));
        var rows = (double)layer.Samples * geometry.Positions;
        return [.. sums.Select(sum => sum.Moments(rows))];
    }

    private static Sums[] CollectSample(ConvolutionGeometry g, ReadOnlySpan<float> map)
    {
        var patch = new float[g.Depth];
        var sums = new Sums[g.Groups];
        for (var group = 0; group < sums.Length; group++)
        {
            sums[group] = new Sums(g.Depth);
            for (var position = 0; position < g.Positions; position++)
            {
                Im2Col.Pack(map, g, group, position, 1, 0f, patch, g.Depth);
                sums[group].Add(patch);
            }
        }

        return sums;
    }

    private sealed class Sums(int depth)
    {
        private readonly double[] _first = new double[depth];
        private readonly double[] _second = new double[depth * depth];

        public void Add(ReadOnlySpan<float> patch)
        {
            for (var i = 0; i < depth; i++)
            {
                double value = patch[i];
                if (value == 0) continue;
                _first[i] += value;
                // The lower triangle; zeros of a ReLU's output skip whole rows.
                for (var j = 0; j <= i; j++) _second[(i * depth) + j] += value * patch[j];
            }
        }

        public void Add(Sums other)
        {
            for (var i = 0; i < _first.Length; i++) _first[i] += other._first[i];
            for (var i = 0; i < _second.Length; i++) _second[i] += other._second[i];
        }

        public PatchMoments Moments(double rows)
        {
            var mean = _first.Select(sum => sum / rows).ToArray();
            var covariance = new double[depth * depth];
            for (var i = 0; i < depth; i++)
            {
                for (var j = 0; j <= i; j++)
                    covariance[(i * depth) + j] = covariance[(j * depth) + i] = (_second[(i * depth) + j] / rows) - (mean[i] * mean[j]);
            }

            return new PatchMoments(mean, covariance);
        }
    }
}

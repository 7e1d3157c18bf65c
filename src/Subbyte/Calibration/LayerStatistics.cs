using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>Statistics of one layer's input; each pass over the data is made when its result is first asked for.</summary>
internal sealed class LayerStatistics(NetworkStatistics network, ConvolutionGeometry geometry, int samples) : ILayerStatistics
{
    private const int HistogramBins = 2048;

    private readonly Lock _lock = new();
    private (float Minimum, float Maximum, double SampleMaxima)? _range;
    private long[]? _histogram;
    private PatchMoments[]? _moments;

    public int Samples => samples;

    public float Minimum => Range.Minimum;

    public float Maximum => Range.Maximum;

    public double MeanSampleMaximum => Range.SampleMaxima / samples;

    public ReadOnlyMemory<long> AbsoluteHistogram
    {
        get
        {
            if (_histogram is null) CollectHistograms();
            return _histogram;
        }
    }

    private (float Minimum, float Maximum, double SampleMaxima) Range
    {
        get
        {
            if (_range is null) network.Pass(CollectRange, (layer, sample) => layer.Merge(sample));
            return _range!.Value;
        }
    }

    public PatchMoments Moments(int group)
    {
        lock (_lock) _moments ??= PatchMomentsPass.Collect(network, this, geometry);
        return _moments[group];
    }

    private static (float Minimum, float Maximum) CollectRange(LayerStatistics layer, ReadOnlyMemory<byte> input)
    {
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in MemoryMarshal.Cast<byte, float>(input.Span))
        {
            if (value < minimum) minimum = value;
            if (value > maximum) maximum = value;
        }

        return (minimum, maximum);
    }

    private static long[] CountBins(LayerStatistics layer, ReadOnlyMemory<byte> input)
    {
        var bins = new long[HistogramBins];
        var width = (double)((ILayerStatistics)layer).AbsoluteMaximum / HistogramBins;
        foreach (var value in MemoryMarshal.Cast<byte, float>(input.Span))
        {
            var bin = width == 0 ? 0 : (int)Math.Min(HistogramBins - 1, Math.Abs((double)value) / width);
            bins[bin]++;
        }

        return bins;
    }

    private void CollectHistograms()
    {
        _ = Range;
        network.Pass(CountBins, (layer, bins) =>
        {
            layer._histogram ??= new long[HistogramBins];
            for (var i = 0; i < HistogramBins; i++) layer._histogram[i] += bins[i];
        });
    }

    private void Merge((float Minimum, float Maximum) sample)
    {
        var (minimum, maximum, sum) = _range ?? (sample.Minimum, sample.Maximum, 0);
        _range = (Math.Min(minimum, sample.Minimum), Math.Max(maximum, sample.Maximum), sum + sample.Maximum);
    }
}

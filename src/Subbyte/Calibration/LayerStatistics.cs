using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>Statistics of one layer's input; each pass over the data is made when its result is first asked for.</summary>
internal sealed class LayerStatistics(NetworkStatistics network, string name, ConvolutionGeometry geometry, int samples) : ILayerStatistics
{
    private const int HistogramBins = 2048;
    private const int ActivitySamples = 512;
    private const int FirstWideCode = 16;

    private readonly Lock _lock = new();
    private (float Minimum, float Maximum, double SampleMaxima)? _range;
    private long[]? _histogram;
    private PatchMoments[]? _moments;
    private ChannelActivity[]? _activity;

    /// <summary>Name of the layer.</summary>
    public string Name => name;

    /// <summary>Sizes of the layer.</summary>
    public ConvolutionGeometry Geometry => geometry;

    public int Samples => samples;

    public int Threads => network.Threads;

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

    public IReadOnlyList<ChannelActivity> ChannelActivity
    {
        get
        {
            if (_activity is null) CollectActivity();
            return _activity!;
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

    private int Channels => geometry.InChannels;

    public PatchMoments Moments(int group)
    {
        lock (_lock) _moments ??= PatchMomentsPass.Collect(network, this, geometry);
        return _moments[group];
    }

    public PatchRows Patches(int group, int most = PatchRows.DefaultCount) => network.Patches(this, most)[group];

    private static (float Minimum, float Maximum) CollectRange(LayerStatistics layer, int sample, ReadOnlyMemory<byte> input)
    {
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        var values = MemoryMarshal.Cast<byte, float>(input.Span);
        if (!TensorPrimitives.IsFiniteAll(values)) throw new UserErrorException($"layer '{layer.Name}': on calibration sample {sample} its inputs are infinite or undefined; the network diverges there: check the data and their preprocessing");
        foreach (var value in values)
        {
            if (value < minimum) minimum = value;
            if (value > maximum) maximum = value;
        }

        return (minimum, maximum);
    }

    private static long[] CountBins(LayerStatistics layer, int sample, ReadOnlyMemory<byte> input)
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

    private static ChannelActivity[] CountActivity(LayerStatistics layer, int sample, ReadOnlyMemory<byte> input)
    {
        var values = MemoryMarshal.Cast<byte, float>(input.Span);
        var codes = new byte[values.Length];
        var step = (float)layer.MeanSampleMaximum / byte.MaxValue;
        Quantizer.ToUInt8(values, step > 0 ? step : 1, 0, 0, byte.MaxValue, codes, Rounding.HalfEven);
        var channels = new ChannelActivity[layer.Channels];
        for (var i = 0; i < codes.Length; i++)
        {
            ref var channel = ref channels[i % channels.Length];
            channel = new ChannelActivity(channel.NonZero + (codes[i] == 0 ? 0 : 1), channel.Wide + (codes[i] < FirstWideCode ? 0 : 1));
        }

        return channels;
    }

    private void CollectActivity()
    {
        _ = Range;
        network.Pass(
            CountActivity,
            (layer, sample) =>
            {
                layer._activity ??= new ChannelActivity[sample.Length];
                for (var c = 0; c < sample.Length; c++)
                    layer._activity[c] = new ChannelActivity(layer._activity[c].NonZero + sample[c].NonZero, layer._activity[c].Wide + sample[c].Wide);
            },
            ActivitySamples);
    }

    private void Merge((float Minimum, float Maximum) sample)
    {
        var (minimum, maximum, sum) = _range ?? (sample.Minimum, sample.Maximum, 0);
        _range = (Math.Min(minimum, sample.Minimum), Math.Max(maximum, sample.Maximum), sum + sample.Maximum);
    }
}

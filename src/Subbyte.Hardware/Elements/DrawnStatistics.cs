using Subbyte.Lowering;

namespace Subbyte.Hardware.Elements;

/// <summary>What is known of drawn activations: half zero, half of a Gaussian up to <see cref="Largest"/>.</summary>
/// <param name="channels">Input channels.</param>
internal sealed class DrawnStatistics(int channels) : ILayerStatistics
{
    /// <summary>The largest value, in standard deviations.</summary>
    public const float Largest = 3;

    private const int Bins = 2048;
    private const double Drawn = 1 << 20;

    public int Samples => 1;

    public float Minimum => 0;

    public float Maximum => Largest;

    public double MeanSampleMaximum => Largest;

    public ReadOnlyMemory<long> AbsoluteHistogram { get; } = Histogram();

    public IReadOnlyList<ChannelActivity> ChannelActivity => [.. Enumerable.Repeat(new ChannelActivity(1, 1), channels)];

    public PatchMoments Moments(int group) => throw Missing();

    public PatchRows Patches(int group, int most = PatchRows.DefaultCount) => throw Missing();

    private static long[] Histogram()
    {
        var bins = new long[Bins];
        const double Width = (double)Largest / Bins;
        for (var i = 0; i < Bins; i++)
        {
            var value = (i + 0.5) * Width;
            bins[i] = (long)(Drawn * Width * Math.Exp(-value * value / 2));
        }

        bins[0] += (long)Drawn;
        return bins;
    }

    private static UserErrorException Missing() => new("this recipe looks at real activations; give --data, and --calibrate");
}

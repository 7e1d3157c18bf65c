namespace Subbyte.Calibration;

/// <summary>
/// Counts of |x| in equal bins over [0, max|x|]: the bin of v is min(bins − 1, ⌊v / width⌋) (uniform baselines, sections 3.3 and 3.4).
/// The maximum is known before the first count, so batches and their order cannot change a histogram.
/// </summary>
public sealed class AbsoluteHistogram
{
    /// <summary>Number of bins that calibration uses.</summary>
    public const int StandardBins = 2048;

    /// <summary>A histogram that was counted elsewhere.</summary>
    /// <param name="counts">Counts, at least one bin.</param>
    /// <param name="maximum">max|x| ≥ 0, the right edge of the last bin.</param>
    public AbsoluteHistogram(ReadOnlyMemory<long> counts, double maximum)
    {
        ArgumentOutOfRangeException.ThrowIfZero(counts.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(maximum);
        Counts = counts;
        Maximum = maximum;
    }

    /// <summary>Count of each bin.</summary>
    public ReadOnlyMemory<long> Counts { get; }

    /// <summary>max|x|.</summary>
    public double Maximum { get; }

    /// <summary>Width of a bin; 0 when every value is 0.</summary>
    public double Width => Maximum / Counts.Length;

    /// <summary>Counts values.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="bins">Number of bins.</param>
    /// <returns>The histogram of their magnitudes.</returns>
    public static AbsoluteHistogram Of(ReadOnlySpan<float> values, int bins = StandardBins)
    {
        var counts = new long[bins];
        var histogram = new AbsoluteHistogram(counts, MinMaxClip.Of(values));
        foreach (var value in values) counts[histogram.Bin(value)]++;
        return histogram;
    }

    /// <summary>The bin of a value.</summary>
    /// <param name="value">A value, |value| ≤ <see cref="Maximum"/>.</param>
    /// <returns>Its bin.</returns>
    public int Bin(float value) => Maximum == 0 ? 0 : Math.Min(Counts.Length - 1, (int)(Math.Abs((double)value) / Width));

    /// <summary>The centre of a bin, which stands for its values.</summary>
    /// <param name="bin">The bin.</param>
    /// <returns>(bin + ½) · width.</returns>
    public double Centre(int bin) => (bin + 0.5) * Width;
}

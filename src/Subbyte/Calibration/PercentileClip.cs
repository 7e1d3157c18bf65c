namespace Subbyte.Calibration;

/// <summary>Range selection by a percentile of |x| (uniform baselines, section 3.3.2).</summary>
public static class PercentileClip
{
    /// <summary>The percentile of stored values: sorted magnitudes, linear between the two neighbours of position percent/100·(n − 1).</summary>
    /// <param name="values">Finite values, at least one.</param>
    /// <param name="percent">0 … 100.</param>
    /// <returns>The clip.</returns>
    public static double Of(ReadOnlySpan<float> values, double percent)
    {
        Check(percent);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var magnitudes = new double[values.Length];
        for (var i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs(values[i]);
        Array.Sort(magnitudes);
        var position = percent / 100 * (magnitudes.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, magnitudes.Length - 1);
        return magnitudes[below] + ((position - below) * (magnitudes[above] - magnitudes[below]));
    }

    /// <summary>The percentile of a histogram: the left edge of the first bin whose cumulative fraction reaches it.</summary>
    /// <param name="histogram">Counts of |x|.</param>
    /// <param name="percent">0 … 100.</param>
    /// <returns>The clip.</returns>
    public static double Of(AbsoluteHistogram histogram, double percent)
    {
        Check(percent);
        var counts = histogram.Counts.Span;
        long total = 0;
        foreach (var count in counts) total += count;
        long cumulative = 0;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            cumulative += counts[bin];
            if ((double)cumulative / total >= percent / 100) return bin * histogram.Width;
        }

        return histogram.Maximum;
    }

    private static void Check(double percent)
    {
        if (!(percent >= 0 && percent <= 100)) throw new ArgumentOutOfRangeException(nameof(percent), percent, "a percentile lies in 0..100");
    }
}

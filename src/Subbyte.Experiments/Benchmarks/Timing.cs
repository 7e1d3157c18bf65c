namespace Subbyte.Experiments;

/// <summary>How long one run takes. On a shared machine the minimum is the figure that can be compared; the median says how disturbed the measurement was.</summary>
/// <param name="MinimumMilliseconds">The shortest run.</param>
/// <param name="MedianMilliseconds">The median run.</param>
/// <param name="Repeats">Number of runs.</param>
public sealed record Timing(double MinimumMilliseconds, double MedianMilliseconds, int Repeats)
{
    /// <summary>What nine of ten runs do not exceed.</summary>
    public required double Percentile90Milliseconds { get; init; }

    /// <summary>What 99 of 100 runs do not exceed.</summary>
    public required double Percentile99Milliseconds { get; init; }

    /// <summary>Sums up runs.</summary>
    /// <param name="milliseconds">Duration of each run; at least one.</param>
    /// <returns>Minimum, median and percentiles.</returns>
    public static Timing Of(IReadOnlyCollection<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new Timing(sorted[0], sorted[sorted.Length / 2], sorted.Length) { Percentile90Milliseconds = Percentile(sorted, 90), Percentile99Milliseconds = Percentile(sorted, 99) };
    }

    /// <summary>Billions of operations a second in the shortest run.</summary>
    /// <param name="operations">Operations of one run.</param>
    /// <returns>The rate.</returns>
    public double Giga(double operations) => operations / MinimumMilliseconds / 1e6;

    private static double Percentile(double[] sorted, int percent) => sorted[(int)Math.Ceiling(percent * sorted.Length / 100.0) - 1];
}

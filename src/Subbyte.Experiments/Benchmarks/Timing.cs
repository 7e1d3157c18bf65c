namespace Subbyte.Experiments;

/// <summary>How long one run takes. On a shared machine the minimum is the figure that can be compared; the median says how disturbed the measurement was.</summary>
/// <param name="MinimumMilliseconds">The shortest run.</param>
/// <param name="MedianMilliseconds">The median run.</param>
/// <param name="Repeats">Number of runs.</param>
public sealed record Timing(double MinimumMilliseconds, double MedianMilliseconds, int Repeats)
{
    /// <summary>Sums up runs.</summary>
    /// <param name="milliseconds">Duration of each run; at least one.</param>
    /// <returns>Minimum and median.</returns>
    public static Timing Of(IReadOnlyCollection<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new Timing(sorted[0], sorted[sorted.Length / 2], sorted.Length);
    }

    /// <summary>Billions of operations a second in the shortest run.</summary>
    /// <param name="operations">Operations of one run.</param>
    /// <returns>The rate.</returns>
    public double Giga(double operations) => operations / MinimumMilliseconds / 1e6;
}

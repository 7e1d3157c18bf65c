namespace Subbyte.Experiments.Reports;

/// <summary>One axis of a plot: a range and where its ticks are.</summary>
/// <param name="Low">Value at the beginning.</param>
/// <param name="High">Value at the end, greater than <paramref name="Low"/>.</param>
/// <param name="IsLogarithmic">Whether equal distances are equal ratios.</param>
internal sealed record PlotAxis(double Low, double High, bool IsLogarithmic)
{
    private static readonly double[][] LogarithmicSteps = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9]];
    private static readonly double[] LinearSteps = [1, 2, 5, 10];

    /// <summary>A logarithmic axis with some room on both sides.</summary>
    /// <param name="values">Positive values, at least one.</param>
    /// <returns>The axis.</returns>
    public static PlotAxis Logarithmic(IReadOnlyCollection<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        var room = Math.Max(Math.Pow(high / low, 0.06), high / low < 1.5 ? 1.3 : 1.06);
        return new PlotAxis(low / room, high * room, true);
    }

    /// <summary>A linear axis for fractions with some room on both sides, within 0 and 1.</summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Largest value.</param>
    /// <returns>The axis.</returns>
    public static PlotAxis Fraction(double low, double high)
    {
        var room = Math.Max(0.05 * (high - low), 0.002);
        return new PlotAxis(Math.Max(0, low - room), Math.Min(1, high + room), false);
    }

    /// <summary>Where a value lies on the axis.</summary>
    /// <param name="value">The value.</param>
    /// <returns>0 at the beginning, 1 at the end; values outside are moved to the nearer end.</returns>
    public double Position(double value)
    {
        var position = IsLogarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
        return Math.Clamp(position, 0, 1);
    }

    /// <summary>Round values to write at the axis.</summary>
    /// <param name="unit">What one unit of the labels is worth: the values are round in it.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>Values within the range, ascending.</returns>
    public IReadOnlyList<double> Ticks(double unit, int most) => IsLogarithmic ? LogarithmicTicks(unit, most) : LinearTicks(most);

    private List<double> LinearTicks(int most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((High - Low) / most)));
        var step = power * LinearSteps.First(multiple => (High - Low) / (multiple * power) <= most);
        var first = (long)Math.Ceiling((Low / step) - 1e-9);
        var last = (long)Math.Floor((High / step) + 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last; i++) ticks.Add(i * step);
        return ticks;
    }

    // The densest row of round values that still fits.
    private List<double> LogarithmicTicks(double unit, int most)
    {
        var ticks = new List<double>();
        foreach (var steps in LogarithmicSteps)
        {
            var candidates = new List<double>();
            for (var exponent = (int)Math.Floor(Math.Log10(Low / unit)); exponent <= Math.Log10(High / unit); exponent++)
                candidates.AddRange(steps.Select(step => unit * step * Math.Pow(10, exponent)).Where(value => value >= Low && value <= High));
            if (candidates.Count > most && ticks.Count > 1) break;
            ticks = candidates;
        }

        var stride = (ticks.Count + most - 1) / Math.Max(1, most);
        return [.. ticks.Where((_, i) => i % Math.Max(1, stride) == 0)];
    }
}

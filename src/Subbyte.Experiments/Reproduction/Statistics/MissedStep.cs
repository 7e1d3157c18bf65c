using MathNet.Numerics;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>
/// Mean squared error of a clipped uniform quantizer with levels kΔ, |k| ≤ 2^(b−1), whose step is the best one times a ratio, on a uniform or a normal distribution of
/// variance 1: closed integrals over the levels' intervals, both tails included.
/// </summary>
internal static class MissedStep
{
    private const double HalfWidth = 1.7320508075688772;

    private enum Shape
    {
        Uniform,
        Normal,
    }

    /// <summary>The error at a ratio, or the best step.</summary>
    /// <param name="arguments"><c>bits</c>, <c>of</c> (<c>uniform</c>, <c>normal</c>), <c>ratio</c>; without a ratio the best step.</param>
    /// <returns>The error, or the step.</returns>
    public static double Of(DrawnStatistics.Arguments arguments)
    {
        var (shape, levels) = (arguments.Choice("of", Shape.Normal), 1 << (arguments.Integer("bits") - 1));
        var best = FindMinimum.OfScalarFunctionConstrained(step => Error(shape, step, levels), HalfWidth / levels / 2, 4.0 / levels, 1e-12);
        return arguments.Number("ratio", 0) is > 0 and var ratio ? Error(shape, ratio * best, levels) : best;
    }

    private static double Error(Shape shape, double step, int levels)
    {
        double sum = 0;
        for (var k = -levels; k <= levels; k++)
        {
            var low = k == -levels ? double.NegativeInfinity : (k - 0.5) * step;
            var high = k == levels ? double.PositiveInfinity : (k + 0.5) * step;
            sum += shape == Shape.Uniform ? UniformError(low, high, k * step) : NormalError(low, high, k * step);
        }

        return sum;
    }

    /// <summary>∫ (x − level)² dx/2a over the part of the interval inside [−a, a].</summary>
    private static double UniformError(double low, double high, double level)
    {
        (low, high) = (Math.Max(low, -HalfWidth), Math.Min(high, HalfWidth));
        return high <= low ? 0 : (Math.Pow(high - level, 3) - Math.Pow(low - level, 3)) / (6 * HalfWidth);
    }

    /// <summary>∫ (x − level)² φ(x) dx = (1 + level²)·[Φ] − [x·φ] + 2·level·[φ].</summary>
    private static double NormalError(double low, double high, double level)
        => ((1 + (level * level)) * (Probability(high) - Probability(low))) - (Moment(high) - Moment(low)) + (2 * level * (Density(high) - Density(low)));

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Moment(double x) => double.IsInfinity(x) ? 0 : x * Density(x);

    private static double Probability(double x) => double.IsInfinity(x) ? x > 0 ? 1 : 0 : 0.5 * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2)));
}

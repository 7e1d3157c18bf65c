using Subbyte.Lowering;
using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>How the float weights of a layer are distributed: a histogram over ± their largest magnitude, with zero in the middle of a bin.</summary>
internal sealed class WeightHistogram
{
    /// <summary>Bins, an odd number.</summary>
    public const int Bins = 61;

    private const double Height = 40;

    private WeightHistogram(long[] counts, double largest, double deviation, double zeros, double kurtosis)
        => (Counts, Largest, Deviation, Zeros, Kurtosis) = (counts, largest, deviation, zeros, kurtosis);

    /// <summary>Weights in each bin, ascending.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>Largest magnitude.</summary>
    public double Largest { get; }

    /// <summary>Standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>Fraction of the weights that are zero.</summary>
    public double Zeros { get; }

    /// <summary>Fourth central moment over the squared variance: 3 for a normal distribution, 1.8 for a uniform one.</summary>
    public double Kurtosis { get; }

    /// <summary>Counts the weights of a layer.</summary>
    /// <param name="layer">The layer; weights that are not finite are left out.</param>
    /// <returns>The histogram.</returns>
    public static WeightHistogram Of(DotProductLayer layer)
    {
        double sum = 0, largest = 0;
        long count = 0, zeros = 0;
        foreach (var weight in layer.Weights.Span)
        {
            if (!float.IsFinite(weight)) continue;
            sum += weight;
            count++;
            zeros += weight == 0 ? 1 : 0;
            largest = Math.Max(largest, Math.Abs((double)weight));
        }

        var mean = count == 0 ? 0 : sum / count;
        double second = 0, fourth = 0;
        var counts = new long[Bins];
        foreach (var weight in layer.Weights.Span)
        {
            if (!float.IsFinite(weight)) continue;
            var square = (weight - mean) * (weight - mean);
            second += square;
            fourth += square * square;
            counts[largest == 0 ? Bins / 2 : Math.Clamp((int)Math.Floor(((weight / largest) + 1) / 2 * Bins), 0, Bins - 1)]++;
        }

        var variance = count == 0 ? 0 : second / count;
        return new WeightHistogram(counts, largest, Math.Sqrt(variance), count == 0 ? 0 : zeros / (double)count, variance == 0 ? 0 : fourth / count / (variance * variance));
    }

    /// <summary>Draws the histogram; the tallest bin fills the height.</summary>
    /// <param name="html">Where to write.</param>
    public void Write(MarkupWriter html)
    {
        using var svg = html.In("svg", ("class", "histogram"), ("viewBox", Invariant($"0 0 {Bins} {Height + 1}")), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
        var tallest = Math.Max(1, Counts.Max());
        var outline = Invariant($"M0 {Height}");
        foreach (var count in Counts) outline += Invariant($"V{Height - (count * Height / tallest):0.#}h1");
        html.Empty("path", ("d", outline + Invariant($"V{Height}Z")));
        html.Empty("line", ("x1", "0"), ("x2", Invariant($"{Bins}")), ("y1", Invariant($"{Height}")), ("y2", Invariant($"{Height}")));
    }
}

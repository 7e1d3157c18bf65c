using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>How weights are distributed: a histogram over ± their largest magnitude, with zero in the middle of a bin.</summary>
internal static class WeightHistogram
{
    /// <summary>Bins, an odd number.</summary>
    public const int Bins = 61;

    private const double Height = 40;

    /// <summary>Counts weights.</summary>
    /// <param name="weights">Finite weights.</param>
    /// <param name="largest">Their largest magnitude.</param>
    /// <returns>Weights in each bin, ascending.</returns>
    public static IReadOnlyList<long> Count(ReadOnlySpan<float> weights, double largest)
    {
        var counts = new long[Bins];
        foreach (var weight in weights)
            counts[largest == 0 ? Bins / 2 : Math.Clamp((int)Math.Floor(((weight / largest) + 1) / 2 * Bins), 0, Bins - 1)]++;
        return counts;
    }

    /// <summary>Draws a histogram; the fullest bin fills the height.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="counts">Weights in each bin.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<long> counts)
    {
        using var svg = html.In("svg", ("class", "histogram"), ("viewBox", Invariant($"0 0 {counts.Count} {Height + 1}")), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
        var fullest = Math.Max(1, counts.Max());
        var outline = Invariant($"M0 {Height}");
        foreach (var count in counts) outline += Invariant($"V{Height - (count * Height / fullest):0.#}h1");
        html.Empty("path", ("d", outline + Invariant($"V{Height}Z")));
        html.Empty("line", ("x1", "0"), ("x2", Invariant($"{counts.Count}")), ("y1", Invariant($"{Height}")), ("y2", Invariant($"{Height}")));
    }
}

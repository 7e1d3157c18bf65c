using static System.FormattableString;

namespace Subbyte.Experiments.Reports.Figures;

/// <summary>A row a figure: the wanted range as a band, the paper's figure as a line in it, what came out as a dot.</summary>
internal static class FigurePlot
{
    private const int Width = 330;
    private const int Left = 34;
    private const int Right = 14;
    private const int RowHeight = 17;
    private const int Foot = 24;
    private const double WideRatio = 50;

    /// <summary>Writes a plot.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="measure">What is measured.</param>
    /// <param name="entries">Figures that came out, at least one.</param>
    public static void Write(MarkupWriter html, string measure, IReadOnlyList<FigureEntry> entries)
    {
        var axis = Axis([.. entries.SelectMany(Values)]);
        var height = (entries.Count * RowHeight) + Foot;
        using var figure = html.In("figure");
        using (html.In("svg", ("class", "dumbbell"), ("viewBox", Invariant($"0 0 {Width} {height}")), ("role", "img"), ("aria-label", $"{measure}: wanted and here")))
        {
            WriteAxis(html, axis, height);
            for (var i = 0; i < entries.Count; i++) WriteRow(html, axis, entries[i], (i * RowHeight) + (RowHeight / 2.0) + 1);
        }

        html.Leaf("figcaption", measure);
    }

    private static IEnumerable<double> Values(FigureEntry entry) => new[] { entry.Figure.Here!.Value, entry.Wanted.Low, entry.Wanted.High }.Where(double.IsFinite);

    private static PlotAxis Axis(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        if (low > 0 && high / low > WideRatio) return PlotAxis.Logarithmic(values);
        var room = Math.Max(0.06 * (high - low), 0.01 * Math.Max(Math.Abs(high), 1e-6));
        return new PlotAxis(low - room, high + room, false);
    }

    private static void WriteAxis(MarkupWriter html, PlotAxis axis, int height)
    {
        var bottom = height - Foot + 2;
        foreach (var tick in axis.Ticks(1, 4))
        {
            var x = X(axis, tick);
            html.Empty("line", ("class", "grid"), ("x1", Number(x)), ("x2", Number(x)), ("y1", "0"), ("y2", Number(bottom)));
            html.Leaf("text", Quantity.Plain(tick), ("x", Number(x)), ("y", Number(bottom + 14)), ("text-anchor", x > Width - 40 ? "end" : "middle"));
        }
    }

    private static void WriteRow(MarkupWriter html, PlotAxis axis, FigureEntry entry, double y)
    {
        var (low, high) = (X(axis, Math.Max(entry.Wanted.Low, axis.Low)), X(axis, Math.Min(entry.Wanted.High, axis.High)));
        using var group = html.In("g", ("class", entry.Colour));
        html.Leaf("title", Invariant($"{entry.Figure.Name}: wanted {entry.Figure.Wanted}, here {Quantity.Plain(entry.Figure.Here!.Value)}"));
        html.Leaf("text", Quantity.Whole(entry.Number), ("x", Number(Left - 10)), ("y", Number(y + 4)), ("text-anchor", "end"));
        html.Empty("rect", ("class", "band"), ("x", Number(low)), ("y", Number(y - 5)), ("width", Number(Math.Max(1.5, high - low))), ("height", "10"));
        if (entry.Figure is { IsBound: false, Paper: { } paper }) html.Empty("line", ("class", "paper"), ("x1", Number(X(axis, paper))), ("x2", Number(X(axis, paper))), ("y1", Number(y - 7)), ("y2", Number(y + 7)));
        html.Empty("circle", ("class", "here"), ("cx", Number(X(axis, entry.Figure.Here!.Value))), ("cy", Number(y)), ("r", "4"));
    }

    private static double X(PlotAxis axis, double value) => Left + (axis.Position(value) * (Width - Left - Right));

    private static string Number(double value) => Invariant($"{value:0.##}");
}

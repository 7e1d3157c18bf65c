using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>A number that moves over a training.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Points">Epoch and value, epochs ascending.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double Epoch, double Value)> Points);

/// <summary>Curves over epochs as inline SVG, with a legend.</summary>
internal static class CurveChart
{
    private const double Width = 460;
    private const double Height = 260;
    private const double Left = 66;
    private const double Top = 12;
    private const double Right = Width - 14;
    private const double Bottom = Height - 40;

    /// <summary>Draws curves; those without points are left out.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="title">What they show.</param>
    /// <param name="curves">The curves.</param>
    /// <param name="label">Writes a value at the axis.</param>
    public static void Write(MarkupWriter html, string title, IReadOnlyList<Curve> curves, Func<double, string> label)
    {
        Curve[] shown = [.. curves.Select(curve => curve with { Points = [.. curve.Points.Where(point => double.IsFinite(point.Value))] }).Where(curve => curve.Points.Count > 0)];
        if (shown.Length == 0) return;
        var values = Axis(shown.SelectMany(curve => curve.Points.Select(point => point.Value)).ToArray());
        var lastEpoch = shown.Max(curve => curve.Points[^1].Epoch);
        var epochs = new PlotAxis(0, Math.Max(1, lastEpoch), false);
        using var figure = html.In("figure");
        html.Leaf("h3", title);
        using (html.In("svg", ("class", "scatter"), ("viewBox", Invariant($"0 0 {Width} {Height}")), ("font-size", "12"), ("role", "img"), ("aria-label", Description(title, shown, label))))
        {
            WriteAxes(html, epochs, values, label);
            for (var i = 0; i < shown.Length; i++) WriteCurve(html, shown[i], $"c{i}", epochs, values);
        }

        using var legend = html.In("p", ("class", "legend"));
        for (var i = 0; i < shown.Length; i++)
        {
            using var entry = html.In("span", ("class", $"c{i}"));
            html.Leaf("i", "");
            html.Text($"{shown[i].Name}: {label(shown[i].Points[^1].Value)} at the end");
        }
    }

    private static PlotAxis Axis(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        var room = high > low ? 0.06 * (high - low) : Math.Max(1e-6, Math.Abs(high) * 0.1);
        return new PlotAxis(low >= 0 ? Math.Max(0, low - room) : low - room, high + room, false);
    }

    private static string Description(string title, Curve[] curves, Func<double, string> label)
        => $"{title} over epochs: {string.Join("; ", curves.Select(curve => $"{curve.Name} from {label(curve.Points[0].Value)} to {label(curve.Points[^1].Value)}"))}.";

    private static void WriteAxes(MarkupWriter html, PlotAxis epochs, PlotAxis values, Func<double, string> label)
    {
        foreach (var tick in values.Ticks(1, 6))
        {
            var y = Bottom - (values.Position(tick) * (Bottom - Top));
            html.Empty("line", ("class", "grid"), ("x1", Number(Left)), ("x2", Number(Right)), ("y1", Number(y)), ("y2", Number(y)));
            html.Leaf("text", label(tick), ("x", Number(Left - 6)), ("y", Number(y + 4)), ("text-anchor", "end"));
        }

        foreach (var tick in epochs.Ticks(1, 8).Where(tick => tick == Math.Floor(tick)))
            html.Leaf("text", Invariant($"{tick:0}"), ("x", Number(X(epochs, tick))), ("y", Number(Bottom + 16)), ("text-anchor", "middle"));
        html.Empty("line", ("class", "axis"), ("x1", Number(Left)), ("x2", Number(Right)), ("y1", Number(Bottom)), ("y2", Number(Bottom)));
        html.Leaf("text", "epoch", ("class", "axis-title"), ("x", Number((Left + Right) / 2)), ("y", Number(Height - 6)), ("text-anchor", "middle"));
    }

    private static void WriteCurve(MarkupWriter html, Curve curve, string colour, PlotAxis epochs, PlotAxis values)
    {
        using var group = html.In("g", ("class", colour));
        var points = curve.Points.Select(point => (X: X(epochs, point.Epoch), Y: Bottom - (values.Position(point.Value) * (Bottom - Top)))).ToArray();
        html.Empty("polyline", ("class", "curve"), ("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))));
        foreach (var (x, y) in points.Length > 40 ? points[^1..] : points) html.Empty("circle", ("class", "dot"), ("cx", Number(x)), ("cy", Number(y)), ("r", "2.4"));
    }

    private static double X(PlotAxis epochs, double epoch) => Left + (epochs.Position(epoch) * (Right - Left));

    private static string Number(double value) => Invariant($"{value:0.##}");
}

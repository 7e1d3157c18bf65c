using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>
/// The metric of every recipe against one cost as inline SVG: points with 95 % intervals, labels that do not collide, the Pareto front as a
/// step line. The cost axis is logarithmic. Results far below the rest would squeeze it into a line: they are drawn at the lower edge with
/// their value beside them. fp32 is drawn at the right edge with its cost where the axis would otherwise end far from all others.
/// </summary>
/// <param name="entries">The recipes.</param>
/// <param name="measure">The cost.</param>
/// <param name="layout">Size and kind of labels.</param>
internal sealed class ScatterPlot(IReadOnlyList<RecipeEntry> entries, CostMeasure measure, ScatterLayout layout)
{
    private const double Radius = 4.5;
    private const double Left = 54;
    private const double Top = 14;

    private readonly IReadOnlyList<Point> _points = [.. entries
        .Where(entry => measure.Positive(entry.Result) is not null && double.IsFinite(entry.Result.Value))
        .Select(entry => new Point(entry, measure.Positive(entry.Result)!.Value))];

    private double Right => layout.Width - 14;

    private double Bottom => layout.Height - 48;

    /// <summary>Writes the plot, or nothing where no result has this cost.</summary>
    /// <param name="html">Where to write.</param>
    public void Write(MarkupWriter html)
    {
        if (_points.Count == 0) return;
        var costs = CostAxis();
        var values = ValueAxis();
        var front = ParetoFront.Of([.. _points.Select(point => (point.Cost, point.Value))]);
        double X(Point point) => Left + (costs.Position(point.Cost) * (Right - Left));
        double Y(double value) => Bottom - (values.Position(value) * (Bottom - Top));

        using (html.In("svg", ("class", "scatter " + layout.StyleClass), ("viewBox", Invariant($"0 0 {layout.Width:0} {layout.Height:0}")), ("font-size", Number(layout.FontSize)), ("role", "img"), ("aria-label", Description(front))))
        {
            WriteAxes(html, costs, values);
            var labels = new LabelPlacer(new Box(Left + 2, 2, layout.Width - 2, Bottom - 2), layout.FontSize + 2.5);
            WriteFront(html, labels, [.. front.Select(i => (X(_points[i]), Y(_points[i].Value)))]);
            WriteBaseline(html, labels, Y);
            foreach (var point in _points.Where(point => EdgeOf(point, costs, values) == Edge.None)) WriteInterval(html, labels, point, X(point), Y);
            foreach (var point in _points) WritePoint(html, labels, point, X(point), Y(point.Value), EdgeOf(point, costs, values));
            using (html.In("g", ("class", "labels")))
            {
                // The front first: its points have the choice of places.
                foreach (var i in front.Concat(Enumerable.Range(0, _points.Count)).Distinct())
                    WriteLabel(html, labels, _points[i], X(_points[i]), Y(_points[i].Value), EdgeOf(_points[i], costs, values), front.Contains(i));
            }
        }
    }

    private static Edge EdgeOf(Point point, PlotAxis costs, PlotAxis values)
        => point.Value < values.Low ? Edge.Lower : point.Cost > costs.High ? Edge.Right : Edge.None;

    private PlotAxis CostAxis()
    {
        var others = _points.Where(point => !point.Entry.IsBaseline).Select(point => point.Cost).ToArray();
        var isFarOff = others.Length > 0 && _points.Any(point => point.Entry.IsBaseline && point.Cost > 3 * others.Max());
        return PlotAxis.Logarithmic(isFarOff ? others : [.. _points.Select(point => point.Cost)]);
    }

    // The best results fill the axis; what lies further below the best than six times the median does is put at the lower edge.
    private PlotAxis ValueAxis()
    {
        var sorted = _points.Select(point => point.Value).Order().ToArray();
        var best = sorted[^1];
        var cut = best - Math.Max(6 * (best - sorted[sorted.Length / 2]), 0.03);
        var shown = _points.Where(point => point.Value >= cut).ToArray();
        return PlotAxis.Fraction(shown.Min(point => point.Low), shown.Max(point => point.High));
    }

    private string Description(IReadOnlyList<int> front)
        => $"{measure.Name} against accuracy for {Quantity.Whole(_points.Count)} recipes. On the Pareto front: {string.Join("; ", front.Select(i => _points[i].Entry.Result.Recipe))}.";

    private void WriteAxes(MarkupWriter html, PlotAxis costs, PlotAxis values)
    {
        var (unit, symbol) = measure.Quantity.UnitFor(Math.Sqrt(costs.Low * costs.High));
        using var group = html.In("g", ("class", "axes"));
        foreach (var tick in values.Ticks(1, layout.Height > 420 ? 8 : 6))
        {
            var y = Bottom - (values.Position(tick) * (Bottom - Top));
            Line(html, "grid", Left, y, Right, y);
            html.Leaf("text", Invariant($"{100 * tick:0.##}"), ("x", Number(Left - 8)), ("y", Number(y + 4)), ("text-anchor", "end"));
        }

        foreach (var tick in costs.Ticks(unit, layout.Width > 500 ? 9 : 5))
        {
            var x = Left + (costs.Position(tick) * (Right - Left));
            Line(html, "grid", x, Top, x, Bottom);
            html.Leaf("text", Invariant($"{tick / unit:#,0.####}"), ("x", Number(x)), ("y", Number(Bottom + 18)), ("text-anchor", "middle"));
        }

        Line(html, "axis", Left, Bottom, Right, Bottom);
        var title = symbol.Length == 0 ? measure.Name : $"{measure.Name}, {symbol}";
        html.Leaf("text", title + " (logarithmic)", ("class", "axis-title"), ("x", Number(Right)), ("y", Number(layout.Height - 8)), ("text-anchor", "end"));
        html.Leaf("text", Metrics.ScoreName(_points[0].Entry.Result.Metric) + ", %", ("class", "axis-title"), ("transform", Invariant($"translate(13 {Top:0.##}) rotate(-90)")), ("text-anchor", "end"));
    }

    private void WriteFront(MarkupWriter html, LabelPlacer labels, IReadOnlyList<(double X, double Y)> front)
    {
        var line = "";
        var height = Bottom;
        for (var i = 0; i < front.Count; i++)
        {
            var (x, y) = front[i];
            var next = i + 1 < front.Count ? front[i + 1].X : Right;
            line += i == 0 ? Invariant($"M{x:0.#} {Bottom:0.#}V{y:0.#}") : Invariant($"H{x:0.#}V{y:0.#}");
            labels.Avoid(new Box(x - 1, y, x + 1, height));
            labels.Avoid(new Box(x, y - 1, next, y + 1));
            height = y;
        }

        line += Invariant($"H{Right:0.#}");
        html.Empty("path", ("class", "dominated"), ("d", line + Invariant($"V{Bottom:0.#}Z")));
        html.Empty("path", ("class", "front"), ("d", line));
    }

    private void WriteBaseline(MarkupWriter html, LabelPlacer labels, Func<double, double> y)
    {
        if (_points.FirstOrDefault(point => point.Entry.IsBaseline) is not { } baseline) return;
        var height = y(baseline.Value);
        Line(html, "baseline", Left, height, Right, height);
        labels.Avoid(new Box(Left, height - 1, Right, height + 1));
    }

    private static void WriteInterval(MarkupWriter html, LabelPlacer labels, Point point, double x, Func<double, double> y)
    {
        var (top, bottom) = (y(point.High), y(point.Low));
        using var group = html.In("g", ("class", "interval " + point.Entry.Colour));
        Line(html, null, x, top, x, bottom);
        Line(html, null, x - 3, top, x + 3, top);
        Line(html, null, x - 3, bottom, x + 3, bottom);
        labels.Avoid(new Box(x - 3, top, x + 3, bottom));
    }

    private static void WritePoint(MarkupWriter html, LabelPlacer labels, Point point, double x, double y, Edge edge)
    {
        labels.Take(new Box(x - Radius, y - Radius, x + Radius, y + Radius));
        using var link = html.In("a", ("href", "#" + point.Entry.Anchor));
        var style = ("class", "point " + point.Entry.Colour);
        using var shape = edge switch
        {
            Edge.Lower => html.In("path", style, ("d", Invariant($"M{x - 5:0.#} {y - 9:0.#}h10l-5 8z"))),
            Edge.Right => html.In("path", style, ("d", Invariant($"M{x - 9:0.#} {y - 5:0.#}v10l8 -5z"))),
            _ => html.In("circle", style, ("cx", Number(x)), ("cy", Number(y)), ("r", Number(Radius))),
        };
        html.Leaf("title", point.Title);
    }

    // The whole recipe near the point, else its number alone, further away with a line to it.
    private void WriteLabel(MarkupWriter html, LabelPlacer labels, Point point, double x, double y, Edge edge, bool isOnFront)
    {
        var number = Quantity.Whole(point.Entry.Number);
        var beyond = edge switch
        {
            Edge.Lower => ": " + (Metrics.IsPerplexity(point.Entry.Result) ? point.Text : Quantity.Percent(point.Value, 1)),
            Edge.Right => ": " + measure.Quantity.Format(point.Cost),
            _ => "",
        };
        (x, y) = edge switch { Edge.Lower => (x, y - 5), Edge.Right => (x - 5, y), _ => (x, y) };
        var text = $"{number} {Shortened(point.Entry.Result.Recipe)}{beyond}";
        var box = layout.NamesRecipes || point.Entry.IsBaseline ? labels.Place(x, y, Width(text), point.Entry.IsBaseline ? 60 : 18, isOnFront || point.Entry.IsBaseline ? int.MaxValue : 2) : null;
        if (box is null)
        {
            text = number + beyond;
            box = labels.Place(x, y, Width(text), 60);
        }

        if (box is not { } place) return;
        var (endX, endY) = (Math.Clamp(x, place.Left, place.Right), Math.Clamp(y, place.Top + 3, place.Bottom - 3));
        var distance = Math.Sqrt(((endX - x) * (endX - x)) + ((endY - y) * (endY - y)));
        if (distance > 12) Line(html, "leader", x + ((endX - x) * Radius / distance), y + ((endY - y) * Radius / distance), endX, endY);
        html.Leaf("text", text, ("x", Number((place.Left + place.Right) / 2)), ("y", Number(place.Bottom - 3.5)), ("text-anchor", "middle"));
    }

    private static string Shortened(string recipe)
    {
        var runes = recipe.EnumerateRunes().ToArray();
        return runes.Length <= 34 ? recipe : string.Concat(runes.Take(33)) + "…";
    }

    // A generous mean for system fonts; the exact width depends on the reader's machine.
    private double Width(string text) => (text.Length * 0.6 * layout.FontSize) + 4;

    private static string Number(double value) => Invariant($"{value:0.#}");

    private static void Line(MarkupWriter html, string? style, double x1, double y1, double x2, double y2)
        => html.Empty("line", ("class", style), ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));

    /// <summary>Where a point that lies beyond the axes is drawn.</summary>
    private enum Edge
    {
        None,
        Lower,
        Right,
    }

    private sealed record Point(RecipeEntry Entry, double Cost)
    {
        public double Value { get; } = Metrics.Score(Entry.Result, Entry.Result.Value);

        public double Low => Math.Min(Value, Ends.Min());

        public double High => Math.Max(Value, Ends.Max());

        public string Text => Metrics.Text(Entry.Result, Entry.Result.Value);

        public string Title => $"{Quantity.Whole(Entry.Number)} {Entry.Result.Recipe}: {Text}, 95 % between {Metrics.Interval(Entry.Result)}";

        private IEnumerable<double> Ends => Entry.Result.Confidence95.DefaultIfEmpty().Select(end => Metrics.Score(Entry.Result, end));
    }
}

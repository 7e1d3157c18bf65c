namespace Subbyte.Experiments.Reports.Figures;

/// <summary>A group of reproduced figures: a plot for each measure, then the table.</summary>
internal static class FigureSection
{
    private static readonly ReportTable.Column[] Columns =
    [
        new("experiment", null, IsText: true), new("wanted", "the paper's figure and its tolerance, or a bound"), new("here", "what came out"), new("difference", "here less wanted"),
        new("verdict", null, IsText: true), new("measure", null, IsText: true), new("recipe", null, IsText: true), new("reason", "why it deviates or is skipped", IsText: true),
    ];

    /// <summary>Writes a group.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="title">Title of the group; may be empty.</param>
    /// <param name="entries">Its figures.</param>
    public static void Write(MarkupWriter html, string title, IReadOnlyList<FigureEntry> entries)
    {
        using var section = html.In("section");
        html.Leaf("h2", title.Length == 0 ? "Figures" : title);
        using (html.In("div", ("class", "dumbbells")))
        {
            foreach (var measure in entries.Where(entry => entry.Figure.Here is { } here && double.IsFinite(here)).GroupBy(entry => entry.Figure.Measure)) FigurePlot.Write(html, measure.Key, [.. measure]);
        }

        ReportTable.Write(html, title, "plain", Columns, () =>
        {
            foreach (var entry in entries) WriteRow(html, entry);
        });
    }

    private static void WriteRow(MarkupWriter html, FigureEntry entry)
    {
        var figure = entry.Figure;
        using var row = html.In("tr", ("id", $"figure-{entry.Number}"));
        using (html.In("th", ("scope", "row"), ("class", "text")))
        {
            html.Leaf("span", Quantity.Whole(entry.Number), ("class", $"chip {entry.Colour}"));
            html.Text(figure.Name);
        }

        ReportTable.Number(html, figure.Wanted.Replace('-', '−'));
        ReportTable.Number(html, figure.Found is { Length: > 0 } found ? found : "—");
        ReportTable.Number(html, figure is { IsBound: false, Difference: { } difference } ? Quantity.Plain(difference) : "");
        ReportTable.Text(html, figure.Verdict.ToString().ToLowerInvariant());
        ReportTable.Text(html, figure.Measure);
        using (html.In("td", ("class", "text"))) html.Name("code", figure.Recipe);
        ReportTable.Text(html, figure.Reason ?? "");
    }
}

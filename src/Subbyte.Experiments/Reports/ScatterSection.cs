namespace Subbyte.Experiments.Reports;

/// <summary>Accuracy against each cost, one tab a cost; without a style sheet they follow each other.</summary>
internal static class ScatterSection
{
    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="entries">The recipes.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        var measures = CostMeasure.All.Where(measure => entries.Any(entry => measure.Positive(entry.Result) is not null)).ToArray();
        if (measures.Length == 0) return;
        using var section = html.In("section", ("id", "cost"));
        html.Leaf("h2", "Accuracy against cost");
        using (html.In("div", ("class", "tabs")))
        {
            foreach (var measure in measures)
                html.Empty("input", ("type", "radio"), ("name", "cost"), ("id", "cost-" + measure.Key), ("class", "tab"), ("checked", measure == measures[0] ? "checked" : null));
            using (html.In("div", ("class", "tab-list")))
            {
                foreach (var measure in measures) html.Leaf("label", measure.Name, ("for", "cost-" + measure.Key));
            }

            WriteLegend(html, entries);
            foreach (var measure in measures) WritePlot(html, entries, measure);
        }

        html.Leaf("p", "Each point is a recipe; its number is its row in the table of results, its colour its family of methods, its bar the 95 % interval. The line is the Pareto front: for every recipe below it some recipe on it is at least as accurate and costs no more. The dashed line is fp32. Triangles at an edge lie beyond the axes; the missing coordinate stands beside them.", ("class", "note"));
    }

    private static void WriteLegend(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        using var legend = html.In("p", ("class", "legend"));
        foreach (var families in entries.GroupBy(entry => entry.Colour, StringComparer.Ordinal))
        {
            using var family = html.In("span", ("class", families.Key));
            html.Leaf("i", "", ("aria-hidden", "true"));
            html.Text(string.Join(", ", families.Select(entry => entry.Family).Distinct(StringComparer.Ordinal)));
        }
    }

    private static void WritePlot(MarkupWriter html, IReadOnlyList<RecipeEntry> entries, CostMeasure measure)
    {
        using var figure = html.In("figure", ("class", "panel"));
        new ScatterPlot(entries, measure, ScatterLayout.Wide).Write(html);
        new ScatterPlot(entries, measure, ScatterLayout.Narrow).Write(html);
        using var caption = html.In("figcaption");
        html.Leaf("strong", measure.Name + ". ");
        html.Text(measure.Note);
        var missing = entries.Count(entry => measure.Positive(entry.Result) is null);
        if (missing > 0) html.Text($" {Quantity.Whole(missing)} of {Quantity.Whole(entries.Count)} recipes have no such cost and are not shown.");
    }
}

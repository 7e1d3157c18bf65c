namespace Subbyte.Experiments.Reports;

/// <summary>A table in a box of its own that scrolls sideways where the screen is narrow.</summary>
internal static class ReportTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="label">What the table shows, for screen readers.</param>
    /// <param name="style">Style class.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="rows">Writes the rows.</param>
    public static void Write(MarkupWriter html, string label, string style, IReadOnlyList<Column> columns, Action rows)
    {
        using var box = html.In("div", ("class", "scroll " + style), ("role", "region"), ("tabindex", "0"), ("aria-label", label));
        using var table = html.In("table");
        using (html.In("thead"))
        {
            using var row = html.In("tr");
            foreach (var column in columns) html.Leaf("th", column.Heading, ("scope", "col"), ("class", column.IsText ? "text" : null), ("title", column.Meaning));
        }

        using var body = html.In("tbody");
        rows();
    }

    /// <summary>A cell with a number.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="text">The number.</param>
    public static void Number(MarkupWriter html, string text) => html.Leaf("td", text);

    /// <summary>A cell with text.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="text">The text.</param>
    public static void Text(MarkupWriter html, string text) => html.Leaf("td", text, ("class", "text"));

    /// <summary>A column.</summary>
    /// <param name="Heading">Heading.</param>
    /// <param name="Meaning">What it means, shown on hovering.</param>
    /// <param name="IsText">Whether it holds text, aligned to the left.</param>
    public sealed record Column(string Heading, string? Meaning = null, bool IsText = false);
}

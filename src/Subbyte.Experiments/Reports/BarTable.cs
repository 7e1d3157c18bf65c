namespace Subbyte.Experiments.Reports;

/// <summary>A table of names with a bar and a text each.</summary>
internal static class BarTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="html">Receives it.</param>
    /// <param name="label">What it is about.</param>
    /// <param name="heading">What the names are.</param>
    /// <param name="rows">Names; what draws a bar into a box of 100 × 10 and returns the text behind it.</param>
    public static void Write(MarkupWriter html, string label, string heading, IEnumerable<(string Name, Func<MarkupWriter, string> Bar)> rows)
        => ReportTable.Write(html, label, "plain", [new(heading, null, true), new("", null, true)], () =>
        {
            foreach (var (name, bar) in rows)
            {
                using var row = html.In("tr");
                html.Name("th", name, ("scope", "row"), ("class", "text"));
                using var cell = html.In("td", ("class", "text"));
                string text;
                using (html.In("svg", ("class", "bar"), ("style", "width: min(28rem, 60vw); height: 0.8rem; margin-right: 0.6rem"), ("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"))) text = bar(html);
                html.Text(text);
            }
        });
}

using Subbyte.Experiments.Reports;
using Subbyte.Experiments.Reports.Figures;
using Subbyte.Experiments.Reproduction;

namespace Subbyte.Experiments;

/// <summary>
/// The report of a reproduction: a paper's figures beside ours as plots and tables, in one HTML page that needs no script, no network and no
/// other file. The same document gives the same bytes.
/// </summary>
public static class ReproductionReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="document">The figures.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(ReproductionDocument document, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(stream);
        HtmlPage.Write($"{document.Name} reproduced — Subbyte", stream, html => WriteBody(html, document));
    }

    private static void WriteBody(MarkupWriter html, ReproductionDocument document)
    {
        FigureEntry[] entries = [.. document.Experiments.Select((figure, i) => new FigureEntry(i + 1, figure))];
        using (html.In("header"))
        {
            html.Leaf("p", "Subbyte reproduction", ("class", "kicker"));
            html.Leaf("h1", document.Title);
            using var list = html.In("ul", ("class", "answers"));
            foreach (var verdict in Enum.GetValues<Verdict>()) WriteCount(html, document, verdict);
        }

        using (html.In("main"))
        {
            foreach (var group in entries.GroupBy(entry => entry.Figure.Group)) FigureSection.Write(html, group.Key, [.. group]);
            WriteGuide(html);
        }

        html.Leaf("footer", $"Subbyte {document.Version}, {document.Schema}");
    }

    private static void WriteCount(MarkupWriter html, ReproductionDocument document, Verdict verdict)
    {
        using var item = html.In("li");
        html.Leaf("span", FigureEntry.Meaning(verdict), ("class", "question"));
        html.Leaf("b", Quantity.Whole(document.Count(verdict)));
        html.Text($" of {Quantity.Whole(document.Experiments.Count)} ");
        html.Text(document.Count(verdict) == 1 ? "figure" : "figures");
    }

    private static void WriteGuide(MarkupWriter html)
    {
        using var section = html.In("section", ("id", "reading"));
        html.Leaf("h2", "How to read this");
        using var list = html.In("dl", ("class", "guide"));
        foreach (var (name, text) in new[]
        {
            ("wanted", "The paper's figure, or one that was measured independently on the same network and data, with the tolerance that was set before; or a bound."),
            ("here", "What came out in this run."),
            ("in brackets", "The standard deviation over the seeds that were trained; the figure is their mean."),
            ("a recipe − another", "The difference of their figures; ÷ is the ratio."),
            ("plots", "A row a figure, numbered as in the table: the band is what is wanted, the line in it the figure itself, the dot what came out."),
            ("deviates", "Outside the tolerance, for the reason given; from then on it must stay where it is."),
        })
        {
            html.Leaf("dt", name);
            html.Leaf("dd", text);
        }
    }
}

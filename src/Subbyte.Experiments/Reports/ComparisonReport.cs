using Subbyte.Experiments.Reports;
using Subbyte.Lowering;

namespace Subbyte.Experiments;

/// <summary>
/// The report of a comparison: one HTML page that needs no script, no network and no other file. The same document and layers give the
/// same bytes.
/// </summary>
public static class ComparisonReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="document">The results.</param>
    /// <param name="layers">The dot-product layers of the fp32 network, for the histograms of their weights.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(ResultDocument document, IReadOnlyList<DotProductLayer> layers, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(stream);
        HtmlPage.Write($"{document.Model.File} on {document.Data.Spec} — Subbyte", stream, html => WriteBody(html, document, layers));
    }

    private static void WriteBody(MarkupWriter html, ResultDocument document, IReadOnlyList<DotProductLayer> layers)
    {
        var entries = RecipeEntry.Of(document);
        ReportHeader.Write(html, document, entries);
        using (html.In("main"))
        {
            ResultsSection.Write(html, entries);
            if (entries.Count > 0)
            {
                ScatterSection.Write(html, entries);
                LayersSection.Write(html, entries);
                RecipesSection.Write(html, entries);
            }

            WeightsSection.Write(html, layers);
            ReadingGuide.Write(html);
        }

        html.Leaf("footer", $"Subbyte {document.Version}");
    }
}

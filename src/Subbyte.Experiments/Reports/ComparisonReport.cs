using System.Text;
using Subbyte.Experiments.Reports;
using Subbyte.Lowering;

namespace Subbyte.Experiments;

/// <summary>
/// The report of a comparison: one HTML page that needs no script, no network and no other file. The same document and layers give the
/// same bytes.
/// </summary>
public static class ComparisonReport
{
    private const string StyleResource = "Subbyte.Experiments.Reports.report.css";

    /// <summary>Writes the report.</summary>
    /// <param name="document">The results.</param>
    /// <param name="layers">The dot-product layers of the fp32 network, for the histograms of their weights.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(ResultDocument document, IReadOnlyList<DotProductLayer> layers, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(stream);
        var html = new MarkupWriter();
        html.Trusted("<!DOCTYPE html>\n");
        using (html.In("html", ("lang", "en")))
        {
            WriteHead(html, document);
            using var body = html.In("body");
            WriteBody(html, document, layers);
        }

        stream.Write(Encoding.UTF8.GetBytes(html.ToString()));
    }

    private static void WriteHead(MarkupWriter html, ResultDocument document)
    {
        using var head = html.In("head");
        html.Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        // Nothing in the page loads anything; a browser may hold it to that.
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"));
        html.Leaf("title", $"{document.Model.File} on {document.Data.Spec} — Subbyte");
        using var style = html.In("style");
        html.Trusted(Style());
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

    private static string Style()
    {
        using var stream = typeof(ComparisonReport).Assembly.GetManifestResourceStream(StyleResource) ?? throw new InvalidOperationException($"the resource {StyleResource} is missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

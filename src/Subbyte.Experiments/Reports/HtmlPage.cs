using System.Text;

namespace Subbyte.Experiments.Reports;

/// <summary>One HTML page that needs no script, no network and no other file.</summary>
internal static class HtmlPage
{
    private const string StyleResource = "Subbyte.Experiments.Reports.report.css";

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    /// <param name="body">Writes what the body holds.</param>
    public static void Write(string title, Stream stream, Action<MarkupWriter> body)
    {
        var html = new MarkupWriter();
        html.Trusted("<!DOCTYPE html>\n");
        using (html.In("html", ("lang", "en")))
        {
            WriteHead(html, title);
            using var scope = html.In("body");
            body(html);
        }

        stream.Write(Encoding.UTF8.GetBytes(html.ToString()));
    }

    private static void WriteHead(MarkupWriter html, string title)
    {
        using var head = html.In("head");
        html.Empty("meta", ("charset", "utf-8"));
        html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        // Nothing in the page loads anything; a browser may hold it to that.
        html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"));
        html.Leaf("title", title);
        using var style = html.In("style");
        html.Trusted(Style());
    }

    private static string Style()
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(StyleResource) ?? throw new InvalidOperationException($"the resource {StyleResource} is missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

using Subbyte.Experiments.Reports;
using static System.FormattableString;

namespace Subbyte.Experiments;

/// <summary>Reports of benchmarks: one HTML page with bar charts of times and of shares of the machine's limits.</summary>
public static class BenchmarkReport
{
    private const string Ours = "c0";
    private const string Theirs = "c8";

    /// <summary>Writes the report of whole networks.</summary>
    /// <param name="document">The benchmark.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(BenchmarkDocument<NetworkTiming> document, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        WritePage($"{document.Model} timed", document.Machine, document.Version, stream, html =>
        {
            WriteTimes(html, "Milliseconds a run", [.. document.Results.Select(result => new Bar($"{result.Runner}, {result.Format}", result.Runner, result.Milliseconds, $"{Milliseconds(result.Milliseconds)}, median {Milliseconds(result.MedianMilliseconds)}, 99 % {Milliseconds(result.Percentile99Milliseconds)}, {Quantity.Significant(result.GigaOperationsPerSecond)} GOP/s{Times(result.SpeedupOverOnnxRuntimeInt8)}"))]);
            foreach (var result in document.Results.Where(result => result.Layers.Count > 0))
            {
                WriteTimes(html, $"{result.Format}: where the time goes", [.. result.Layers.Select(layer => new Bar(layer.Kernel is null ? layer.Name : $"{layer.Name} ({layer.Kernel})", result.Runner, layer.Milliseconds, Milliseconds(layer.Milliseconds)))]);
                WriteShares(html, $"{result.Format}: share of the machine's limit", result.Layers.Where(layer => layer.ShareOfPeak is not null).Select(layer => (layer.Name, layer.ShareOfPeak!.Value)));
            }
        });
    }

    /// <summary>Writes the report of single layers.</summary>
    /// <param name="document">The benchmark.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(BenchmarkDocument<LayerTiming> document, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        WritePage("Layers timed", document.Machine, document.Version, stream, html =>
        {
            foreach (var layer in document.Results.GroupBy(result => result.Layer, StringComparer.Ordinal))
            {
                WriteTimes(html, $"{layer.Key}: milliseconds a run", [.. layer.Select(result => new Bar($"{result.Runner}, {result.Format}", result.Runner, result.Milliseconds, $"{Milliseconds(result.Milliseconds)}, median {Milliseconds(result.MedianMilliseconds)}, {Quantity.Significant(result.GigaMacsPerSecond)} GMAC/s{Times(result.SpeedupOverOnnxRuntimeInt8)}"))]);
                WriteShares(html, $"{layer.Key}: share of the machine's limit", layer.Where(result => result.ShareOfPeak is not null).Select(result => (result.Format, result.ShareOfPeak!.Value)));
            }
        });
    }

    private static void WritePage(string title, MachineDescription machine, string version, Stream stream, Action<MarkupWriter> body)
        => HtmlPage.Write($"{title} — Subbyte", stream, html =>
        {
            using (html.In("header"))
            {
                html.Leaf("p", "Subbyte benchmark", ("class", "kicker"));
                html.Leaf("h1", title);
                html.Leaf("p", $"{machine.InstructionSet}, {machine.Cores} processors, {machine.Threads} {(machine.Threads == 1 ? "thread" : "threads")}. The shortest of many interleaved runs; medians and percentiles say how disturbed the measurement was.", ("class", "lead"));
            }

            using (html.In("main")) body(html);
            html.Leaf("footer", $"Subbyte {version}");
        });

    private static void WriteTimes(MarkupWriter html, string heading, IReadOnlyList<Bar> bars)
    {
        using var section = html.In("section");
        html.Leaf("h2", heading);
        var largest = bars.Max(bar => bar.Milliseconds);
        BarTable.Write(html, heading, "", bars.Select(bar => (bar.Name, Draw(bar.Runner == "subbyte" ? Ours : Theirs, bar.Milliseconds / largest, bar.Text))));
    }

    private static void WriteShares(MarkupWriter html, string heading, IEnumerable<(string Name, double Share)> shares)
    {
        using var section = html.In("section");
        html.Leaf("h2", heading);
        BarTable.Write(html, heading, "", shares.Select(each => (each.Name, Draw(Ours, Math.Min(1, each.Share), Quantity.Percent(each.Share, 0)))));
    }

    private static Func<MarkupWriter, string> Draw(string colour, double share, string text) => svg =>
    {
        svg.Empty("rect", ("class", colour), ("style", "fill: var(--colour)"), ("width", Invariant($"{100 * share:0.##}")), ("height", "10"));
        return text;
    };

    private static string Milliseconds(double value) => $"{Quantity.Significant(value)} ms";

    private static string Times(double? speedup) => speedup is { } value ? $", {Quantity.Significant(value)} times ONNX Runtime INT8" : "";

    private sealed record Bar(string Name, string Runner, double Milliseconds, string Text);
}

using System.Text;
using System.Xml;
using System.Xml.Linq;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;

namespace Subbyte.Tests.Reports;

/// <summary>The report of a reproduction: well-formed, one row a figure, a plot a group and measure.</summary>
public class ReproductionReportTests
{
    /// <summary>Figures of every kind: expected, bounded, small, large, deviating, failing, skipped, with markup in their names.</summary>
    internal static ReproductionDocument Document { get; } = new("paper", "A paper <of> 2026", [
        new("accuracy & more", "First", "tr:group=8,budget=8", "top-1, %", 91.3, null, null, "91.3 ± 0.5", 91.5, 0.5, Verdict.Holds, null),
        new("other accuracy", "First", "int8", "top-1, %", 90, null, null, "90 ± 0.5", 88.2, 0.5, Verdict.Deviates, "another training set"),
        new("error", "First", "int8", "relative squared error of sums", 0.001092, null, null, "0.001092 ± 2 %", 0.00110, 0.000022, Verdict.Holds, null),
        new("wide", "First", "int8", "relative squared error of sums", 0.4, null, null, "0.4 ± 2 %", 0.5, 0.008, Verdict.Fails, null),
        new("above", "Second", "a  −  b", "correct", 20, 20, null, "≥ 20", 43, 0, Verdict.Holds, null),
        new("below", "Second", "a  −  b", "correct", -5, null, -5, "≤ -5", -9, 0, Verdict.Holds, null),
        new("absent", "Second", "int8", "correct", 5, null, null, "5 ± 0", null, 0, Verdict.Skipped, "a network that the bundle does not hold"),
    ]);

    [Fact]
    public void Every_figure_is_a_row_and_every_group_and_measure_a_plot()
    {
        var page = Page(Document);
        var rows = page.Descendants("tbody").SelectMany(body => body.Elements("tr")).ToArray();
        rows.Length.ShouldBe(7);
        rows[0].Value.ShouldContain("accuracy & more");
        rows[1].Elements().Select(cell => cell.Value).ShouldContain("another training set");
        rows[1].Elements().ElementAt(3).Value.ShouldBe("−1.8");
        rows[^1].Elements().Select(cell => cell.Value).ShouldContain("skipped");
        var plots = page.Descendants("svg").ToArray();
        plots.Length.ShouldBe(3);
        plots.Select(plot => plot.Descendants("circle").Count()).ShouldBe([2, 2, 2]);
        plots.Select(plot => plot.Descendants("line").Count(line => line.Attribute("class")?.Value == "paper")).ShouldBe([2, 2, 0]);
        page.Descendants("li").Select(item => item.Value).ShouldContain(text => text.Contains("4 of 7", StringComparison.Ordinal));
    }

    [Fact]
    public void Marks_lie_inside_their_plot()
    {
        foreach (var plot in Page(Document).Descendants("svg"))
        {
            var width = double.Parse(plot.Attribute("viewBox")!.Value.Split(' ')[2]);
            foreach (var mark in plot.Descendants("circle")) double.Parse(mark.Attribute("cx")!.Value).ShouldBeInRange(4, width - 4);
            foreach (var band in plot.Descendants("rect")) (double.Parse(band.Attribute("x")!.Value) + double.Parse(band.Attribute("width")!.Value)).ShouldBeLessThanOrEqualTo(width);
        }
    }

    [Fact]
    public void The_same_document_gives_the_same_bytes() => Bytes(Document).ShouldBe(Bytes(Document));

    [Fact]
    public void No_figures_make_a_page_without_plots()
        => Page(Document with { Experiments = [] }).Descendants("svg").ShouldBeEmpty();

    private static byte[] Bytes(ReproductionDocument document)
    {
        using var stream = new MemoryStream();
        ReproductionReport.Write(document, stream);
        return stream.ToArray();
    }

    private static XElement Page(ReproductionDocument document)
    {
        using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(Bytes(document))), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader).Root!;
    }
}

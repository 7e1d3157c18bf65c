using Microsoft.Playwright;
using Subbyte.Experiments;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>The report of a reproduction, opened from its file in Chromium.</summary>
[Trait("Speed", "Slow")]
public sealed class ReproductionInBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Plots_are_drawn_nothing_is_loaded_and_letters_can_be_read(int width, ColorScheme scheme)
    {
        var browser = chromium.Require();
        var path = Path.Combine(_folder.Path, "reproduction.html");
        using (var stream = File.Create(path)) ReproductionReport.Write(ReproductionReportTests.Document, stream);
        await using var opened = await OpenedPage.Of(browser, new Uri(path), new ViewportSize { Width = width, Height = 900 }, scheme);
        var measures = await PageMeasures.Of(opened.Page);
        measures.Figures.Count(figure => figure.Kind == "dumbbell").ShouldBe(3);
        foreach (var figure in measures.Figures)
        {
            figure.Problems.ShouldBeEmpty();
            figure.Width.ShouldBeGreaterThan(250);
            figure.Marks.ShouldBeGreaterThan(0);
        }

        measures.ScrollWidth.ShouldBeLessThanOrEqualTo(measures.ClientWidth);
        measures.Outside.ShouldBeEmpty();
        measures.Texts.Where(text => text.Size < 11).ShouldBeEmpty();
        measures.Texts.Where(text => text.Contrast < 4.5).ShouldBeEmpty();
        opened.Problems.ShouldBeEmpty();
    }
}

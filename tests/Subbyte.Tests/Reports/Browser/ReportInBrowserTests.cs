using Microsoft.Playwright;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>The report of a real comparison, opened from its file in Chromium.</summary>
[Collection(InstructionSetCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class ReportInBrowserTests(Chromium chromium, ComparedFolder compared) : IClassFixture<Chromium>, IClassFixture<ComparedFolder>
{
    private const int Costs = 4;

    private static readonly ViewportSize Desktop = new() { Width = 1280, Height = 900 };
    private static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };
    private static readonly ViewportSize LandscapePaper = new() { Width = 1032, Height = 703 };

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_figure_is_drawn_and_no_label_hides_another(bool phone)
    {
        await using var opened = await Open(phone ? Phone : Desktop);
        for (var cost = 0; cost < Costs; cost++)
        {
            await opened.Page.Locator(".tab-list label").Nth(cost).ClickAsync();
            var measures = await PageMeasures.Of(opened.Page);
            var plot = measures.Figures.Where(figure => figure.Kind == "scatter").ShouldHaveSingleItem();
            plot.Points.ShouldBe(ComparedFolder.Recipes);
            plot.Texts.ShouldBeGreaterThan(ComparedFolder.Recipes);
            (plot.Width, plot.Height).ShouldSatisfyAllConditions(size => size.Width.ShouldBeGreaterThan(300), size => size.Height.ShouldBeGreaterThan(300));
            measures.Figures.Count(figure => figure.Kind == "histogram").ShouldBe(3);
            measures.Figures.Count(figure => figure.Kind == "bar").ShouldBe(3);
            foreach (var figure in measures.Figures)
            {
                figure.Problems.ShouldBeEmpty($"plot {cost}");
                figure.Width.ShouldBeGreaterThan(20, figure.Kind);
                figure.Height.ShouldBeGreaterThan(5, figure.Kind);
                figure.Marks.ShouldBeGreaterThan(0, figure.Kind);
            }
        }

        opened.Problems.ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData(1280)]
    [InlineData(1000)]
    [InlineData(800)]
    [InlineData(360)]
    public async Task Letters_of_figures_can_be_read_at_every_width(int width)
    {
        await using var opened = await Open(new ViewportSize { Width = width, Height = 900 });
        var texts = (await PageMeasures.Of(opened.Page)).Texts;
        texts.Where(text => text.Size < 10).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_phone_shows_the_page_without_scrolling_sideways_in_letters_that_can_be_read()
    {
        await using var opened = await Open(Phone);
        foreach (var fold in await opened.Page.Locator("details > summary").AllAsync()) await fold.ClickAsync();
        var measures = await PageMeasures.Of(opened.Page);
        measures.ScrollWidth.ShouldBeLessThanOrEqualTo(measures.ClientWidth);
        measures.Outside.ShouldBeEmpty();
        measures.Texts.Length.ShouldBeGreaterThan(200);
        measures.Texts.Where(text => text.Size < 11).ShouldBeEmpty();
        measures.Tables.Count(table => table.Rows > 0).ShouldBe(measures.Tables.Length);
        measures.Tables.Length.ShouldBeGreaterThan(2 * ComparedFolder.Recipes);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_what_is_behind_it(ColorScheme scheme)
    {
        await using var opened = await Open(Desktop, scheme);
        foreach (var fold in await opened.Page.Locator("details > summary").AllAsync()) await fold.ClickAsync();
        var texts = (await PageMeasures.Of(opened.Page)).Texts;
        texts.Length.ShouldBeGreaterThan(200);
        texts.Where(text => text.Contrast < 4.5).ShouldBeEmpty();
        (await opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe(scheme == ColorScheme.Dark ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
    }

    [SkippableFact]
    public async Task Paper_shows_every_plot_and_cuts_no_table()
    {
        await using var opened = await Open(LandscapePaper);
        await opened.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        var measures = await PageMeasures.Of(opened.Page);
        measures.Figures.Count(figure => figure.Kind == "scatter").ShouldBe(Costs);
        measures.Tables.Max(table => table.Right).ShouldBeLessThanOrEqualTo(LandscapePaper.Width + 1);
        (await opened.Page.PdfAsync()).Length.ShouldBeGreaterThan(10_000);
    }

    [SkippableFact]
    public async Task A_point_says_what_it_is_and_leads_to_its_recipe()
    {
        await using var opened = await Open(Desktop);
        var point = opened.Page.Locator(".scatter.wide:visible a").Last;
        (await point.Locator("title").TextContentAsync())!.ShouldContain("95 % between");
        var fold = opened.Page.Locator(".fold").Last;
        (await fold.GetAttributeAsync("open")).ShouldBeNull();
        await point.FocusAsync();
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(fold.Locator("table").First).ToBeVisibleAsync();
        await Assertions.Expect(fold.Locator("summary")).ToBeInViewportAsync();
        opened.Problems.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task The_plots_can_be_chosen_from_the_keyboard()
    {
        await using var opened = await Open(Desktop);
        var panels = opened.Page.Locator(".panel");
        await opened.Page.Locator("#cost-energy").FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(panels.Nth(1)).ToBeVisibleAsync();
        await Assertions.Expect(panels.Nth(0)).ToBeHiddenAsync();
    }

    private Task<OpenedPage> Open(ViewportSize viewport, ColorScheme scheme = ColorScheme.Light) => OpenedPage.Of(chromium.Require(), compared.Report, viewport, scheme);
}

using System.Globalization;
using Subbyte.Experiments;

namespace Subbyte.Tests.Reports;

public sealed class ComparisonReportTests
{
    private static readonly string[] Elements =
    [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "aside", "div", "p", "h1", "h2", "h3", "ul", "li", "dl", "dt", "dd", "a", "b", "strong", "small",
        "span", "code", "wbr", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "i", "input", "label", "svg", "g", "path", "line", "circle", "rect", "text",
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(22)]
    [InlineData(40)]
    public void Every_recipe_and_every_layer_appears(int recipes)
    {
        var document = SampleDocuments.Crowded(recipes);
        var page = new ReportPage(document);
        var rows = page.Section("results").Descendants("tbody").Single().Elements("tr").ToArray();
        rows.Length.ShouldBe(recipes);
        var folds = page.WithClass("fold").ToArray();
        folds.Length.ShouldBe(recipes);
        for (var i = 0; i < recipes; i++)
        {
            rows[i].Value.ShouldContain(document.Results[i].Recipe);
            folds[i].Element("summary")!.Value.ShouldContain(document.Results[i].Recipe);
            folds[i].Descendants("code").First().Value.ShouldBe(document.Results[i].CanonicalRecipe);
            foreach (var layer in SampleDocuments.LayerNames) folds[i].Descendants("th").ShouldContain(cell => cell.Value == layer);
            foreach (var operation in document.Results[i].Cost.Operations.Keys) folds[i].Value.ShouldContain(operation);
        }

        foreach (var id in new[] { "layers", "weights" })
        {
            foreach (var layer in SampleDocuments.LayerNames) page.Section(id).Descendants().ShouldContain(element => element.Value == layer);
        }
    }

    [Fact]
    public void Every_cost_has_a_plot_of_every_recipe_for_wide_and_narrow_screens()
    {
        var plots = new ReportPage(SampleDocuments.Crowded(22)).WithClass("scatter").ToArray();
        plots.Length.ShouldBe(8);
        foreach (var plot in plots) plot.Descendants().Count(element => (element.Attribute("class")?.Value ?? "").StartsWith("point ", StringComparison.Ordinal)).ShouldBe(22);
    }

    [Fact]
    public void A_result_far_below_the_rest_is_named_with_its_value_at_the_edge()
    {
        var plot = new ReportPage(SampleDocuments.Crowded(22)).WithClass("wide").First();
        plot.Descendants("text").ShouldContain(text => text.Value.Contains("log:bits=4: 31.2", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        var page = new ReportPage(SampleDocuments.Crowded(22));
        foreach (var reference in new[] { "http:", "https:", "src=", "@import", "url(", "<script", "<link", "<iframe" }) page.Text.ShouldNotContain(reference);
        foreach (var link in page.Root.Descendants().SelectMany(element => element.Attributes()).Where(attribute => attribute.Name == "href")) link.Value.ShouldStartWith("#");
    }

    [Fact]
    public void Every_link_has_a_target_and_every_identifier_is_unique()
    {
        var page = new ReportPage(SampleDocuments.Crowded(22));
        var identifiers = page.Root.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().ToArray();
        identifiers.ShouldBeUnique();
        foreach (var link in page.Root.Descendants().Select(element => element.Attribute("href")?.Value).OfType<string>()) identifiers.ShouldContain(link[1..]);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</style></title>]]><!--")]
    [InlineData("&lt;b&gt; &amp; &#0;")]
    public void Hostile_names_stay_text(string name)
    {
        var page = Hostile(name);
        foreach (var element in page.Root.DescendantsAndSelf())
        {
            Elements.ShouldContain(element.Name.LocalName);
            element.Attributes().ShouldAllBe(attribute => !attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) && attribute.Name != "src");
        }

        page.All("h1").Single().Value.ShouldBe(name);
        page.Section("results").Value.ShouldContain(name);
        page.Section("layers").Value.ShouldContain(name);
        page.Section("weights").Value.ShouldContain(name);
        page.WithClass("fold").First().Value.ShouldContain(name);
    }

    [Fact]
    public void Characters_that_no_page_may_hold_or_that_turn_the_text_around_are_replaced()
        => Hostile("a\0b\u0007c\u202Ed\uD800e\u0085f\uFFFFg").All("h1").Single().Value.ShouldBe("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg");

    [Fact]
    public void The_same_document_gives_the_same_bytes_whatever_the_culture()
    {
        var expected = new ReportPage(SampleDocuments.Crowded(22)).Bytes;
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "~");
        try
        {
            CultureInfo.CurrentCulture = culture;
            new ReportPage(SampleDocuments.Crowded(22)).Bytes.ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Empty_results_and_no_layers_make_a_page()
    {
        var page = new ReportPage(SampleDocuments.Of() with { Calibration = null }, []);
        page.Section("results").Value.ShouldContain("No recipe was run");
        page.WithClass("scatter").ShouldBeEmpty();
    }

    [Fact]
    public void A_single_result_makes_a_page()
        => new ReportPage(SampleDocuments.Of(("fp32", 0.9, 1e6, 1e6))).WithClass("scatter").Count().ShouldBe(8);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Results_without_a_spread_make_a_page(double value)
        => new ReportPage(SampleDocuments.Of(("fp32", value, 1e6, 1e6), ("int8", value, 1e6, 1e6))).WithClass("point").Count().ShouldBe(16);

    [Fact]
    public void A_cost_that_cannot_stand_on_a_logarithmic_axis_is_left_out_and_said_so()
    {
        var page = new ReportPage(SampleDocuments.Of(("fp32", 0.9, 1e6, 1e6), ("int8", 0.9, 0, 1e6), ("int4", 0.9, double.NaN, 1e6)));
        page.All("figcaption").First().Value.ShouldContain("2 of 3 recipes have no such cost");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(12, true)]
    public void Calibration_samples_that_are_evaluated_are_a_warning(int overlap, bool warns)
    {
        var document = SampleDocuments.Crowded(3);
        var page = new ReportPage(document with { Calibration = document.Calibration! with { EvaluatedToo = overlap } });
        page.WithClass("warning").Any().ShouldBe(warns);
    }

    [Fact]
    public void Modelled_figures_are_called_modelled_and_the_energies_have_their_source()
    {
        var page = new ReportPage(SampleDocuments.Crowded(3));
        page.Section("results").Value.ShouldContain("Modelled");
        page.All("figcaption").First().Value.ShouldContain("Modelled, not measured");
        page.Section("reading").Value.ShouldContain("Horowitz");
    }

    private static ReportPage Hostile(string name)
    {
        var document = SampleDocuments.Crowded(3);
        var results = document.Results.Select(result => result with
        {
            Recipe = name,
            CanonicalRecipe = name,
            Metric = name,
            Layers = [.. result.Layers.Select((layer, i) => i == 0 ? layer with { Name = name, Kind = name, Method = name, Note = name } : layer)],
            Cost = result.Cost with { Operations = new Dictionary<string, double>(StringComparer.Ordinal) { [name] = 1 } },
        });
        return new ReportPage(
            document with
            {
                Schema = name,
                Model = document.Model with { File = name, Sha256 = name, Preprocessing = name },
                Data = document.Data with { Spec = name, Split = name, Sha256 = name },
                Calibration = document.Calibration! with { Spec = name, Sha256 = name },
                Machine = new MachineDescription(name, 2, 2, name, name),
                Results = [.. results],
            },
            SampleDocuments.Layers(name));
    }
}

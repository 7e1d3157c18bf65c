namespace Subbyte.Experiments.Reports;

/// <summary>The table of results, one row a recipe.</summary>
internal static class ResultsSection
{
    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="entries">The recipes.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        using var section = html.In("section", ("id", "results"));
        html.Leaf("h2", "Results");
        if (entries.Count == 0)
        {
            html.Leaf("p", "No recipe was run.");
            return;
        }

        var units = new Units(entries);
        ReportTable.Write(html, "Results of every recipe", "results", Columns(entries, units), () =>
        {
            foreach (var entry in entries) WriteRow(html, entry, units, entries.Any(other => other.Result.Top5 is not null));
        });
        html.Leaf("p", "Measured: every recipe ran bit by bit as its method defines, on the same samples. Interval: 95 %, Wilson's for shares. Lost and gained: samples that fp32 had right and the recipe has wrong, and the reverse.", ("class", "note"));
        html.Leaf("p", "Modelled: energy and cycles are computed from counts, not measured on any hardware; see the notes below the plots. Cycles are comparable only within one method.", ("class", "note"));
    }

    private static List<ReportTable.Column> Columns(IReadOnlyList<RecipeEntry> entries, Units units)
    {
        var isText = Metrics.IsPerplexity(entries[0].Result);
        List<ReportTable.Column> columns =
        [
            new("Recipe", null, true),
            new(Metrics.Name(entries[0].Result.Metric), isText ? "e to the mean loss of the next word; below it, words that were the first choice" : "share of the samples, and how many"),
            new("95 % interval", isText ? "from the spread between blocks of the text" : "Wilson interval of the metric"),
            new("against fp32", isText ? "difference of the perplexity" : "difference in percentage points"),
            new("lost / gained", "samples that fp32 had right and the recipe has wrong, and the reverse"),
            new("agreement", "samples with the same first choice as fp32"),
            new("output MSE", "mean squared difference of the network's outputs against fp32"),
            new("bits w / a", "mean bits of a weight with scales, and of an activation"),
            new(Heading("weights", units.Memory), "memory of the weights"),
            new(Heading("energy", units.Energy), "modelled, for one sample"),
            new(Heading("cycles", units.Cycles), "modelled, for one sample; comparable within one method only"),
        ];
        if (entries.Any(entry => entry.Result.Top5 is not null)) columns.Insert(2, new("top 5", "samples whose label is among the five first choices"));
        return columns;
    }

    private static string Heading(string name, (double Factor, string Symbol) unit) => unit.Symbol.Length == 0 ? name : $"{name}, {unit.Symbol}";

    private static void WriteRow(MarkupWriter html, RecipeEntry entry, Units units, bool hasTop5)
    {
        var result = entry.Result;
        using var row = html.In("tr", ("class", entry.IsBaseline ? "fp32" : null));
        using (html.In("th", ("scope", "row"), ("class", "text")))
        using (html.In("div", ("class", "numbered")))
        {
            entry.WriteChip(html);
            WriteRecipe(html, result);
        }

        using (html.In("td"))
        {
            html.Leaf("b", Metrics.Text(result, result.Value));
            html.Leaf("small", $"{Quantity.Whole(result.Correct)} of {Quantity.Whole(result.Samples)}");
        }

        if (hasTop5) ReportTable.Number(html, result.Top5 is { } top5 ? Quantity.Percent(top5) : "—");
        ReportTable.Number(html, Metrics.Interval(result));
        ReportTable.Number(html, entry.IsBaseline ? "—" : Metrics.Difference(result));
        ReportTable.Number(html, entry.IsBaseline ? "—" : $"−{Quantity.Whole(result.Flips.Lost)} / +{Quantity.Whole(result.Flips.Gained)}");
        ReportTable.Number(html, Quantity.Percent(result.Agreement, 1));
        ReportTable.Number(html, Quantity.Significant(result.MeanSquaredError));
        ReportTable.Number(html, $"{Quantity.Bits(result.Cost.WeightBits)} / {Quantity.Bits(result.Cost.ActivationBits)}");
        ReportTable.Number(html, Quantity.Significant(result.Cost.WeightBytes / units.Memory.Factor));
        ReportTable.Number(html, Quantity.Significant(result.Cost.EnergyPicojoules / units.Energy.Factor));
        ReportTable.Number(html, Quantity.Significant(result.Cost.Cycles / units.Cycles.Factor));
    }

    // The recipe as given; a click shows it with every option.
    private static void WriteRecipe(MarkupWriter html, RecipeResult result)
    {
        if (result.CanonicalRecipe == result.Recipe)
        {
            html.Name("span", result.Recipe, ("class", "recipe"));
            return;
        }

        using var details = html.In("details", ("class", "recipe"));
        html.Name("summary", result.Recipe);
        html.Name("code", result.CanonicalRecipe);
    }

    /// <summary>One unit a column, so that its numbers can be compared at a glance.</summary>
    private sealed class Units(IReadOnlyList<RecipeEntry> entries)
    {
        public (double Factor, string Symbol) Memory { get; } = Unit(entries, CostMeasure.Weights);

        public (double Factor, string Symbol) Energy { get; } = Unit(entries, CostMeasure.Energy);

        public (double Factor, string Symbol) Cycles { get; } = Unit(entries, CostMeasure.Cycles);

        private static (double Factor, string Symbol) Unit(IReadOnlyList<RecipeEntry> entries, CostMeasure measure)
        {
            var costs = entries.Select(entry => measure.Positive(entry.Result)).OfType<double>().Order().ToArray();
            return measure.Quantity.UnitFor(costs.Length == 0 ? 0 : costs[costs.Length / 2]);
        }
    }
}

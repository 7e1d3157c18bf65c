using System.Text;
using static System.FormattableString;

namespace Subbyte.Experiments.Sweeps;

/// <summary>A sweep as a Markdown page: a table for each section. The same results give the same bytes on every machine of an instruction set.</summary>
public static class SweepPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="document">Its results.</param>
    /// <param name="command">The command that makes the page.</param>
    /// <returns>Markdown.</returns>
    public static string Write(Sweep sweep, SweepDocument document, string command)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(document);
        var page = new StringBuilder();
        page.Append(Invariant($"# {document.Title}\n\nMade by one command; do not edit it by hand:\n\n```sh\n{command}\n```\n\n"));
        Paragraph(page, sweep.Introduction);
        var texts = sweep.Sections.ToDictionary(section => section.Title, section => section.Text, StringComparer.Ordinal);
        foreach (var section in document.Sections)
        {
            page.Append(Invariant($"## {section.Title}\n\n"));
            Paragraph(page, texts.GetValueOrDefault(section.Title) ?? "");
            if (section.Comparison is { } comparison) Section(page, section, comparison);
            else page.Append(Invariant($"Not run: {section.Skipped}\n\n"));
        }

        Paragraph(page, sweep.Notes);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Section(StringBuilder page, SweepResult section, ResultDocument comparison)
    {
        page.Append(Invariant($"`{comparison.Model.File}`, {Quantity.Count.Format(comparison.Model.Macs).Trim()} multiply-accumulates a sample; {Quantity.Whole(comparison.Data.Samples)} samples of the workload `{section.Workload}`"));
        if (comparison.Calibration is { } calibration)
        {
            page.Append(Invariant($", calibrated on {Quantity.Whole(calibration.Samples)}"));
            if (calibration.EvaluatedToo > 0) page.Append(Invariant($", {Quantity.Whole(calibration.EvaluatedToo)} of them evaluated too"));
        }

        page.Append(".\n\n");
        var isText = comparison.Results[0].Metric == MetricNames.Perplexity;
        page.Append(Invariant($"| recipe | {(isText ? "perplexity" : comparison.Results[0].Metric == MetricNames.Top1 ? "top-1" : "agreement")} | lost / gained | agreement | output MSE | bits w / a | weights | energy |\n"));
        page.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var result in comparison.Results) Row(page, result, isText);
        page.Append('\n');
        Notes(page, comparison.Results);
        foreach (var savings in comparison.Results.Where(result => result.Cost.Operations.ContainsKey("macs.skipped"))) page.Append(Invariant($"- `{savings.Recipe}`: {Skipped(savings)}\n"));
        foreach (var recipe in section.LeftOut) page.Append(Invariant($"- `{recipe.Recipe}` is left out: {recipe.Reason}\n"));
        page.Append('\n');
    }

    private static void Row(StringBuilder page, RecipeResult result, bool isText)
    {
        var isBaseline = result.CanonicalRecipe == "fp32";
        var metric = isText ? Invariant($"{result.Value:0.00}") : Invariant($"{Quantity.Percent(result.Value)} ({result.Correct})");
        var flips = isBaseline ? "—" : $"−{Quantity.Whole(result.Flips.Lost)} / +{Quantity.Whole(result.Flips.Gained)}";
        page.Append(Invariant($"| `{result.Recipe}` | {metric} | {flips} | {(isBaseline ? "—" : Quantity.Percent(result.Agreement, 1))} | {(isBaseline ? "—" : Quantity.Significant(result.MeanSquaredError))} "));
        page.Append(Invariant($"| {Quantity.Bits(result.Cost.WeightBits)} / {Quantity.Bits(result.Cost.ActivationBits)} | {Quantity.Memory.Format(result.Cost.WeightBytes)} | {Quantity.Energy.Format(result.Cost.EnergyPicojoules)} |\n"));
    }

    /// <summary>Layers between the ends that are not treated as recipes say, and why most of them are not.</summary>
    private static void Notes(StringBuilder page, IReadOnlyList<RecipeResult> results)
    {
        var notes = results.Select(result => (result.Recipe, Layers: result.Layers.Skip(1).SkipLast(1).Where(layer => layer.Note is not null).ToArray())).Where(entry => entry.Layers.Length > 0);
        foreach (var same in notes.GroupBy(entry => (entry.Layers.Length, entry.Layers.GroupBy(layer => layer.Note).MaxBy(group => group.Count())!.Key)))
            page.Append(Invariant($"- {string.Join(", ", same.Select(entry => $"`{entry.Recipe}`"))}: {same.Key.Length} inner layers otherwise ({same.Key.Key})\n"));
    }

    private static string Skipped(RecipeResult result)
    {
        var operations = result.Cost.Operations;
        return Invariant($"{Quantity.Percent(operations["macs.skipped"] / operations["macs.predicted"], 1)} of the predicted layers' multiply-accumulates are skipped, {Quantity.Percent(operations["macs.skipped"] / result.Cost.Macs, 1)} of the network's; energy is that of computing all");
    }

    private static void Paragraph(StringBuilder page, string text)
    {
        if (text.Trim().Length > 0) page.Append(text.Trim()).Append("\n\n");
    }
}

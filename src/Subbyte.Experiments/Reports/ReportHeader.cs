namespace Subbyte.Experiments.Reports;

/// <summary>What was compared, on what, with which data and machine; warnings; the shortest answer.</summary>
internal static class ReportHeader
{
    // How far below fp32 a recipe may be and still count as "within a point".
    private const double Tolerance = 0.01 + 1e-9;

    /// <summary>Writes the header.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="document">The document.</param>
    /// <param name="entries">Its results, numbered.</param>
    public static void Write(MarkupWriter html, ResultDocument document, IReadOnlyList<RecipeEntry> entries)
    {
        using var header = html.In("header");
        html.Leaf("p", "Subbyte comparison", ("class", "kicker"));
        html.Leaf("h1", document.Model.File);
        WriteLead(html, document, entries);
        if (document.Calibration is { EvaluatedToo: > 0 } overlap) WriteOverlap(html, overlap);
        WriteFacts(html, document);
        WriteNavigation(html, entries);
    }

    private static void WriteLead(MarkupWriter html, ResultDocument document, IReadOnlyList<RecipeEntry> entries)
    {
        using (html.In("p", ("class", "lead")))
        {
            html.Text($"{Quantity.Whole(entries.Count)} {(entries.Count == 1 ? "recipe" : "recipes")} on {Quantity.Whole(document.Data.Samples)} samples of ");
            html.Leaf("b", document.Data.Spec);
            html.Text(".");
            if (entries.Count > 0) html.Text($" fp32 reaches {Metrics.Text(entries[0].Result, entries[0].Result.Baseline)} ({Metrics.Name(entries[0].Result.Metric)}).");
        }

        var cheapest = new[] { CostMeasure.Energy, CostMeasure.Weights }.Where(_ => entries.Any(entry => !entry.IsBaseline)).ToArray();
        if (cheapest.Length == 0) return;
        using var list = html.In("ul", ("class", "answers"));
        foreach (var measure in cheapest) WriteCheapest(html, entries, measure);
    }

    private static void WriteCheapest(MarkupWriter html, IReadOnlyList<RecipeEntry> entries, CostMeasure measure)
    {
        using var item = html.In("li");
        html.Leaf("span", $"Least {measure.Name.ToLowerInvariant()} within one {(Metrics.IsPerplexity(entries[0].Result) ? "per cent" : "point")} of fp32", ("class", "question"));
        var best = entries.Where(entry => !entry.IsBaseline && Metrics.Score(entry.Result, entry.Result.Value) >= Metrics.Score(entry.Result, entry.Result.Baseline) - Tolerance && measure.Positive(entry.Result) is not null).MinBy(entry => measure.Of(entry.Result));
        if (best is null)
        {
            html.Text("no recipe");
            return;
        }

        best.WriteChip(html);
        html.Text(" ");
        html.Name("b", best.Result.Recipe);
        var cost = measure.Of(best.Result)!.Value;
        html.Text(" — ");
        html.Leaf("span", Metrics.Text(best.Result, best.Result.Value), ("class", "figure"));
        html.Text(", ");
        html.Leaf("span", measure.Quantity.Format(cost), ("class", "figure"));
        if (entries.FirstOrDefault(entry => entry.IsBaseline) is { } baseline && measure.Positive(baseline.Result) is { } full)
            html.Text($", {Quantity.Significant(full / cost)} times less than fp32");
    }

    private static void WriteOverlap(MarkupWriter html, CalibrationDescription calibration)
    {
        using var warning = html.In("aside", ("class", "warning"), ("role", "note"));
        html.Leaf("strong", "The methods saw data that they are judged on. ");
        html.Text($"{Quantity.Whole(calibration.EvaluatedToo)} of the {Quantity.Whole(calibration.Samples)} calibration samples are evaluated too, so the figures flatter the methods. Calibrate on another split for an honest comparison.");
    }

    private static void WriteFacts(MarkupWriter html, ResultDocument document)
    {
        using var list = html.In("dl", ("class", "facts"));
        var (model, data, machine) = (document.Model, document.Data, document.Machine);
        Fact(html, "Model", $"{model.File}: {Quantity.Count.Format(model.Macs)} multiply-accumulates a sample, {Quantity.Count.Format(model.Parameters)} parameters", model.Sha256);
        Fact(html, "Preprocessing", model.Preprocessing, null);
        Fact(html, "Data", $"{data.Spec}, split {data.Split}, {Quantity.Whole(data.Samples)} samples", data.Sha256);
        if (document.Calibration is { } calibration)
            Fact(html, "Calibration", $"{calibration.Spec}, {Quantity.Whole(calibration.Samples)} samples{(calibration.EvaluatedToo == 0 ? ", none of them evaluated" : "")}", calibration.Sha256);
        else
            Fact(html, "Calibration", "none: no method looked at data", null);
        Fact(html, "Machine", $"{machine.Processor}, {Quantity.Whole(machine.Cores)} cores, {Quantity.Whole(machine.Threads)} threads, instruction set {machine.InstructionSet}, {machine.Runtime}", null);
        Fact(html, "Subbyte", $"version {document.Version}, seed {Quantity.Whole(document.Seed)}, schema {document.Schema}", null);
    }

    private static void Fact(MarkupWriter html, string name, string text, string? sha256)
    {
        html.Leaf("dt", name);
        using var value = html.In("dd");
        html.Text(text);
        if (string.IsNullOrEmpty(sha256)) return;
        html.Text(" ");
        html.Leaf("code", "sha256 " + sha256, ("class", "hash"));
    }

    private static void WriteNavigation(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        using var navigation = html.In("nav", ("aria-label", "Sections"));
        if (entries.Count > 0)
        {
            html.Leaf("a", "Results", ("href", "#results"));
            html.Leaf("a", "Accuracy against cost", ("href", "#cost"));
            html.Leaf("a", "Layers", ("href", "#layers"));
            html.Leaf("a", "Recipes", ("href", "#recipes"));
        }

        html.Leaf("a", "Weights", ("href", "#weights"));
        html.Leaf("a", "How to read this", ("href", "#reading"));
    }
}

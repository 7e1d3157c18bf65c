namespace Subbyte.Experiments.Reports;

/// <summary>Every recipe in full, folded away: its options, its layers and its operations.</summary>
internal static class RecipesSection
{
    private static readonly ReportTable.Column[] LayerColumns =
    [
        new("Layer", null, true),
        new("kind", null, true),
        new("n", "output positions of one sample"),
        new("m", "output channels"),
        new("k", "length of a dot product"),
        new("MACs", "multiply-accumulates of one sample"),
        new("method", "what the layer runs under", true),
        new("SNR, dB", "signal against noise of the layer's output, on the input that it sees"),
        new("saturated", "inputs beyond the range of the codes"),
        new("weight bits", "mean bits of a weight, scales included"),
        new("cycles", "modelled, for one sample"),
        new("energy", "modelled, for one sample"),
        new("note", "why the layer is not treated as the recipe says", true),
    ];

    private static readonly ReportTable.Column[] OperationColumns = [new("Operation", null, true), new("for one sample"), new("for one MAC", "relative to the multiply-accumulates of the fp32 network")];

    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="entries">The recipes.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        using var section = html.In("section", ("id", "recipes"));
        html.Leaf("h2", "Recipes, layer by layer");
        foreach (var entry in entries) WriteRecipe(html, entry);
        html.Leaf("p", "Signal-to-noise ratio (SNR) and saturation are measured; cycles and energies are modelled. A dash as SNR means that the layer adds no noise. Operations are counted as the page of each method defines them; where a method counts several ways, the names say which.", ("class", "note"));
    }

    private static void WriteRecipe(MarkupWriter html, RecipeEntry entry)
    {
        var result = entry.Result;
        using var details = html.In("details", ("class", "fold"));
        using (html.In("summary"))
        {
            html.Leaf("span", Quantity.Whole(entry.Number), ("class", "chip " + entry.Colour));
            html.Name("span", result.Recipe, ("class", "name"));
            html.Leaf("span", Metrics.Text(result, result.Value), ("class", "value"));
        }

        // A link to what is folded away unfolds it; one to the fold itself would not.
        using (html.In("p", ("id", entry.Anchor)))
        {
            html.Text("With every option: ");
            html.Name("code", result.CanonicalRecipe);
        }

        html.Leaf("p", $"Emulated at {Quantity.Significant(result.SamplesPerSecond)} samples a second, {Quantity.Significant(result.Seconds)} s in all, measured on this machine: the speed of the emulation, not of the method.");
        ReportTable.Write(html, "Layers under " + result.Recipe, "plain", LayerColumns, () =>
        {
            foreach (var layer in result.Layers) WriteLayer(html, layer);
        });
        if (result.Cost.Operations.Count == 0) return;
        ReportTable.Write(html, "Operations of " + result.Recipe, "plain short", OperationColumns, () => WriteOperations(html, result.Cost));
    }

    private static void WriteLayer(MarkupWriter html, LayerResult layer)
    {
        using var row = html.In("tr");
        html.Name("th", layer.Name, ("scope", "row"), ("class", "text"));
        ReportTable.Text(html, LayersSection.KindInWords(layer.Kind));
        ReportTable.Number(html, Quantity.Whole(layer.N));
        ReportTable.Number(html, Quantity.Whole(layer.M));
        ReportTable.Number(html, Quantity.Whole(layer.K));
        ReportTable.Number(html, Quantity.Count.Format(layer.Macs));
        ReportTable.Text(html, layer.Method);
        ReportTable.Number(html, layer.SignalToNoiseDecibels is { } decibels ? Quantity.Decibels(decibels) : "—");
        ReportTable.Number(html, layer.Saturated == 0 ? "0" : Quantity.Percent(layer.Saturated));
        ReportTable.Number(html, Quantity.Bits(layer.WeightBits));
        ReportTable.Number(html, Quantity.Count.Format(layer.Cycles));
        ReportTable.Number(html, Quantity.Energy.Format(layer.EnergyPicojoules));
        ReportTable.Text(html, layer.Note ?? "");
    }

    private static void WriteOperations(MarkupWriter html, CostResult cost)
    {
        foreach (var (name, count) in cost.Operations.OrderBy(operation => operation.Key, StringComparer.Ordinal))
        {
            using var row = html.In("tr");
            html.Leaf("th", name, ("scope", "row"), ("class", "text"));
            ReportTable.Number(html, Quantity.Count.Format(count));
            ReportTable.Number(html, cost.Macs == 0 ? "—" : Quantity.Significant(count / cost.Macs));
        }
    }
}

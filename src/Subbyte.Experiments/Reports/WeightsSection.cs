using Subbyte.Lowering;

namespace Subbyte.Experiments.Reports;

/// <summary>A histogram of the float weights of every layer.</summary>
internal static class WeightsSection
{
    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="layers">The layers in execution order.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<DotProductLayer> layers)
    {
        using var section = html.In("section", ("id", "weights"));
        html.Leaf("h2", "Weights");
        if (layers.Count == 0)
        {
            html.Leaf("p", "No layers.");
            return;
        }

        using (html.In("div", ("class", "histograms")))
        {
            foreach (var layer in layers) WriteLayer(html, layer);
        }

        html.Leaf("p", "The fp32 weights of each layer, batch norms folded into them. The axis ends at the largest magnitude; the height is relative to the fullest bin. Kurtosis is 3 for a normal and 1.8 for a uniform distribution; the larger it is, the more of a uniform grid goes to a few outliers. Terms: mean number of signed powers of two in a weight's 8-bit code.", ("class", "note"));
    }

    private static void WriteLayer(MarkupWriter html, DotProductLayer layer)
    {
        var inspection = LayerInspection.Of(layer);
        using var figure = html.In("figure");
        WeightHistogram.Write(html, WeightHistogram.Count(layer.Weights.Span, inspection.LargestWeight));
        using (html.In("div", ("class", "ticks")))
        {
            var end = Quantity.Significant(inspection.LargestWeight);
            foreach (var tick in new[] { "−" + end, "0", end }) html.Leaf("span", tick);
        }

        using var caption = html.In("figcaption");
        html.Name("b", layer.Name);
        html.Leaf("small", $"{LayersSection.KindInWords(inspection.Kind)}, {Quantity.Whole(layer.Weights.Length)} weights");
        html.Leaf("small", $"kurtosis {Quantity.Significant(inspection.Kurtosis)}, {Quantity.Significant(inspection.MeanTerms)} terms{(inspection.Sparsity >= 0.0005 ? $", {Quantity.Percent(inspection.Sparsity, 1)} zero" : "")}");
    }
}

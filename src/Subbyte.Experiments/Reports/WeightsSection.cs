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

        html.Leaf("p", "The fp32 weights of each layer, batch norms folded into them. Zero is in the middle, the largest magnitude (max) at both ends; the height is relative to the fullest bin. A layer whose max lies many standard deviations (σ) out wastes much of a uniform grid. Kurtosis is 3 for a normal and 1.8 for a uniform distribution.", ("class", "note"));
    }

    private static void WriteLayer(MarkupWriter html, DotProductLayer layer)
    {
        var histogram = WeightHistogram.Of(layer);
        using var figure = html.In("figure");
        histogram.Write(html);
        using var caption = html.In("figcaption");
        html.Name("b", layer.Name);
        html.Leaf("small", $"{LayersSection.KindInWords(layer.Kind.ToString())}, {Quantity.Whole(layer.Weights.Length)} weights");
        html.Leaf("small", $"max {Quantity.Significant(histogram.Largest)}, σ {Quantity.Significant(histogram.Deviation)}");
        html.Leaf("small", $"kurtosis {Quantity.Significant(histogram.Kurtosis)}{(histogram.Zeros > 0 ? $", {Quantity.Percent(histogram.Zeros, 1)} zero" : "")}");
    }
}

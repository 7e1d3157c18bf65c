using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>The layers ranked by the error that they add, with a heat table of every recipe.</summary>
internal static class LayersSection
{
    private const int HeatLevels = 10;

    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    /// <param name="entries">The recipes.</param>
    public static void Write(MarkupWriter html, IReadOnlyList<RecipeEntry> entries)
    {
        using var section = html.In("section", ("id", "layers"));
        html.Leaf("h2", "Layers by the error they add");
        var ranking = LayerRanking.Of(entries);
        if (ranking.Recipes.Count == 0)
        {
            html.Leaf("p", ranking.Layers.Count == 0 ? "No layers." : "No recipe changes what any layer computes.");
            if (ranking.Layers.Count == 0) return;
        }

        WriteTable(html, ranking);
        html.Leaf("p", "Share: the layer's part of the error of all layers, the mean over the recipes. The numbered columns are recipes: noise in the layer's output as a percentage of its signal, against the fp32 layer on the same input, so errors that came in from earlier layers do not count. A stronger colour is worse, on a logarithmic scale; an empty cell is free of noise. Measured on the first samples of the data (256 unless set otherwise).", ("class", "note"));
    }

    /// <summary>A kind of layer in words.</summary>
    /// <param name="kind">Such as DepthwiseConvolution.</param>
    /// <returns>Such as depthwise convolution.</returns>
    public static string KindInWords(string kind)
        => string.Concat(kind.Select((letter, i) => char.IsAsciiLetterUpper(letter) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static void WriteTable(MarkupWriter html, LayerRanking ranking)
    {
        using var box = html.In("div", ("class", "scroll ranking"), ("role", "region"), ("tabindex", "0"), ("aria-label", "Layers by the error they add"));
        using var table = html.In("table");
        var macs = ranking.Layers.Sum(layer => (double)layer.Layer.Macs);
        var largest = Math.Max(1e-12, ranking.Layers.Max(layer => layer.MeanShare));
        using (html.In("thead"))
        {
            using var row = html.In("tr");
            html.Leaf("th", "Layer", ("scope", "col"), ("class", "text"));
            html.Leaf("th", "share of the error", ("scope", "col"), ("class", "text"));
            html.Leaf("th", "of the MACs", ("scope", "col"));
            foreach (var recipe in ranking.Recipes)
            {
                using var heading = html.In("th", ("scope", "col"), ("class", "heat"));
                recipe.WriteChip(html);
            }
        }

        using var body = html.In("tbody");
        foreach (var layer in ranking.Layers) WriteRow(html, layer, largest, macs);
    }

    private static void WriteRow(MarkupWriter html, RankedLayer layer, double largest, double macs)
    {
        using var row = html.In("tr");
        html.Name("th", layer.Layer.Name, ("scope", "row"), ("class", "text"), ("title", KindInWords(layer.Layer.Kind)));
        using (html.In("td", ("class", "text share")))
        {
            using (html.In("svg", ("class", "bar"), ("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")))
                html.Empty("rect", ("width", Invariant($"{100 * layer.MeanShare / largest:0.##}")), ("height", "10"));
            html.Text(Quantity.Percent(layer.MeanShare, 1));
        }

        html.Leaf("td", macs == 0 ? "—" : Quantity.Percent(layer.Layer.Macs / macs, 1));
        foreach (var noise in layer.Noise)
            html.Leaf("td", noise is { } share and > 0 ? NoisePercent(share) : "", ("class", noise is { } value and > 0 ? Invariant($"heat h{HeatLevel(value)}") : "heat"));
    }

    private static string NoisePercent(double share) => (100 * share) switch
    {
        >= 1000 => ">999",
        >= 9.95 => Invariant($"{100 * share:0}"),
        >= 0.995 => Invariant($"{100 * share:0.0}"),
        >= 0.00995 => Invariant($"{100 * share:0.00}"),
        _ => "<.01",
    };

    // Two levels a factor of ten, from 0.001 % of the signal to all of it.
    private static int HeatLevel(double share) => Math.Clamp((int)Math.Floor(2 * (Math.Log10(share) + 5)), 0, HeatLevels - 1);
}

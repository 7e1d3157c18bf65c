namespace Subbyte.Experiments.Reports;

/// <summary>A layer and the error that it adds.</summary>
/// <param name="Layer">The layer under the first recipe that has it, for its shape.</param>
/// <param name="MeanShare">Its share of the error of all layers, the mean over the recipes that add any; 0 to 1.</param>
/// <param name="Noise">Noise as a fraction of the layer's signal under each of those recipes, or null where the recipe lacks the layer.</param>
internal sealed record RankedLayer(LayerResult Layer, double MeanShare, IReadOnlyList<double?> Noise);

/// <summary>
/// The layers by the error that they add. The error of a layer is its output's noise as a fraction of its signal, measured on the input that
/// the layer sees, so errors of earlier layers are not charged again. Shares are taken within each recipe first: a coarse recipe does not
/// outvote the others.
/// </summary>
internal sealed class LayerRanking
{
    private LayerRanking(IReadOnlyList<RecipeEntry> recipes, IReadOnlyList<RankedLayer> layers) => (Recipes, Layers) = (recipes, layers);

    /// <summary>The recipes that add an error to any layer.</summary>
    public IReadOnlyList<RecipeEntry> Recipes { get; }

    /// <summary>The layers, the worst first; equal ones in the network's order.</summary>
    public IReadOnlyList<RankedLayer> Layers { get; }

    /// <summary>Ranks the layers.</summary>
    /// <param name="entries">The recipes.</param>
    /// <returns>The ranking.</returns>
    public static LayerRanking Of(IReadOnlyList<RecipeEntry> entries)
    {
        var recipes = entries.Where(entry => entry.Result.Layers.Any(layer => Noise(layer) > 0)).ToArray();
        var noises = recipes.Select(entry => entry.Result.Layers.DistinctBy(layer => layer.Name).ToDictionary(layer => layer.Name, Noise, StringComparer.Ordinal)).ToArray();
        var totals = noises.Select(noise => noise.Values.Sum()).ToArray();
        var layers = entries.SelectMany(entry => entry.Result.Layers).DistinctBy(layer => layer.Name).Select(layer => new RankedLayer(
            layer,
            recipes.Length == 0 ? 0 : Enumerable.Range(0, recipes.Length).Average(i => noises[i].GetValueOrDefault(layer.Name) / totals[i]),
            [.. noises.Select(noise => noise.TryGetValue(layer.Name, out var share) ? share : (double?)null)]));
        return new LayerRanking(recipes, [.. layers.OrderByDescending(layer => layer.MeanShare)]);
    }

    private static double Noise(LayerResult layer) => double.IsFinite(layer.NoiseShare) ? Math.Max(0, layer.NoiseShare) : 0;
}

using Subbyte.Experiments.Reports;

namespace Subbyte.Tests.Reports;

public sealed class LayerRankingTests
{
    [Fact]
    public void Layers_are_ranked_by_their_mean_share_of_each_recipes_error()
    {
        var ranking = Rank([("a", 0), ("b", 0), ("c", 0)], [("a", 0.01), ("b", 0.03), ("c", 0)], [("a", 1), ("b", 9), ("c", 10)]);
        ranking.Recipes.Select(recipe => recipe.Number).ShouldBe([2, 3]);
        ranking.Layers.Select(layer => layer.Layer.Name).ShouldBe(["b", "c", "a"]);
        ranking.Layers.Select(layer => layer.MeanShare).ShouldBe([0.6, 0.25, 0.15], 1e-12);
    }

    [Fact]
    public void A_layer_that_a_recipe_lacks_has_no_noise_there()
        => Rank([("a", 0.1)], [("a", 0.1), ("b", 0.3)]).Layers.Single(layer => layer.Layer.Name == "b").Noise.ShouldBe([null, 0.3]);

    [Fact]
    public void Without_noise_the_network_keeps_its_order()
    {
        var ranking = Rank([("z", 0), ("a", 0)]);
        ranking.Recipes.ShouldBeEmpty();
        ranking.Layers.Select(layer => layer.Layer.Name).ShouldBe(["z", "a"]);
    }

    private static LayerRanking Rank(params (string Name, double Noise)[][] recipes)
    {
        var document = SampleDocuments.Crowded(recipes.Length);
        var template = document.Results[0].Layers[0];
        return LayerRanking.Of(RecipeEntry.Of(document with
        {
            Results = [.. document.Results.Zip(recipes, (result, layers) => result with { Layers = [.. layers.Select(layer => template with { Name = layer.Name, NoiseShare = layer.Noise })] })],
        }));
    }
}

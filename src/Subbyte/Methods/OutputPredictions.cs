using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Methods;

/// <summary>Applies the output predictors of a recipe.</summary>
internal static class OutputPredictions
{
    /// <summary>The masks that a recipe puts over the feature maps of a network. The first convolution is left alone unless a step names it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network, after its passes.</param>
    /// <returns>Masks by the name of the ReLU that makes the map.</returns>
    /// <exception cref="UserErrorException">A step has nothing to predict, or two predict the same map.</exception>
    public static IReadOnlyDictionary<string, OutputPrediction> Of(Recipe recipe, Network network)
    {
        var predictions = new Dictionary<string, OutputPrediction>(StringComparer.Ordinal);
        var steps = recipe.Steps.Where(step => step.Component is IOutputPredictor).ToArray();
        if (steps.Length == 0) return predictions;
        var maps = PredictableMaps.Of(network);
        if (steps.FirstOrDefault(step => !maps.Any(map => Covers(step, map))) is { } idle) throw Idle(idle, maps);
        foreach (var map in maps)
        {
            var covering = steps.Where(step => Covers(step, map)).ToArray();
            if (covering.Length > 1)
                throw new UserErrorException($"layer '{map.Layer}': recipe steps '{covering[0].Canonical}' and '{covering[1].Canonical}' both predict its outputs; give each its own layers with layers= and except=");
            if (covering.Length == 1) predictions[map.Activation] = new OutputPrediction(map.Layer, ((IOutputPredictor)covering[0].Component).Predict(map));
        }

        return predictions;
    }

    private static bool Covers(RecipeStep step, PredictableMap map) => step.Covers(map.Layer) && (!map.IsFirst || step.NamesLayers);

    private static UserErrorException Idle(RecipeStep step, IReadOnlyList<PredictableMap> maps)
    {
        var names = maps.Count == 0 ? "this network has none" : $"this network's are {string.Join(", ", maps.Take(4).Select(map => map.Layer))}{(maps.Count > 4 ? " …" : "")}";
        return new UserErrorException($"recipe step '{step.Canonical}' predicts nothing: it needs convolutions after the first that are followed by a ReLU, with only a batch norm or an addition between; {names}");
    }
}

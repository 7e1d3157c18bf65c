using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods.Uniform;
using Subbyte.Networks;
using Subbyte.Networks.Passes;

namespace Subbyte.Methods;

/// <summary>Applies a recipe: folds constants and batch norms, runs network passes, predicts outputs, fills and lowers every layer, runs the passes after that.</summary>
public static class RecipeApplication
{
    /// <summary>Applies a recipe to a float network.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network; it is not changed.</param>
    /// <param name="calibrator">Calibration samples; may be null for fp32.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The low-bit network.</returns>
    /// <exception cref="UserErrorException">The recipe does not fit the network, or calibration samples are missing.</exception>
    public static LowBitNetwork Apply(this Recipe recipe, Network network, Calibrator? calibrator, CancellationToken cancellation = default)
    {
        network = recipe.Prepare(network, calibrator);
        var layers = new Dictionary<string, LoweredLayer>(StringComparer.Ordinal);
        if (recipe.IsFloat) return new LowBitNetwork(network, layers) { Predictions = OutputPredictions.Of(recipe, network) };
        if (calibrator is null) throw new UserErrorException($"recipe '{recipe.Text}' needs calibration samples; name some with --calibrate");
        var data = calibrator.For(network);
        CheckNamedLayers(recipe, data.Layers);
        foreach (var layer in data.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = new Lazy<NetworkStatistics>(() => new NetworkStatistics(new LowBitNetwork(network, layers), calibrator));
            var draft = new LayerDraft(layer) { LoweredPatches = (group, most) => before.Value.Layer(layer.Name).Patches(group, most) };
            if (recipe.Lower(draft) is { } lowered) layers[layer.Name] = lowered;
        }

        return recipe.Finish(network, layers, data, cancellation);
    }

    /// <summary>Lowers one layer.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>The lowered layer, or null where the recipe leaves it in fp32.</returns>
    /// <exception cref="UserErrorException">A step does not fit the layer.</exception>
    public static LoweredLayer? Lower(this Recipe recipe, DotProductLayer layer) => recipe.Lower(new LayerDraft(layer));

    /// <summary>Fills all slots of one layer: its codes and datapath before they become integer products.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>The draft, its weight slot filled, or null where the recipe leaves the layer in fp32.</returns>
    /// <exception cref="UserErrorException">A step does not fit the layer.</exception>
    public static LayerDraft? Draft(this Recipe recipe, DotProductLayer layer) => recipe.Fill(new LayerDraft(layer));

    /// <summary>Lowers one layer.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="draft">The layer, its slots empty.</param>
    /// <returns>The lowered layer, or null where the recipe leaves it in fp32.</returns>
    /// <exception cref="UserErrorException">A step does not fit the layer.</exception>
    public static LoweredLayer? Lower(this Recipe recipe, LayerDraft draft) => recipe.Fill(draft) is { } filled ? DatapathOf(filled).Lower(filled) : null;

    private static LayerDraft? Fill(this Recipe recipe, LayerDraft draft)
    {
        var layer = draft.Layer;
        var steps = recipe.Steps.Where(step => step.Component is ILayerMethod && step.Covers(layer.Name)).ToArray();
        if (steps.Length == 0) return null;
        // A step that names its layers means them, ends or not.
        if (layer.IsEnd && !steps.Any(step => step.NamesLayers))
        {
            var ends = recipe.Settings.Ends;
            if (ends == EndLayers.Method) ends = steps.All(step => ((ILayerMethod)step.Component).CoversEnds) ? EndLayers.Same : EndLayers.Int8;
            if (ends == EndLayers.Float) return null;
            if (ends == EndLayers.Int8)
            {
                draft.Note = "first or last layer: uniform int8";
                return Filled(draft);
            }
        }

        foreach (var step in steps) ((ILayerMethod)step.Component).Fill(draft);
        return Filled(draft);
    }

    /// <summary>What a recipe does to the float network before its layers are lowered: folding and network passes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network; it is not changed.</param>
    /// <param name="calibrator">Calibration samples; may be null where no pass needs them.</param>
    /// <returns>The network that layers are taken from.</returns>
    public static Network Prepare(this Recipe recipe, Network network, Calibrator? calibrator)
    {
        network = recipe.Settings.KeepBatchNorms ? ConstantFolding.Apply(network) : BatchNormFolding.Apply(network);
        network = recipe.Steps.Select(step => step.Component).OfType<INetworkPass>().Aggregate(network, (current, pass) => pass.Apply(current));
        return recipe.Steps.Select(step => step.Component).OfType<ICalibratedPass>().Aggregate(network, (current, pass) => pass.Apply(current, calibrator));
    }

    /// <summary>What a recipe does after its layers are lowered: predictions and lowered passes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The prepared network.</param>
    /// <param name="layers">Lowered layers by name.</param>
    /// <param name="data">Calibration data of the prepared network.</param>
    /// <param name="cancellation">Cancels the passes.</param>
    /// <returns>The low-bit network.</returns>
    public static LowBitNetwork Finish(this Recipe recipe, Network network, IReadOnlyDictionary<string, LoweredLayer> layers, CalibrationData data, CancellationToken cancellation)
        => recipe.Steps.Select(step => step.Component).OfType<ILoweredPass>()
            .Aggregate(new LowBitNetwork(network, layers) { Predictions = OutputPredictions.Of(recipe, network) }, (current, pass) => pass.Apply(current, data, cancellation));

    /// <summary>Completes a draft: the datapath's own preferences, then uniform eight bits, then the lowering.</summary>
    /// <param name="draft">The draft.</param>
    /// <returns>The lowered layer.</returns>
    /// <exception cref="UserErrorException">The datapath cannot take the codes that other steps made.</exception>
    public static LoweredLayer Complete(LayerDraft draft) => DatapathOf(draft).Lower(Filled(draft));

    private static IDatapath DatapathOf(LayerDraft draft) => draft.Datapath ?? ExactDatapath.Instance;

    private static LayerDraft Filled(LayerDraft draft)
    {
        var datapath = DatapathOf(draft);
        datapath.FillEmptySlots(draft);
        DefaultSlots.Fill(draft);
        if (draft.Weights!.HasGroupScales && !datapath.TakesGroupScales)
            throw new UserErrorException($"layer '{draft.Layer.Name}': {datapath.Name} takes one weight scale for each output channel, and {draft.Weights.FilledBy} has one for each group of inputs; leave out its option 'group'");
        return datapath.Refuses(draft) is { } reason ? throw new UserErrorException($"layer '{draft.Layer.Name}': {reason}") : draft;
    }

    /// <summary>A step whose globs match nothing would silently leave the network as it is.</summary>
    private static void CheckNamedLayers(Recipe recipe, IReadOnlyList<DotProductLayer> layers)
    {
        if (recipe.Steps.FirstOrDefault(step => step.NamesLayers && !layers.Any(layer => step.Covers(layer.Name))) is not { } idle) return;
        var names = string.Join(", ", layers.Take(4).Select(layer => layer.Name));
        throw new UserErrorException($"recipe step '{idle.Canonical}' covers no layer; the network's are named {names}{(layers.Count > 4 ? " …" : "")} ('subbyte inspect' lists them)");
    }
}

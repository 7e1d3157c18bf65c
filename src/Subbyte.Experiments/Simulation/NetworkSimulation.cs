using Subbyte.Costs;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Prediction;

namespace Subbyte.Experiments;

/// <summary>The layers of a network on an accelerator, with real activations or with drawn ones.</summary>
/// <param name="simulator">The accelerator.</param>
public sealed class NetworkSimulation(ArraySimulator simulator)
{
    private const string Plain = "int8";

    /// <summary>The shapes of a topology on conventional elements, or with drawn values under a recipe.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="recipe">The recipe, or null for shapes alone.</param>
    /// <param name="seed">Seed of the drawn values.</param>
    /// <param name="threads">Worker threads; layers do not depend on each other, so the figures do not depend on them.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The layers.</returns>
    public IReadOnlyList<LayerSimulation> Run(Topology topology, Recipe? recipe, int seed, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topology);
        if (recipe is null) return [.. topology.Layers.Select(simulator.Run)];
        Refuse(recipe, step => step.Component is INetworkPass or ICalibratedPass, "changes a network, and a topology has only its shapes; give the network as ONNX");
        RefuseWithoutData(recipe);
        return Each(topology.Layers, threads, (layer, index) =>
            Drawn(recipe, DrawnLayer.Of(layer, index, index == topology.Layers.Count - 1, seed), layer.Shape.InputElements, seed, cancellation));
    }

    /// <summary>A network's layers with their own weights and drawn activations.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recipe">The recipe, or null for uniform eight bits.</param>
    /// <param name="seed">Seed of the drawn values.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The layers.</returns>
    public IReadOnlyList<LayerSimulation> Run(Network network, Recipe? recipe, int seed, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        recipe ??= Recipe.Parse(Plain);
        RefuseWithoutData(recipe);
        network = recipe.Prepare(network, calibrator: null);
        var inputs = InputElements(network);
        return Each(LayerList.Of(network), threads, (layer, _) => Drawn(recipe, DrawnLayer.Of(layer), inputs[layer.Name], seed, cancellation));
    }

    /// <summary>A network on its data.</summary>
    /// <param name="workbench">Network and data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The layers.</returns>
    public IReadOnlyList<LayerSimulation> Run(Workbench workbench, Recipe recipe, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workbench);
        var network = workbench.Apply(recipe, cancellation);
        var inputs = InputElements(network.Network);
        var layers = workbench.Layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        var masks = new CountedMasks(simulator.Configuration, layers);
        var observed = network.With(network.Layers.ToDictionary(layer => layer.Key, layer => simulator.Observed(layer.Value), StringComparer.Ordinal));
        return [.. workbench.CountCosts(observed, cancellation, masks).Select(counted =>
            simulator.Run(new LayerWork(layers[counted.Name], network.Layers.GetValueOrDefault(counted.Name), counted.Cost, inputs[counted.Name]) { Computed = masks.Of(counted.Name) }))];
    }

    /// <summary>What a step would do to a network's layers must not be missing from the figures without a word.</summary>
    private static void RefuseWithoutData(Recipe recipe)
        => Refuse(recipe, step => step.Component is ILoweredPass or IOutputPredictor, "looks at real activations; give --data, and --calibrate");

    private static void Refuse(Recipe recipe, Func<RecipeStep, bool> isRefused, string why)
    {
        if (recipe.Steps.FirstOrDefault(isRefused) is { } step) throw new UserErrorException($"recipe step '{step.Canonical}' {why}");
    }

    private static LayerSimulation[] Each<T>(IReadOnlyList<T> layers, int threads, Func<T, int, LayerSimulation> simulate)
    {
        var simulated = new LayerSimulation[layers.Count];
        Threading.ForEach(threads, layers.Count, index => simulated[index] = simulate(layers[index], index));
        return simulated;
    }

    private LayerSimulation Drawn(Recipe recipe, DotProductLayer layer, long inputElements, int seed, CancellationToken cancellation)
    {
        var lowered = recipe.Lower(layer);
        var cost = lowered is null ? ProductCost.Float(layer).Count(0) : DrawnLayer.Count(simulator.Observed(lowered), seed, cancellation);
        return simulator.Run(new LayerWork(layer, lowered, cost, inputElements));
    }

    private static Dictionary<string, long> InputElements(Network network)
        => ExecutionPlan.Compile(network).DotProducts.ToDictionary(
            product => product.LayerName,
            product => (long)product.Geometry.InHeight * product.Geometry.InWidth * product.Geometry.InChannels,
            StringComparer.Ordinal);

    /// <summary>What predictions leave to be computed, layer by layer.</summary>
    private sealed class CountedMasks(ArrayConfiguration configuration, IReadOnlyDictionary<string, DotProductLayer> layers) : IMaskObserver
    {
        private readonly Dictionary<string, ComputedOutputs> _computed = new(StringComparer.Ordinal);

        public ComputedOutputs? Of(string layer) => _computed.GetValueOrDefault(layer);

        public void Decided(string layer, IOutputMask mask, ReadOnlySpan<uint> keep)
        {
            if (!_computed.TryGetValue(layer, out var computed)) _computed[layer] = computed = new ComputedOutputs(Shape(layers[layer]), configuration.Array, configuration.Dataflow);
            computed.Observe(keep, mask.ComputedFirst);
        }

        private static MatrixShape Shape(DotProductLayer layer) => new(layer.Positions, layer.Outputs / layer.Groups, layer.Depth, layer.Groups);
    }
}

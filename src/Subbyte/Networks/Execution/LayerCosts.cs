using Subbyte.Costs;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Prediction;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>
/// Counts what each dot-product layer costs. Costs that depend on data are shown the base codes of every sample that is run, and what a
/// prediction skips is counted; fp32 layers cost their multiply-accumulates. The plan must be compiled with a batch of 1; used by one thread.
/// </summary>
public sealed class LayerCosts : IExecutionObserver
{
    private readonly List<(string Name, ICostCounter Counter)> _counters = [];
    private readonly Dictionary<string, ICostCounter> _observing = new(StringComparer.Ordinal);

    private readonly Dictionary<string, SkipCounter> _skips = new(StringComparer.Ordinal);
    private readonly IMaskObserver? _masks;

    /// <summary>Starts counting.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="layers">The network's dot-product layers, for the cost of those that run in fp32.</param>
    /// <param name="masks">Told what predictions skip, or null.</param>
    public LayerCosts(ExecutionPlan plan, IEnumerable<DotProductLayer> layers, IMaskObserver? masks = null)
    {
        _masks = masks;
        var known = layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        foreach (var product in plan.DotProducts)
        {
            var model = product.Lowered?.Cost ?? ProductCost.Float(known[product.LayerName]);
            var counter = model.Start();
            _counters.Add((product.LayerName, counter));
            if (model.NeedsRows) _observing[product.LayerName] = counter;
        }

        var depths = plan.DotProducts.ToDictionary(product => product.LayerName, product => product.Geometry.Depth, StringComparer.Ordinal);
        foreach (var prediction in plan.Steps.Select(step => step.Plan).OfType<PredictionPlan>()) _skips[prediction.LayerName] = new SkipCounter(depths[prediction.LayerName]);
    }

    /// <summary>Whether any layer's cost depends on data, so that samples must be run.</summary>
    public bool NeedsSamples => _observing.Count > 0 || _skips.Count > 0;

    /// <summary>What the predicted layers skipped in all samples that were run, by layer name.</summary>
    public IReadOnlyDictionary<string, SkipCounter> Skips => _skips;

    /// <inheritdoc/>
    public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        if (plan is PredictionPlan prediction) CountSkips(prediction, inputs[0]!.AsSpan<float>());
        if (plan is not IDotProductPlan { Lowered.Input: { } quantizer } product || !_observing.TryGetValue(product.LayerName, out var counter)) return;
        var g = product.Geometry;
        var values = inputs[0]!.AsSpan<float>();
        var codes = new short[values.Length];
        quantizer.Encode(values, codes);
        var rows = new short[g.Positions * g.Depth];
        for (var group = 0; group < g.Groups; group++)
        {
            Im2Col.Pack<short>(codes, g, group, 0, g.Positions, (short)quantizer.ZeroPoint, rows, g.Depth);
            counter.Observe(rows, group);
        }
    }

    /// <summary>The cost of each layer for one sample, in execution order.</summary>
    /// <param name="samples">Number of samples that were run.</param>
    /// <returns>Names and costs.</returns>
    public IReadOnlyList<(string Name, LayerCost Cost)> Count(int samples)
        => [.. _counters.Select(counter => (counter.Name, Skipping(counter.Name, counter.Counter.Count(samples), samples)))];

    private LayerCost Skipping(string layer, LayerCost cost, int samples) => _skips.TryGetValue(layer, out var skips) ? skips.AddTo(cost, samples) : cost;

    private void CountSkips(PredictionPlan prediction, ReadOnlySpan<float> map)
    {
        var keep = new uint[map.Length];
        prediction.Mask.Decide(map, keep);
        _skips[prediction.LayerName].Observe(map, keep);
        _masks?.Decided(prediction.LayerName, prediction.Mask, keep);
    }
}

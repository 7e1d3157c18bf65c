using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Reproduction;

/// <summary>
/// Compares the integer sums of each lowered layer with those of the network that runs, on the inputs that the layer has there. Both must
/// scale their sums alike.
/// </summary>
internal sealed class SumErrors : IExecutionObserver
{
    private readonly Dictionary<string, NodePlan> _plans;
    private readonly List<string> _layers = [];
    private readonly Dictionary<string, (double Noise, double Signal)> _sums = new(StringComparer.Ordinal);

    /// <summary>Starts a comparison.</summary>
    /// <param name="network">The network whose sums are compared.</param>
    public SumErrors(LowBitNetwork network)
        => _plans = ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false }).DotProducts.Where(plan => plan.Lowered is not null).ToDictionary(plan => plan.LayerName, plan => (NodePlan)plan, StringComparer.Ordinal);

    /// <summary>Squared differences over squared sums, in execution order.</summary>
    public LayerFigures Figures => new([.. _layers.Select(layer => _sums[layer].Noise)], [.. _layers.Select(layer => _sums[layer].Signal)]);

    /// <inheritdoc/>
    public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        if (plan is not IDotProductPlan { Lowered: { } lowered } product || !_plans.TryGetValue(product.LayerName, out var other)) return;
        var output = Tensor.Zeros(ElementType.Float32, outputs[0].Dimensions);
        other.Run(inputs, [output], new byte[other.ScratchBytes]);
        var scales = lowered.Groups.Count > 0 ? lowered.Groups[0].Scales : [.. Enumerable.Repeat(1f, lowered.Layer.Outputs)];
        var exact = outputs[0].AsSpan<float>();
        var actual = output.AsSpan<float>();
        var bias = lowered.Layer.Bias.Span;
        if (!_sums.TryGetValue(product.LayerName, out var sums)) _layers.Add(product.LayerName);
        for (var i = 0; i < exact.Length; i++)
        {
            var channel = i % scales.Length;
            var sum = (exact[i] - (double)bias[channel]) / scales[channel];
            var difference = (exact[i] - (double)actual[i]) / scales[channel];
            sums.Signal += sum * sum;
            sums.Noise += difference * difference;
        }

        _sums[product.LayerName] = sums;
    }
}

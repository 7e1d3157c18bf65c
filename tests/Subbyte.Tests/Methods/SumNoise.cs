using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Tests.Methods;

/// <summary>Signal and noise of each layer's integer sums under several networks, on the inputs that it has in another one.</summary>
internal sealed class SumNoise : IExecutionObserver
{
    private readonly Dictionary<string, int> _layers;
    private readonly Dictionary<string, NodePlan>[] _plans;
    private readonly double[] _signal;
    private readonly double[][] _noise;

    public SumNoise(DotProductLayer[] layers, LowBitNetwork[] networks)
    {
        _layers = layers.Select((layer, i) => (layer.Name, i)).ToDictionary(layer => layer.Name, layer => layer.i);
        _plans = [.. networks.Select(network => ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false }).DotProducts.ToDictionary(plan => plan.LayerName, plan => (NodePlan)plan))];
        _signal = new double[layers.Length];
        _noise = [.. networks.Select(_ => new double[layers.Length])];
    }

    /// <summary>Squared error of a network's sums over the squares of the exact ones, layer by layer.</summary>
    public double[] RelativeErrors(int network) => [.. _noise[network].Zip(_signal, (noise, signal) => noise / signal)];

    public double[] Decibels(int network) => [.. _signal.Zip(_noise[network], (signal, noise) => 10 * Math.Log10(signal / noise))];

    public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        if (plan is not IDotProductPlan { Lowered: { } lowered } product) return;
        var layer = _layers[product.LayerName];
        var exact = Sums(outputs[0], lowered);
        _signal[layer] += exact.Sum(sum => sum * sum);
        for (var i = 0; i < _plans.Length; i++)
        {
            var other = _plans[i][product.LayerName];
            var output = Tensor.Zeros(ElementType.Float32, outputs[0].Dimensions);
            other.Run(inputs, [output], new byte[other.ScratchBytes]);
            _noise[i][layer] += exact.Zip(Sums(output, lowered), (a, b) => (a - b) * (a - b)).Sum();
        }
    }

    private static double[] Sums(Tensor output, LoweredLayer layer)
    {
        var scales = layer.Groups[0].Scales;
        var bias = layer.Layer.Bias.Span;
        var values = output.AsSpan<float>();
        var sums = new double[values.Length];
        for (var i = 0; i < sums.Length; i++) sums[i] = (values[i] - (double)bias[i % scales.Length]) / scales[i % scales.Length];
        return sums;
    }
}

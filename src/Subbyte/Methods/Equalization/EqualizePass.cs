using Subbyte.Calibration;
using Subbyte.Networks;
using Subbyte.Networks.Passes;
using Subbyte.Tensors;

namespace Subbyte.Methods.Equalization;

/// <summary>
/// Cross-layer equalization: channels between two layers are scaled so that the weights that make a channel have the same range as those that read
/// it, s = √(r₁/r₂), which a ReLU lets through (Nagel, van Baalen, Blankevoort, Welling, ICCV 2019, section 4.1); on request, what a channel's
/// activation hardly ever falls below moves to the next bias (section 4.1.3).
/// </summary>
/// <param name="options">Options.</param>
public sealed class EqualizePass(EqualizeOptions options) : INetworkPass, ICalibratedPass
{
    private const string Name = "equalize";
    private const double Converged = 1e-3;
    private const double Deviations = 3;

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<EqualizeOptions>(
        Name,
        "scales the channels between layers so that the weights on both sides have the same range",
        "Nagel, van Baalen, Blankevoort, Welling: Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019",
        options => new EqualizePass(options),
        "equalize + int8:granularity=per-tensor",
        "equalize + int8:granularity=per-tensor + bias-correction");

    /// <inheritdoc/>
    public Network Apply(Network network)
    {
        var layers = Layers(network);
        var pairs = LayerPairs.Of(network, layers, options.Clamp);
        if (pairs.Count == 0) return network;
        var scales = pairs.ToDictionary(pair => pair, pair => Enumerable.Repeat(1.0, layers[pair.First].Outputs).ToArray());
        for (var sweep = 0; sweep < options.Sweeps; sweep++)
        {
            double largest = 0;
            foreach (var pair in pairs)
            {
                var step = Scales(layers[pair.First].OutputRanges(), layers[pair.Second].InputRanges());
                layers[pair.First].DivideOutputs(step);
                layers[pair.Second].MultiplyInputs(step);
                for (var c = 0; c < step.Length; c++)
                {
                    scales[pair][c] *= step[c];
                    largest = Math.Max(largest, Math.Abs(step[c] - 1));
                }
            }

            if (largest < Converged) break;
        }

        return Replace(network, layers, pairs, pair => scales[pair]);
    }

    /// <inheritdoc/>
    public Network Apply(Network network, Calibrator? calibrator)
    {
        if (!options.Absorb) return network;
        if (calibrator is null) throw new UserErrorException($"recipe step '{Name}': absorb needs calibration samples; name some with --calibrate");
        var layers = Layers(network);
        var statistics = calibrator.For(network).Layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        var nodes = network.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var pairs = LayerPairs.Of(network, layers, ClampRule.Keep)
            .Where(pair => pair.Between is [var relu] && nodes[relu].OpType == "Relu" && layers[pair.Second] is { HasNoPadding: true, TakesBias: true } && layers[pair.First].TakesBias && statistics.ContainsKey(pair.First))
            .ToArray();
        foreach (var pair in pairs)
        {
            double[] floors = [.. OutputFloors(statistics[pair.First])];
            layers[pair.First].Shift([.. floors.Select(floor => -floor)]);
            layers[pair.Second].Shift(layers[pair.Second].Image(floors));
        }

        return pairs.Length == 0 ? network : Replace(network, layers, pairs, null);
    }

    /// <summary>
    /// √(r₁/r₂). A channel that one side has no weights for (folding a batch norm leaves some) may have any scale: the other side's range comes down
    /// to the middle one of the channels in use.
    /// </summary>
    internal static double[] Scales(float[] first, float[] second)
    {
        var used = first.Zip(second, (a, b) => Math.Sqrt(a * (double)b)).Where(range => range > 0).Order().ToArray();
        var middle = used.Length == 0 ? 0 : used[used.Length / 2];
        return [.. first.Zip(second, (a, b) => Scale(a, b, middle)).Select(scale => scale > 0 && double.IsFinite(scale) ? scale : 1)];
    }

    private static double Scale(double first, double second, double middle) => (first > 0, second > 0) switch
    {
        (true, true) => Math.Sqrt(first / second),
        (false, true) => Math.Min(1, middle / second),
        (true, false) => Math.Max(1, first / middle),
        _ => 1,
    };

    /// <summary>max(0, mean − 3 deviations) of a layer's output before its ReLU.</summary>
    private static IEnumerable<double> OutputFloors(Lowering.DotProductLayer layer)
    {
        for (var m = 0; m < layer.Outputs; m++)
        {
            var moments = layer.Input.Moments((int)((long)m * layer.Groups / layer.Outputs));
            var output = OutputCorrection.OutputStatistics.Of(layer.Row(m), layer.Row(m), moments);
            yield return Math.Max(0, output.Mean + layer.Bias.Span[m] - (Deviations * Math.Sqrt(Math.Max(0, output.Variance))));
        }
    }

    private static Dictionary<string, ScalableLayer> Layers(Network network)
    {
        var layers = new Dictionary<string, ScalableLayer>(StringComparer.Ordinal);
        foreach (var node in network.Nodes)
        {
            if (ScalableLayer.Of(node, network) is { } layer) layers[node.Name] = layer;
        }

        return layers;
    }

    private Network Replace(Network network, Dictionary<string, ScalableLayer> layers, IReadOnlyList<LayerPair> pairs, Func<LayerPair, double[]>? scales)
    {
        var constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
        var changed = pairs.SelectMany(pair => new[] { pair.First, pair.Second }).ToHashSet(StringComparer.Ordinal);
        var clamps = new Dictionary<string, LayerPair>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            foreach (var name in pair.Between) clamps[name] = pair;
        }

        var nodes = new List<Node>();
        foreach (var node in network.Nodes)
        {
            if (changed.Contains(node.Name)) nodes.Add(layers[node.Name].ToNode(constants));
            else if (scales is not null && clamps.TryGetValue(node.Name, out var pair) && LayerPairs.UpperBound(node, network) is { } bound && float.IsFinite(bound)) nodes.AddRange(Bounded(node, bound, scales(pair), layers[pair.First].SpatialAxes, constants));
            else nodes.Add(node);
        }

        return network with { Nodes = nodes, Constants = UsedConstants.Of(network, nodes, constants) };
    }

    /// <summary>A ReLU, and a bound for each channel where the function must stay the same.</summary>
    private IEnumerable<Node> Bounded(Node clip, float bound, double[] scales, int spatialAxes, Dictionary<string, Tensor> constants)
    {
        if (options.Clamp == ClampRule.Relu) return [new Node { Name = clip.Name, OpType = "Relu", Inputs = [clip.Inputs[0]], Outputs = clip.Outputs }];
        var (positive, bounds) = ($"{clip.Name}.positive", $"{clip.Name}.bounds");
        constants[bounds] = Tensor.Of<float>([.. scales.Select(scale => (float)(bound / scale))], [scales.Length, .. Enumerable.Repeat(1, spatialAxes)]);
        return
        [
            new Node { Name = clip.Name, OpType = "Relu", Inputs = [clip.Inputs[0]], Outputs = [positive] },
            new Node { Name = $"{clip.Name}.bound", OpType = "Min", Inputs = [positive, bounds], Outputs = clip.Outputs },
        ];
    }
}

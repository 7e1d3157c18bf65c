using Subbyte.Formats;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Methods.Training;

/// <summary>How a layer was trained.</summary>
/// <param name="Weights">Codes of its weights, or null where they are float.</param>
/// <param name="Activations">Quantizer of its input, or null where that is float.</param>
/// <param name="ActivationParameters">Parameters of that quantizer.</param>
public sealed record TrainedLayer(WeightCodes? Weights, ITrainableActivations? Activations, IReadOnlyList<float[]> ActivationParameters);

/// <summary>
/// A trained low-bit network in ONNX's ordinary operators: weights as INT4 or INT8 tensors behind DequantizeLinear, activation quantizers written
/// out. A layer with one plane of weights multiplies codes (scale 1), which float32 carries exactly, and its scales follow; several planes are
/// dequantized with their scales and added.
/// </summary>
public static class TrainedNetwork
{
    private const long FourBitOpset = 21;

    /// <summary>Writes the trained form of a network.</summary>
    /// <param name="network">The float network, opset 13 or newer, with everything else trained in it.</param>
    /// <param name="layers">The layers that were trained with quantizers, by node name.</param>
    /// <returns>The network.</returns>
    /// <exception cref="UserErrorException">The network's opset is too old.</exception>
    public static Network Write(Network network, IReadOnlyDictionary<string, TrainedLayer> layers)
    {
        if (layers.Count == 0) return network;
        if (network.Opsets[""] < 13) throw new UserErrorException($"network '{network.Name}' uses opset {network.Opsets[""]}; a trained low-bit network needs 13 or newer: convert the model first");
        var shapes = TrainableLayers.Of(network).ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        var constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
        var fourBit = LowBitExporter.TakesFourBit(network);
        var nodes = new List<Node>();
        foreach (var node in network.Nodes)
        {
            if (!layers.TryGetValue(node.Name, out var trained))
            {
                nodes.Add(node);
                continue;
            }

            var graph = new CodeGraph(node.Name);
            new LayerForm(graph, node, shapes[node.Name], constants, fourBit).Add(trained);
            nodes.AddRange(graph.Nodes);
            foreach (var (name, tensor) in graph.Constants) constants[name] = tensor;
        }

        var read = nodes.SelectMany(node => node.Inputs).Concat(network.Outputs.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
        var opsets = new Dictionary<string, long>(network.Opsets, StringComparer.Ordinal);
        if (fourBit) opsets[""] = Math.Max(FourBitOpset, opsets[""]);
        return network with { Nodes = nodes, Constants = constants.Where(constant => read.Contains(constant.Key)).ToDictionary(StringComparer.Ordinal), Opsets = opsets };
    }

    /// <summary>One layer on its way into ONNX's operators.</summary>
    private sealed class LayerForm(CodeGraph graph, Node node, TrainableLayer layer, Dictionary<string, Tensor> constants, bool fourBit)
    {
        private readonly int _spatial = node.OpType == "Conv" ? node.Integers("kernel_shape")?.Length ?? constants[node.Inputs[1]].Rank - 2 : 0;

        public void Add(TrainedLayer trained)
        {
            var input = trained.Activations?.Express(graph, node.Inputs[0], new CodeShape(1, layer.InputChannels, layer.Depth / layer.KernelPositions, _spatial), trained.ActivationParameters) ?? node.Inputs[0];
            var bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null;
            if (trained.Weights is not { } weights)
            {
                graph.Add(node.OpType, bias is null ? [input, node.Inputs[1]] : [input, node.Inputs[1], bias], node.Attributes, node.Outputs[0]);
                return;
            }

            if (weights.Planes is [var plane]) AddScaledSum(input, plane, bias);
            else AddSummedPlanes(input, weights.Planes, bias);
        }

        private void AddScaledSum(string input, WeightPlane plane, string? bias)
        {
            var ones = Enumerable.Repeat(1f, layer.Outputs).ToArray();
            var sum = Product([input, Dequantized(plane, ones, "weight")]);
            int[] perChannel = [layer.Outputs, .. Enumerable.Repeat(1, _spatial)];
            var scale = graph.Constant("scale", Tensor.Of<float>(plane.Scales, perChannel));
            if (bias is null)
            {
                graph.Add("Mul", [sum, scale], null, node.Outputs[0]);
                return;
            }

            var shift = graph.Constant("bias", Tensor.Of<float>(constants[bias].AsSpan<float>().ToArray(), perChannel));
            graph.Add("Add", [graph.Add("Mul", [sum, scale]), shift], null, node.Outputs[0]);
        }

        private void AddSummedPlanes(string input, IReadOnlyList<WeightPlane> planes, string? bias)
        {
            string? sum = null;
            for (var i = 0; i < planes.Count; i++)
            {
                var plane = Dequantized(planes[i], planes[i].Scales, $"weight{i + 1}");
                sum = sum is null ? plane : graph.Add("Add", [sum, plane]);
            }

            Product(bias is null ? [input, sum!] : [input, sum!, bias], node.Outputs[0]);
        }

        private string Product(IReadOnlyList<string> inputs, string? output = null) => graph.Add(node.OpType, inputs, node.Attributes, output);

        private string Dequantized(WeightPlane plane, float[] scales, string name)
        {
            var (codes, dimensions) = WeightOrder.Stored<short>(node, layer, plane.Codes);
            var isFourBit = fourBit && plane.Range is { Lowest: >= -8, Highest: <= 7 };
            var tensor = isFourBit
                ? new Tensor(ElementType.Int4, dimensions, PackedIntegers.Pack(codes, ElementType.Int4))
                : Tensor.Of<sbyte>(codes.Select(code => checked((sbyte)code)).ToArray(), dimensions);
            long axis = node.OpType == "Conv" || node.Integer("transB", 0) != 0 ? 0 : 1;
            var zeros = graph.Constant(name + "_zero_point", Tensor.Zeros(tensor.ElementType, scales.Length));
            return graph.Add(
                "DequantizeLinear",
                [graph.Constant(name, tensor), graph.Constant(name + "_scale", Tensor.Of<float>(scales)), zeros],
                new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["axis"] = axis });
        }
    }
}

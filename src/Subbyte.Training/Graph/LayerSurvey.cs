using Subbyte.Lowering;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>The layers of a network that have trained weights, as methods see them.</summary>
internal static class LayerSurvey
{
    private static readonly HashSet<string> KeepSign = new(["MaxPool", "AveragePool", "GlobalAveragePool", "Flatten", "Reshape", "Dropout", "Identity", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Pad", "Concat", "ReduceMean"], StringComparer.Ordinal);

    /// <summary>Looks at a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nodes">The nodes that are trained.</param>
    /// <returns>Layers by the name of their node.</returns>
    public static IReadOnlyDictionary<string, TrainableLayer> Of(Network network, IReadOnlyList<Node> nodes)
    {
        Node[] layers = [.. nodes.Where(node => node.OpType is "Conv" or "Gemm" or "MatMul" && node.Inputs.Count > 1 && network.Constants.ContainsKey(node.Inputs[1]))];
        var makers = nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).Where(pair => pair.output.Length > 0).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        return layers.Index().ToDictionary(entry => entry.Item.Name, entry => Layer(network, nodes, makers, entry.Item) with { Index = entry.Index, Count = layers.Length }, StringComparer.Ordinal);
    }

    private static TrainableLayer Layer(Network network, IReadOnlyList<Node> nodes, Dictionary<string, Node> makers, Node node)
    {
        var weights = network.Constants[node.Inputs[1]];
        var isConvolution = node.OpType == "Conv";
        var groups = isConvolution ? (int)node.Integer("group", 1) : 1;
        var isTransposed = isConvolution || (node.OpType == "Gemm" && node.Integer("transB", 0) != 0);
        var outputs = weights.Dimensions[isTransposed || weights.Rank < 2 ? 0 : 1];
        var kernel = isConvolution ? (int)ElementTypes.ElementCount(weights.Dimensions[2..]) : 1;
        return new TrainableLayer
        {
            Name = node.Name,
            Index = 0,
            Count = 0,
            Kind = !isConvolution ? LayerKind.FullyConnected
                : groups == 1 ? LayerKind.Convolution
                : weights.Dimensions[1] == 1 ? LayerKind.DepthwiseConvolution
                : LayerKind.GroupedConvolution,
            Outputs = outputs,
            Depth = weights.Length / Math.Max(1, outputs),
            Groups = groups,
            KernelPositions = kernel,
            InputIsNonNegative = IsNonNegative(network, makers, node.Inputs[0]),
            IsShortcut = isConvolution && kernel == 1 && IsShortcut(nodes, node),
        };
    }

    private static bool IsNonNegative(Network network, Dictionary<string, Node> makers, string value)
    {
        while (makers.TryGetValue(value, out var node))
        {
            if (node.OpType is "Sigmoid" or "HardSigmoid" or "Softmax") return true;
            if (node.OpType is "Relu" or "Clip") return ClipBounds.Of(node, network).Lowest >= 0;
            if (node.OpType == "Concat") return node.Inputs.All(input => IsNonNegative(network, makers, input));
            if (!KeepSign.Contains(node.OpType)) return false;
            value = node.Inputs[0];
        }

        return false;
    }

    /// <summary>A 1×1 convolution whose input others read too, and whose output, perhaps normalized, is added to something.</summary>
    private static bool IsShortcut(IReadOnlyList<Node> nodes, Node node)
    {
        if (nodes.Count(other => other.Inputs.Contains(node.Inputs[0])) < 2) return false;
        var reader = Reader(node.Outputs[0]);
        if (reader?.OpType == "BatchNormalization") reader = Reader(reader.Outputs[0]);
        return reader?.OpType == "Add";

        Node? Reader(string value) => nodes.FirstOrDefault(other => other.Inputs.Contains(value));
    }
}

using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Methods.Training;

/// <summary>Finds the layers whose weights are trained: convolutions and fully connected layers with constant float weights.</summary>
public static class TrainableLayers
{
    /// <summary>The layers of a network, in execution order.</summary>
    /// <param name="network">The network.</param>
    /// <returns>One entry a layer; its name is its node's.</returns>
    public static IReadOnlyList<TrainableLayer> Of(Network network)
    {
        var nodes = network.Nodes.Where(node => IsLayer(node, network)).ToArray();
        var makers = network.Nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        var shortcuts = Shortcuts(network, makers);
        return [.. nodes.Select((node, index) => Layer(node, index, nodes.Length, network) with
        {
            InputIsNonNegative = IsNonNegative(node.Inputs[0], makers, network),
            IsShortcut = shortcuts.Contains(node.Name),
        })];
    }

    /// <summary>Whether a node only moves or selects what it reads, so that a quantizer before and after it does the same.</summary>
    /// <param name="node">The node.</param>
    /// <returns>True for max pooling, reshaping and identities.</returns>
    internal static bool PassesValues(Node node) => node is { Domain: "", OpType: "MaxPool" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Identity" or "Dropout" };

    private static bool IsLayer(Node node, Network network)
        => node is { Domain: "", OpType: "Conv" or "Gemm" or "MatMul" }
            && node.Inputs.Count > 1
            && !network.Constants.ContainsKey(node.Inputs[0])
            && network.Constants.TryGetValue(node.Inputs[1], out var weights)
            && weights is { ElementType: ElementType.Float32, Rank: >= 2 };

    private static TrainableLayer Layer(Node node, int index, int count, Network network)
    {
        var dimensions = network.Constants[node.Inputs[1]].Dimensions;
        if (node.OpType != "Conv")
        {
            var isTransposed = node.OpType == "Gemm" && node.Integer("transB", 0) != 0;
            return new TrainableLayer { Name = node.Name, Index = index, Count = count, Kind = LayerKind.FullyConnected, Outputs = dimensions[isTransposed ? 0 : 1], Depth = dimensions[isTransposed ? 1 : 0] };
        }

        var groups = (int)node.Integer("group", 1);
        var positions = 1;
        foreach (var size in dimensions[2..]) positions *= size;
        return new TrainableLayer
        {
            Name = node.Name,
            Index = index,
            Count = count,
            Kind = groups == 1 ? LayerKind.Convolution : dimensions[1] == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution,
            Outputs = dimensions[0],
            Depth = dimensions[1] * positions,
            Groups = groups,
            KernelPositions = positions,
        };
    }

    private static bool IsNonNegative(string value, Dictionary<string, Node> makers, Network network)
    {
        while (makers.TryGetValue(value, out var maker))
        {
            if (maker is { Domain: "", OpType: "Relu" or "Sigmoid" or "Softmax" or "HardSigmoid" }) return true;
            if (maker is { Domain: "", OpType: "Clip" }) return ClipBounds.Of(maker, network).Lowest >= 0;
            if (!PassesValues(maker) && maker is not { Domain: "", OpType: "AveragePool" or "GlobalAveragePool" }) return false;
            value = maker.Inputs[0];
        }

        return false;
    }

    /// <summary>1×1 convolutions that meet a deeper way in an addition, or another kernel on a way that is as deep.</summary>
    private static HashSet<string> Shortcuts(Network network, Dictionary<string, Node> makers)
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in network.Nodes)
        {
            var depth = node.Inputs.Select(input => depths.GetValueOrDefault(input)).DefaultIfEmpty().Max() + (IsLayer(node, network) ? 1 : 0);
            foreach (var output in node.Outputs) depths[output] = depth;
        }

        return [.. network.Nodes.Where(node => node is { OpType: "Add", Inputs.Count: 2 })
            .SelectMany(sum => sum.Inputs.Select((input, i) => (input, other: sum.Inputs[1 - i])))
            .Where(pair => depths.GetValueOrDefault(pair.input) < depths.GetValueOrDefault(pair.other)
                || (depths.GetValueOrDefault(pair.input) == depths.GetValueOrDefault(pair.other) && Convolution(pair.other, makers) is { } other && !IsPointwise(other, network)))
            .Select(pair => Convolution(pair.input, makers))
            .Where(node => node is not null && IsPointwise(node, network))
            .Select(node => node!.Name)];
    }

    private static Node? Convolution(string value, Dictionary<string, Node> makers)
    {
        while (makers.TryGetValue(value, out var maker) && maker is { Domain: "", OpType: "BatchNormalization" or "AveragePool" or "MaxPool" }) value = maker.Inputs[0];
        return makers.TryGetValue(value, out var node) && node.OpType == "Conv" ? node : null;
    }

    private static bool IsPointwise(Node node, Network network)
    {
        if (!IsLayer(node, network)) return false;
        foreach (var size in network.Constants[node.Inputs[1]].Dimensions[2..])
        {
            if (size != 1) return false;
        }

        return true;
    }
}

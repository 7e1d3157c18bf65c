using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Onnx.Export;

/// <summary>The product of a layer as a node: the operator that it was, with other weights.</summary>
internal static class ProductNodes
{
    /// <summary>The feature map that the layer encodes.</summary>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>Its channels.</returns>
    public static CodeShape Shape(Node node, DotProductLayer layer)
    {
        if (node.OpType == "MatMul" && layer.Positions > 1) return new CodeShape(-1, layer.Depth, layer.Depth, 0);
        return new CodeShape(1, layer.ChannelsPerGroup * layer.Groups, layer.ChannelsPerGroup, node.OpType == "Conv" ? node.Integers("kernel_shape")?.Length ?? 2 : 0);
    }

    /// <summary>Dimensions of a value that is broadcast over the output's channels.</summary>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="source">Weights as the source has them.</param>
    /// <returns>[M, 1, …] for a convolution, [M] for a matrix product.</returns>
    public static int[] PerChannel(Node node, DotProductLayer layer, int source)
        => node.OpType == "Conv" ? [layer.Outputs, .. Enumerable.Repeat(1, source - 2)] : [layer.Outputs];

    /// <summary>Weights [outputs][depth] in the order of the node's own weights.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">Weights, k channel-fastest.</param>
    /// <returns>The weights, with their dimensions.</returns>
    public static (T[] Values, int[] Dimensions) Arrange<T>(Node node, DotProductLayer layer, ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        if (node.OpType == "Conv") return (ChannelsFirst(layer, rows), Dimensions(node, layer));
        var transposed = node.OpType == "Gemm" && node.Integer("transB", 0) != 0;
        if (transposed) return (rows.ToArray(), [layer.Outputs, layer.Depth]);
        var columns = new T[rows.Length];
        for (var m = 0; m < layer.Outputs; m++)
        {
            for (var k = 0; k < layer.Depth; k++) columns[(k * layer.Outputs) + m] = rows[(m * layer.Depth) + k];
        }

        return (columns, [layer.Depth, layer.Outputs]);
    }

    /// <summary>Axis of the output channels in the node's own weights.</summary>
    /// <param name="node">The layer's node.</param>
    /// <returns>The axis.</returns>
    public static long OutputAxis(Node node) => node.OpType == "Conv" || (node.OpType == "Gemm" && node.Integer("transB", 0) != 0) ? 0 : 1;

    /// <summary>Axis of the inputs, those of one kernel position for a convolution, in the node's own weights.</summary>
    /// <param name="node">The layer's node.</param>
    /// <returns>The axis.</returns>
    public static long InputAxis(Node node) => 1 - OutputAxis(node);

    /// <summary>Adds the product of activations and weights, with a bias where the operator has one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="activations">Name of the activations.</param>
    /// <param name="weights">Name of the weights.</param>
    /// <param name="bias">Name of the bias, or null.</param>
    /// <param name="output">Name of the output, or null to make one.</param>
    /// <returns>Name of the output.</returns>
    public static string Add(CodeGraph graph, Node node, string activations, string weights, string? bias, string? output)
    {
        var attributes = node.Attributes.Where(attribute => node.OpType != "Gemm" || attribute.Key == "transB").ToDictionary(StringComparer.Ordinal);
        string[] inputs = bias is null || node.OpType == "MatMul" ? [activations, weights] : [activations, weights, bias];
        if (bias is null || node.OpType != "MatMul") return graph.Add(node.OpType, inputs, attributes, output);
        return graph.Add("Add", [graph.Add(node.OpType, inputs, attributes), bias], null, output);
    }

    private static int[] Dimensions(Node node, DotProductLayer layer)
        => node.Integers("kernel_shape") is { Length: 1 }
            ? [layer.Outputs, layer.ChannelsPerGroup, layer.KernelWidth]
            : [layer.Outputs, layer.ChannelsPerGroup, layer.KernelHeight, layer.KernelWidth];

    private static T[] ChannelsFirst<T>(DotProductLayer layer, ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        var positions = layer.KernelHeight * layer.KernelWidth;
        var values = new T[rows.Length];
        for (var m = 0; m < layer.Outputs; m++)
        {
            for (var position = 0; position < positions; position++)
            {
                for (var c = 0; c < layer.ChannelsPerGroup; c++)
                    values[(((m * layer.ChannelsPerGroup) + c) * positions) + position] = rows[(m * layer.Depth) + (position * layer.ChannelsPerGroup) + c];
            }
        }

        return values;
    }
}

using System.Numerics;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>
/// A layer as its float operator with weights from a DequantizeLinear: weights-only layers, and layers whose rows of weights have several
/// scales (blocks of DequantizeLinear, opset 21). The operator adds in float32, where we add the groups' exact sums in double.
/// </summary>
internal static class DequantizedForm
{
    /// <summary>Whether a layer is a sum of exact products of uniform eight-bit codes over slices of k.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when it is.</returns>
    public static bool Fits(LoweredLayer layer) => layer.Groups.Count > 1 && layer.Groups.All(group => group.Slice is not null) && QdqForm.HasByteOperands(layer);

    /// <summary>Whether a layer's weights gain by INT4 or need blocks.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when they do.</returns>
    public static bool WantsOpset21(LoweredLayer layer) => Fits(layer) || layer.WeightCodes is { IsGrouped: true } or { Range: { Lowest: >= -8, Highest: <= 7 } };

    /// <summary>Adds a layer of quantized activations and grouped weights.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer, for which <see cref="Fits"/> holds.</param>
    /// <param name="opset21">Whether operators of opset 21 may be used.</param>
    /// <returns>What form it is.</returns>
    /// <exception cref="NotExpressibleException">They may not.</exception>
    public static string Add(CodeGraph graph, Node node, LoweredLayer layer, bool opset21)
    {
        // Float weights would not do: between quantized activations ONNX Runtime quantizes them once more.
        if (!opset21) throw new NotExpressibleException("its weights have several scales a row, which DequantizeLinear has blocks for from opset 21 on; convert the model first");
        var input = (UniformActivations)layer.Input!;
        var scales = layer.Groups.Select(group => group.Scales.Select(scale => scale / input.Scale).ToArray()).ToArray();
        var plane = new WeightPlane(layer.Groups[0].Terms[0].Weights, scales, layer.Groups[0].Slice!.Value.Length, 8);
        var activations = QdqForm.Activations(graph, node.Inputs[0], input, graph.Scalar("scale", input.Scale));
        AddProduct(graph, node, layer, activations, Blocks(graph, node, layer.Layer, plane));
        return "blocked QDQ";
    }

    /// <summary>Adds a weights-only layer.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="opset21">Whether operators of opset 21 may be used.</param>
    /// <returns>What form it is.</returns>
    public static string AddFloat(CodeGraph graph, Node node, LoweredLayer layer, bool opset21)
    {
        var (weights, form) = layer.WeightCodes switch
        {
            { IsGrouped: true } plane when opset21 && IsByte(plane) => (Blocks(graph, node, layer.Layer, plane), "blocked weights"),
            { IsGrouped: false } plane when IsByte(plane) => (QdqForm.Weights(graph, node, layer.Layer, plane.Codes, plane.Scales, opset21 && QdqForm.IsFourBit(plane.Range)), "dequantized weights"),
            _ => (FloatWeights(graph, node, layer), "float weights"),
        };
        AddProduct(graph, node, layer, node.Inputs[0], weights);
        return form;
    }

    private static bool IsByte(WeightPlane plane) => plane.Range is { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue };

    private static void AddProduct(CodeGraph graph, Node node, LoweredLayer layer, string activations, string weights)
        => ProductNodes.Add(graph, node, activations, weights, graph.Constant("bias", Tensor.Of<float>(layer.Bias)), node.Outputs[0]);

    private static string FloatWeights(CodeGraph graph, Node node, LoweredLayer layer)
    {
        var (values, dimensions) = ProductNodes.Arrange<float>(node, layer.Layer, layer.FloatWeights);
        return graph.Constant("weight", Tensor.Of<float>(values, dimensions));
    }

    /// <summary>
    /// Weights in blocks along their inputs. Runs of k go over the channels first and then over kernel positions, blocks over the channels of one
    /// position; a block that divides both lies in one run.
    /// </summary>
    private static string Blocks(CodeGraph graph, Node node, DotProductLayer layer, WeightPlane plane)
    {
        var block = node.OpType == "Conv" ? (int)BigInteger.GreatestCommonDivisor(plane.GroupLength, layer.ChannelsPerGroup) : plane.GroupLength;
        var codes = QdqForm.Codes(node, layer, plane.Codes, QdqForm.IsFourBit(plane.Range));
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["axis"] = ProductNodes.InputAxis(node), ["block_size"] = (long)block };
        var scales = Scales(node, layer, plane, block);
        // Optional by the standard; where it is absent ONNX Runtime puts one number for all blocks, which it then refuses.
        var zeros = graph.Constant("weight_zero_point", Tensor.Zeros(codes.ElementType, scales.Dimensions));
        return graph.Add("DequantizeLinear", [graph.Constant("weight", codes), graph.Constant("weight_scale", scales), zeros], attributes);
    }

    /// <summary>The scale of each block, in the order of the node's own weights with blocks for inputs.</summary>
    private static Tensor Scales(Node node, DotProductLayer layer, WeightPlane plane, int block)
    {
        var blocks = (layer.ChannelsPerGroup + block - 1) / block;
        var positions = layer.KernelHeight * layer.KernelWidth;
        var scales = new DotProductLayer
        {
            Name = layer.Name,
            Index = layer.Index,
            Kind = layer.Kind,
            Positions = layer.Positions,
            Outputs = layer.Outputs,
            Depth = blocks * positions,
            KernelHeight = layer.KernelHeight,
            KernelWidth = layer.KernelWidth,
            Weights = default,
            Bias = layer.Bias,
            Input = layer.Input,
        };
        var rows = new float[layer.Outputs * scales.Depth];
        for (var i = 0; i < rows.Length; i++)
        {
            var (m, at) = Math.DivRem(i, scales.Depth);
            var (position, ofPosition) = Math.DivRem(at, blocks);
            rows[i] = plane.ScaleOf(m, (position * layer.ChannelsPerGroup) + (ofPosition * block));
        }

        var (values, dimensions) = ProductNodes.Arrange<float>(node, scales, rows);
        return Tensor.Of<float>(values, dimensions);
    }
}

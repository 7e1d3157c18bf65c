using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Methods.Pruning;

/// <summary>
/// A dot-product layer of a network (Conv, Gemm or MatMul with constant float weights) with a copy of its weights, which pruning changes.
/// </summary>
internal sealed class PrunableLayer
{
    private readonly Tensor _original;
    private readonly int _outputs;
    private readonly bool _depthFirst;
    private readonly int _kernelPositions;

    private PrunableLayer(Node node, Tensor weights)
    {
        Node = node;
        _original = weights;
        Weights = weights.AsSpan<float>().ToArray();
        var isConvolution = node.OpType == "Conv";
        _depthFirst = node.OpType == "MatMul" || (node.OpType == "Gemm" && node.Integer("transB", 0) == 0);
        _outputs = weights.Dimensions[_depthFirst ? 1 : 0];
        _kernelPositions = isConvolution ? (int)ElementTypes.ElementCount(weights.Dimensions[2..]) : 1;
        IsGrouped = isConvolution && node.Integer("group", 1) != 1;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The weights in the order of the file.</summary>
    public float[] Weights { get; }

    /// <summary>Whether it is a convolution with groups.</summary>
    public bool IsGrouped { get; }

    /// <summary>The dot-product layers of a network, in execution order.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Its layers.</returns>
    public static IReadOnlyList<PrunableLayer> Of(Network network)
        => [.. network.Nodes
            .Where(node => node is { Domain: "", OpType: "Conv" or "Gemm" or "MatMul", Inputs.Count: > 1 })
            .Where(node => network.Constants.TryGetValue(node.Inputs[1], out var weights) && weights is { ElementType: ElementType.Float32, Rank: > 1, Length: > 0 })
            .Select(node => new PrunableLayer(node, network.Constants[node.Inputs[1]]))];

    /// <summary>Prunes each output channel's weights to 2:4 along the channel-fastest k.</summary>
    public void PruneTwoOfFour()
    {
        var depth = Weights.Length / _outputs;
        var row = new float[depth];
        for (var m = 0; m < _outputs; m++)
        {
            for (var k = 0; k < depth; k++) row[k] = Weights[Index(m, k, depth)];
            TwoOfFour.Prune(row);
            for (var k = 0; k < depth; k++) Weights[Index(m, k, depth)] = row[k];
        }
    }

    /// <summary>The weights as a tensor of the original's shape.</summary>
    /// <returns>The tensor.</returns>
    public Tensor ToTensor() => Tensor.Of<float>(Weights, _original.Dimensions);

    private int Index(int output, int k, int depth)
    {
        if (_depthFirst) return (k * _outputs) + output;
        var channels = depth / _kernelPositions;
        return (output * depth) + (k % channels * _kernelPositions) + (k / channels);
    }
}

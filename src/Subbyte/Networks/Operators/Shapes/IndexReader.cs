using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Indices of int32 or int64 along an axis, counted from either end; those outside it are refused with the node's name.</summary>
/// <param name="node">The node, for messages.</param>
/// <param name="indices">The indices.</param>
internal readonly ref struct IndexReader(Node node, Tensor indices)
{
    private readonly ReadOnlySpan<long> _wide = indices.ElementType == ElementType.Int64 ? indices.AsSpan<long>() : [];
    private readonly ReadOnlySpan<int> _narrow = indices.ElementType == ElementType.Int32 ? indices.AsSpan<int>() : [];

    /// <summary>Reads one index.</summary>
    /// <param name="position">Which one.</param>
    /// <param name="size">Size of the axis.</param>
    /// <returns>The index, 0 ≤ index &lt; size.</returns>
    public int At(int position, int size)
    {
        var index = _wide.IsEmpty ? _narrow[position] : _wide[position];
        if (index < -size || index >= size) throw new UserErrorException($"{node}: index {index} lies outside an axis of {size}");
        return (int)(index < 0 ? index + size : index);
    }

    /// <summary>Checks that an input holds indices.</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">Which input.</param>
    /// <returns>The input.</returns>
    public static TensorType Required(NodeContext context, int input)
    {
        var indices = context.Required(input);
        return indices.ElementType is ElementType.Int32 or ElementType.Int64 ? indices : throw context.Fail($"its indices are {indices.ElementType}; int32 and int64 are allowed");
    }

    /// <summary>Checks indices that are known when the node is planned.</summary>
    /// <param name="context">The node.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="sizes">Sizes of the axes that they go along in turn.</param>
    public static void CheckConstant(NodeContext context, TensorType indices, ReadOnlySpan<int> sizes)
    {
        if (indices.Constant is not { } constant) return;
        var reader = new IndexReader(context.Node, constant);
        for (var i = 0; i < constant.Length; i++) reader.At(i, sizes[i % sizes.Length]);
    }
}

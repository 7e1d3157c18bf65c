using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>The places in a tensor that a tensor of indices along one axis names: what GatherElements and ScatterElements share.</summary>
internal sealed class ElementIndices
{
    private readonly Node _node;
    private readonly int _axis;
    private readonly int[] _counts;
    private readonly int[] _strides;
    private readonly int _size;

    /// <summary>Prepares for shapes that <see cref="Check"/> has passed.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="data">The tensor.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="axis">The axis that they go along.</param>
    public ElementIndices(Node node, TensorType data, TensorType indices, int axis)
    {
        _node = node;
        _axis = axis;
        _counts = indices.Dimensions.ToArray();
        _strides = Strided.Of(data.Dimensions);
        _size = data.Dimensions[axis];
    }

    /// <summary>Refuses indices that do not fit.</summary>
    /// <param name="context">The node.</param>
    /// <param name="data">The tensor.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="axis">The axis that they go along.</param>
    public static void Check(NodeContext context, TensorType data, TensorType indices, int axis)
    {
        if (indices.Rank != data.Rank) throw context.Fail($"indices {indices} do not have the rank of {data}");
        for (var i = 0; i < data.Rank; i++)
        {
            if (i != axis && indices.Dimensions[i] > data.Dimensions[i]) throw context.Fail($"indices {indices} reach beyond {data}");
        }

        IndexReader.CheckConstant(context, indices, [data.Dimensions[axis]]);
    }

    /// <summary>Goes through the indices in their order.</summary>
    /// <param name="indices">The indices.</param>
    /// <param name="visit">Takes the position of an index and the position in the tensor that it names.</param>
    public void ForEach(Tensor indices, Action<int, int> visit)
    {
        var reader = new IndexReader(_node, indices);
        Span<int> index = _counts.Length <= 32 ? stackalloc int[_counts.Length] : new int[_counts.Length];
        index.Clear();
        var place = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            visit(i, place + (reader.At(i, _size) * _strides[_axis]));
            for (var axis = _counts.Length - 1; axis >= 0; axis--)
            {
                if (axis != _axis) place += _strides[axis];
                if (++index[axis] < _counts[axis]) break;
                if (axis != _axis) place -= _strides[axis] * _counts[axis];
                index[axis] = 0;
            }
        }
    }
}

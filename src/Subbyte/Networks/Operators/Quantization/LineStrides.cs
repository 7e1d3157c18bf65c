using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>How scales or zero points are spread over the rows or the columns of products.</summary>
/// <param name="Line">Elements from one row (or column) to the next; 0 for one for all.</param>
/// <param name="Batch">Elements from one index of each leading dimension to the next.</param>
internal sealed record LineStrides(int Line, int[] Batch)
{
    /// <summary>Spread over the rows of the left operand: a scalar, [rows] or [batch…, rows, 1].</summary>
    /// <param name="context">The node.</param>
    /// <param name="values">Their type, or null where they are absent.</param>
    /// <param name="shape">The products.</param>
    /// <returns>The strides.</returns>
    public static LineStrides Rows(NodeContext context, TensorType? values, MatrixShape shape)
    {
        if (values is { Rank: > 1 } && values.Dimensions[^1] != 1) throw context.Fail($"{values} is not one value a row: its last dimension must be 1");
        return Read(context, values, values is { Rank: > 1 } ? values.Dimensions[..^1] : values is null ? [] : values.Dimensions, shape, shape.Rows);
    }

    /// <summary>Spread over the columns of the right operand: a scalar, [columns] or [batch…, 1, columns].</summary>
    /// <param name="context">The node.</param>
    /// <param name="values">Their type, or null where they are absent.</param>
    /// <param name="shape">The products.</param>
    /// <returns>The strides.</returns>
    public static LineStrides Columns(NodeContext context, TensorType? values, MatrixShape shape)
    {
        if (values is { Rank: > 1 } && values.Dimensions[^2] != 1) throw context.Fail($"{values} is not one value a column: its last dimension but one must be 1");
        return Read(context, values, values is { Rank: > 1 } ? [.. values.Dimensions[..^2], values.Dimensions[^1]] : values is null ? [] : values.Dimensions, shape, shape.Columns);
    }

    /// <summary>The element of a line of a product.</summary>
    /// <param name="shape">The products.</param>
    /// <param name="product">Which product.</param>
    /// <param name="line">Which row or column.</param>
    /// <returns>Its number.</returns>
    public int At(MatrixShape shape, int product, int line)
    {
        var index = line * Line;
        for (var i = Batch.Length - 1; i >= 0; i--)
        {
            index += product % shape.Batch[i] * Batch[i];
            product /= shape.Batch[i];
        }

        return index;
    }

    private static LineStrides Read(NodeContext context, TensorType? values, ReadOnlySpan<int> dimensions, MatrixShape shape, int lines)
    {
        if (values is null || values.Count == 1) return new LineStrides(0, []);
        int[] full = [.. shape.Batch, lines];
        var own = dimensions.ToArray();
        var strides = new int[full.Length];
        var stride = 1;
        for (var i = 1; i <= own.Length; i++)
        {
            if (i > full.Length || (own[^i] != 1 && own[^i] != full[^i])) throw context.Fail($"{values} does not fit products of [{shape.Rows},{shape.Depth}] and [{shape.Depth},{shape.Columns}]");
            strides[^i] = own[^i] == 1 ? 0 : stride;
            stride *= own[^i];
        }

        return new LineStrides(strides[^1], strides[..^1]);
    }
}

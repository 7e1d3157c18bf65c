using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Sizes of a product of matrices [rows, depth] · [depth, columns], or of as many of them as the leading dimensions broadcast to.</summary>
/// <param name="Rows">Rows of the left operand.</param>
/// <param name="Depth">Length of a dot product.</param>
/// <param name="Columns">Columns of the right operand.</param>
/// <param name="Batch">Leading dimensions of the result.</param>
/// <param name="LeftStrides">Left matrices from one index to the next along each of them; 0 where one matrix serves all.</param>
/// <param name="RightStrides">Right matrices, likewise.</param>
internal sealed record MatrixShape(int Rows, int Depth, int Columns, int[] Batch, int[] LeftStrides, int[] RightStrides)
{
    /// <summary>Number of products.</summary>
    public int Products { get; } = checked((int)ElementTypes.ElementCount(Batch));

    /// <summary>Multiplies as NumPy's matmul does: a vector on the left is a row, on the right a column, and its dimension is absent from the result.</summary>
    /// <param name="context">The node, for messages.</param>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="dimensions">Dimensions of the result.</param>
    /// <returns>The sizes.</returns>
    public static MatrixShape Read(NodeContext context, TensorType left, TensorType right, out int[] dimensions)
    {
        if (left.Rank == 0 || right.Rank == 0) throw context.Fail($"{left} times {right}: scalars cannot be multiplied as matrices");
        var (x, y) = (left.Dimensions.ToArray(), right.Dimensions.ToArray());
        var depth = x[^1];
        if (depth != (y.Length == 1 ? y[0] : y[^2])) throw context.Fail($"{left} times {right}: the lengths of rows and columns differ");
        var (xBatch, yBatch) = (x.Length < 2 ? [] : x[..^2], y.Length < 2 ? [] : y[..^2]);
        var batch = Broadcasting.Shape(context, xBatch, yBatch);
        var (rows, columns) = (x.Length == 1 ? 1 : x[^2], y.Length == 1 ? 1 : y[^1]);
        dimensions = [.. batch, .. x.Length == 1 ? (int[])[] : [rows], .. y.Length == 1 ? (int[])[] : [columns]];
        return new MatrixShape(rows, depth, columns, batch, Strides(xBatch, batch.Length), Strides(yBatch, batch.Length));
    }

    /// <summary>The left matrix of a product.</summary>
    /// <param name="product">Which product.</param>
    /// <returns>Its number among the left operand's.</returns>
    public int Left(int product) => Index(product, LeftStrides);

    /// <summary>The right matrix of a product.</summary>
    /// <param name="product">Which product.</param>
    /// <returns>Its number among the right operand's.</returns>
    public int Right(int product) => Index(product, RightStrides);

    private static int[] Strides(int[] dimensions, int rank)
    {
        var strides = new int[rank];
        var stride = 1;
        for (var i = 1; i <= dimensions.Length; i++)
        {
            strides[^i] = dimensions[^i] == 1 ? 0 : stride;
            stride = checked(stride * dimensions[^i]);
        }

        return strides;
    }

    private int Index(int product, int[] strides)
    {
        var index = 0;
        for (var i = Batch.Length - 1; i >= 0; i--)
        {
            index += product % Batch[i] * strides[i];
            product /= Batch[i];
        }

        return index;
    }
}

using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>A function of two elements in its three forms: rows with rows, and rows with an element that repeats.</summary>
/// <typeparam name="T">Type of the operands.</typeparam>
/// <typeparam name="TResult">Type of the results.</typeparam>
internal interface IBinaryFunction<T, TResult>
    where T : unmanaged
    where TResult : unmanaged
{
    /// <summary>Two rows; the result may be written over one of them.</summary>
    static abstract void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> d);

    /// <summary>A row and an element.</summary>
    static abstract void Apply(ReadOnlySpan<T> x, T y, Span<TResult> d);

    /// <summary>An element and a row.</summary>
    static abstract void Apply(T x, ReadOnlySpan<T> y, Span<TResult> d);
}

/// <summary>
/// Runs over the elements of a result in memory order with the elements of operands that broadcasting pairs with them. Axes along which all operands
/// go on evenly are one; the innermost of those left is a row, in which an operand is contiguous or one element.
/// </summary>
internal sealed class BroadcastLoop
{
    private readonly int[] _sizes;
    private readonly int[][] _strides;
    private readonly int[] _rowStrides;
    private readonly int _rowLength;

    private BroadcastLoop(int[] sizes, int[][] strides, int[] rowStrides, int rowLength)
        => (_sizes, _strides, _rowStrides, _rowLength) = (sizes, strides, rowStrides, rowLength);

    /// <summary>Plans the loop.</summary>
    /// <param name="result">The result.</param>
    /// <param name="operands">The operands; see <see cref="Broadcasting.Strides"/>.</param>
    /// <returns>The loop.</returns>
    public static BroadcastLoop Of(TensorType result, params ReadOnlySpan<TensorType> operands)
    {
        var strides = new int[operands.Length][];
        for (var i = 0; i < strides.Length; i++) strides[i] = Broadcasting.Strides(operands[i], result);
        return Of(result.Physical, strides);
    }

    /// <summary>Plans the loop.</summary>
    /// <param name="sizes">Dimensions of the result in memory order.</param>
    /// <param name="strides">Strides of each operand along them.</param>
    /// <returns>The loop.</returns>
    public static BroadcastLoop Of(ReadOnlySpan<int> sizes, int[][] strides)
    {
        var merging = new MergedAxes(strides.Length);
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var at = axis;
            merging.Add(sizes[axis], [.. strides.Select(operand => operand[at])]);
        }

        var (axes, merged) = (merging.Sizes, merging.Strides);
        if (axes.Length == 0 || merged.Any(operand => operand[^1] > 1)) return new BroadcastLoop(axes, merged, new int[strides.Length], 1);
        return new BroadcastLoop(axes[..^1], [.. merged.Select(operand => operand[..^1])], [.. merged.Select(operand => operand[^1])], axes[^1]);
    }

    /// <summary>Applies a function of two operands.</summary>
    /// <typeparam name="T">Type of the operands.</typeparam>
    /// <typeparam name="TResult">Type of the results.</typeparam>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand.</param>
    /// <param name="d">Result; it may be an operand that does not repeat.</param>
    public void Run<T, TResult, TFunction>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> d)
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IBinaryFunction<T, TResult>
    {
        if (d.IsEmpty) return;
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> offsets = stackalloc int[2];
        index.Clear();
        offsets.Clear();
        var walk = new Odometer(_sizes, _strides, index, offsets);
        for (var position = 0; position < d.Length; position += _rowLength, walk.Next())
        {
            var row = d.Slice(position, _rowLength);
            if (_rowStrides[1] == 0 && (_rowStrides[0] == 1 || _rowLength == 1)) TFunction.Apply(x.Slice(offsets[0], _rowLength), y[offsets[1]], row);
            else if (_rowStrides[0] == 0 && _rowStrides[1] == 1) TFunction.Apply(x[offsets[0]], y.Slice(offsets[1], _rowLength), row);
            else if (_rowStrides[0] == 1) TFunction.Apply(x.Slice(offsets[0], _rowLength), y.Slice(offsets[1], _rowLength), row);
            else
            {
                TFunction.Apply(x.Slice(offsets[0], 1), y[offsets[1]], row[..1]);
                row[1..].Fill(row[0]);
            }
        }
    }

    /// <summary>Copies an operand, repeated.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <param name="x">The loop's only operand.</param>
    /// <param name="d">Result.</param>
    public void Copy<T>(ReadOnlySpan<T> x, Span<T> d)
        where T : unmanaged
    {
        if (d.IsEmpty) return;
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> offset = stackalloc int[1];
        index.Clear();
        offset.Clear();
        var walk = new Odometer(_sizes, _strides, index, offset);
        for (var position = 0; position < d.Length; position += _rowLength, walk.Next())
        {
            if (_rowStrides[0] == 0) d.Slice(position, _rowLength).Fill(x[offset[0]]);
            else x.Slice(offset[0], _rowLength).CopyTo(d[position..]);
        }
    }

    /// <summary>Takes each element from the second operand where the first is true, else from the third.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <param name="condition">First operand, 0 for false.</param>
    /// <param name="x">Second operand.</param>
    /// <param name="y">Third operand.</param>
    /// <param name="d">Result.</param>
    public void Select<T>(ReadOnlySpan<byte> condition, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d)
        where T : unmanaged
    {
        if (d.IsEmpty) return;
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> offsets = stackalloc int[3];
        index.Clear();
        offsets.Clear();
        var walk = new Odometer(_sizes, _strides, index, offsets);
        var (conditionStride, xStride, yStride) = (_rowStrides[0], _rowStrides[1], _rowStrides[2]);
        for (var position = 0; position < d.Length; position += _rowLength, walk.Next())
        {
            var row = d.Slice(position, _rowLength);
            for (var i = 0; i < row.Length; i++)
                row[i] = condition[offsets[0] + (i * conditionStride)] != 0 ? x[offsets[1] + (i * xStride)] : y[offsets[2] + (i * yStride)];
        }
    }
}

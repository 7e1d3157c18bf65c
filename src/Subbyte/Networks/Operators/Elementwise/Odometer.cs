namespace Subbyte.Networks.Operators;

/// <summary>Walks over a box of indices, the last one fastest, and keeps an offset into each of several operands.</summary>
/// <param name="sizes">Size of the box along each axis, each ≥ 1.</param>
/// <param name="strides">For each operand, elements from one index to the next along each axis.</param>
/// <param name="index">Room for as many integers as there are axes, all 0.</param>
/// <param name="offsets">Room for as many offsets as there are operands; their content is where the walk begins.</param>
internal readonly ref struct Odometer(ReadOnlySpan<int> sizes, ReadOnlySpan<int[]> strides, Span<int> index, Span<int> offsets)
{
    /// <summary>More axes than this a box with elements cannot have, where axes of one position are left out.</summary>
    public const int MostAxes = 31;

    private readonly ReadOnlySpan<int> _sizes = sizes;
    private readonly ReadOnlySpan<int[]> _strides = strides;
    private readonly Span<int> _index = index;
    private readonly Span<int> _offsets = offsets;

    /// <summary>Goes to the next index; after the last one, back to the first.</summary>
    /// <returns>False when the walk is over.</returns>
    public bool Next()
    {
        for (var axis = _sizes.Length - 1; axis >= 0; axis--)
        {
            var isOver = ++_index[axis] == _sizes[axis];
            for (var operand = 0; operand < _offsets.Length; operand++)
                _offsets[operand] += isOver ? -(_sizes[axis] - 1) * _strides[operand][axis] : _strides[operand][axis];
            if (!isOver) return true;
            _index[axis] = 0;
        }

        return false;
    }
}

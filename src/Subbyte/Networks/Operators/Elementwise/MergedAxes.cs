namespace Subbyte.Networks.Operators;

/// <summary>Axes of a box, outermost first, with the strides of several operands: axes of one position are left out, and neighbours along which every operand goes on evenly are one.</summary>
/// <param name="operands">Number of operands.</param>
internal sealed class MergedAxes(int operands)
{
    private readonly List<int> _sizes = [];
    private readonly List<int>[] _strides = [.. Enumerable.Range(0, operands).Select(_ => new List<int>())];

    /// <summary>Sizes of the axes.</summary>
    public int[] Sizes => [.. _sizes];

    /// <summary>Strides of each operand along them.</summary>
    public int[][] Strides => [.. _strides.Select(operand => operand.ToArray())];

    /// <summary>Adds the next axis inwards.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="strides">The stride of each operand.</param>
    public void Add(int size, params ReadOnlySpan<int> strides)
    {
        if (size == 1) return;
        var isJoined = _sizes.Count > 0;
        for (var i = 0; i < strides.Length && isJoined; i++) isJoined = _strides[i][^1] == (long)strides[i] * size;
        if (isJoined) _sizes[^1] *= size;
        else _sizes.Add(size);
        for (var i = 0; i < strides.Length; i++)
        {
            if (isJoined) _strides[i][^1] = strides[i];
            else _strides[i].Add(strides[i]);
        }
    }
}

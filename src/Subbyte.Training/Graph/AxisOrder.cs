namespace Subbyte.Training;

/// <summary>Rearranges the axes of dense tensors.</summary>
internal static class AxisOrder
{
    /// <summary>Copies a tensor with its axes in another order.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="source">Elements, row-major over <paramref name="dimensions"/>.</param>
    /// <param name="dimensions">Dimensions of the source.</param>
    /// <param name="axes">Axis <c>d</c> of the result is axis <c>axes[d]</c> of the source.</param>
    /// <returns>Elements of the result, row-major.</returns>
    public static T[] Permute<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> dimensions, ReadOnlySpan<int> axes)
    {
        var result = new T[source.Length];
        if (source.IsEmpty) return result;
        var rank = dimensions.Length;
        var strides = new int[rank];
        for (int d = rank - 1, stride = 1; d >= 0; stride *= dimensions[d], d--)
            strides[d] = stride;
        var index = new int[rank];
        var from = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = source[from];
            for (var d = rank - 1; d >= 0; d--)
            {
                from += strides[axes[d]];
                if (++index[d] < dimensions[axes[d]]) break;
                from -= index[d] * strides[axes[d]];
                index[d] = 0;
            }
        }

        return result;
    }
}

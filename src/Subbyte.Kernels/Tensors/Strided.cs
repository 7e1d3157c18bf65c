using System.Runtime.InteropServices;

namespace Subbyte.Tensors;

/// <summary>Copies of boxes between tensors in memory order: what Slice, Pad and Transpose are made of.</summary>
public static class Strided
{
    /// <summary>Row-major strides.</summary>
    /// <param name="dimensions">Dimensions in memory order.</param>
    /// <returns>Elements from one index to the next along each dimension.</returns>
    public static int[] Of(ReadOnlySpan<int> dimensions)
    {
        var strides = new int[dimensions.Length];
        var stride = 1;
        for (var i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= dimensions[i];
        }

        return strides;
    }

    /// <summary>Copies a box.</summary>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="source">Source elements.</param>
    /// <param name="sourceStart">First source element.</param>
    /// <param name="sourceStrides">Source strides; may be negative.</param>
    /// <param name="target">Target elements.</param>
    /// <param name="targetStart">First target element.</param>
    /// <param name="targetStrides">Target strides.</param>
    /// <param name="counts">Size of the box.</param>
    public static void Copy(int elementBytes, ReadOnlySpan<byte> source, int sourceStart, ReadOnlySpan<int> sourceStrides, Span<byte> target, int targetStart, ReadOnlySpan<int> targetStrides, ReadOnlySpan<int> counts)
    {
        switch (elementBytes)
        {
            case 1: Copy(source, sourceStart, sourceStrides, target, targetStart, targetStrides, counts); break;
            case 2: Copy(MemoryMarshal.Cast<byte, short>(source), sourceStart, sourceStrides, MemoryMarshal.Cast<byte, short>(target), targetStart, targetStrides, counts); break;
            case 4: Copy(MemoryMarshal.Cast<byte, int>(source), sourceStart, sourceStrides, MemoryMarshal.Cast<byte, int>(target), targetStart, targetStrides, counts); break;
            default: Copy(MemoryMarshal.Cast<byte, long>(source), sourceStart, sourceStrides, MemoryMarshal.Cast<byte, long>(target), targetStart, targetStrides, counts); break;
        }
    }

    /// <summary>Copies a box.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="source">Source elements.</param>
    /// <param name="sourceStart">First source element.</param>
    /// <param name="sourceStrides">Source strides; may be negative.</param>
    /// <param name="target">Target elements.</param>
    /// <param name="targetStart">First target element.</param>
    /// <param name="targetStrides">Target strides.</param>
    /// <param name="counts">Size of the box.</param>
    public static void Copy<T>(ReadOnlySpan<T> source, int sourceStart, ReadOnlySpan<int> sourceStrides, Span<T> target, int targetStart, ReadOnlySpan<int> targetStrides, ReadOnlySpan<int> counts)
        where T : unmanaged
    {
        if (counts.IsEmpty)
        {
            target[targetStart] = source[sourceStart];
            return;
        }

        if (counts.Length == 1)
        {
            if (sourceStrides[0] == 1 && targetStrides[0] == 1)
            {
                source.Slice(sourceStart, counts[0]).CopyTo(target[targetStart..]);
                return;
            }

            if (sourceStrides[0] == 0 && targetStrides[0] == 1)
            {
                target.Slice(targetStart, counts[0]).Fill(source[sourceStart]);
                return;
            }

            for (var i = 0; i < counts[0]; i++) target[targetStart + (i * targetStrides[0])] = source[sourceStart + (i * sourceStrides[0])];
            return;
        }

        if (counts.Length == 2 && sourceStrides[0] == 1 && targetStrides[1] == 1)
        {
            Transpose(source[sourceStart..], sourceStrides[1], target[targetStart..], targetStrides[0], counts[0], counts[1]);
            return;
        }

        for (var i = 0; i < counts[0]; i++)
            Copy(source, sourceStart + (i * sourceStrides[0]), sourceStrides[1..], target, targetStart + (i * targetStrides[0]), targetStrides[1..], counts[1..]);
    }

    /// <summary>Transposes a matrix tile by tile, so that the lines of both sides stay in the first-level cache.</summary>
    private static void Transpose<T>(ReadOnlySpan<T> source, int sourceStride, Span<T> target, int targetStride, int rows, int columns)
        where T : unmanaged
    {
        const int Tile = 16;
        for (var firstRow = 0; firstRow < rows; firstRow += Tile)
        {
            var tileRows = Math.Min(Tile, rows - firstRow);
            for (var firstColumn = 0; firstColumn < columns; firstColumn += Tile)
            {
                var tileColumns = Math.Min(Tile, columns - firstColumn);
                for (var row = firstRow; row < firstRow + tileRows; row++)
                {
                    var line = target.Slice((row * targetStride) + firstColumn, tileColumns);
                    var from = (firstColumn * sourceStride) + row;
                    for (var column = 0; column < line.Length; column++, from += sourceStride) line[column] = source[from];
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Turns the patches of an image into the rows of a matrix, so that a convolution is a matrix product.</summary>
public static class Im2Col
{
    /// <summary>Writes the patches of output positions <paramref name="firstRow"/> … <paramref name="firstRow"/> + <paramref name="rowCount"/> − 1.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="map">One NHWC image: [height][width][channels], all groups.</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="group">Group whose channels are taken.</param>
    /// <param name="firstRow">First output position (row-major over the output map).</param>
    /// <param name="rowCount">Number of positions.</param>
    /// <param name="padding">Element outside the image (for codes: the zero point's own code).</param>
    /// <param name="rows">
    /// Patches, row <c>r</c> at <c>r · rowStride</c>, <c>k = (i · kernelWidth + j) · channelsPerGroup + c</c>; elements between
    /// <see cref="ConvolutionGeometry.Depth"/> and the stride are left alone. It must not overlap <paramref name="map"/>.
    /// </param>
    /// <param name="rowStride">Elements from one row to the next, ≥ <see cref="ConvolutionGeometry.Depth"/>.</param>
    /// <exception cref="ArgumentException">The map, the rows or the range of positions do not fit the geometry.</exception>
    public static unsafe void Pack<T>(ReadOnlySpan<T> map, ConvolutionGeometry g, int group, int firstRow, int rowCount, T padding, Span<T> rows, int rowStride)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(g);
        if (map.Length < (long)g.InHeight * g.InWidth * g.InChannels)
            throw new ArgumentException($"the map has {map.Length} elements, not {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        if ((uint)group >= (uint)g.Groups)
            throw new ArgumentOutOfRangeException(nameof(group), group, $"there are {g.Groups} groups");
        if (firstRow < 0 || rowCount < 0 || (long)firstRow + rowCount > g.Positions)
            throw new ArgumentOutOfRangeException(nameof(rowCount), rowCount, $"positions {firstRow} + {rowCount} leave {g.Positions}");
        if (rowStride < g.Depth || (rowCount > 0 && ((long)(rowCount - 1) * rowStride) + g.Depth > rows.Length))
            throw new ArgumentException($"{rows.Length} elements do not hold {rowCount} rows of {g.Depth} with stride {rowStride}", nameof(rows));
        fixed (T* source = map, target = rows)
            PackRows(source + ((nint)group * g.ChannelsPerGroup), g, firstRow, rowCount, padding, target, rowStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackRows<T>(T* map, ConvolutionGeometry g, int firstRow, int rowCount, T padding, T* rows, nint rowStride) where T : unmanaged
    {
        var window = new SlidingWindow(g);
        nint channels = g.ChannelsPerGroup, kernelRow = g.KernelWidth * channels;
        // Neighbouring pixels of a patch are neighbours in the image, so that a whole kernel row is one run.
        var wholeRuns = g.Groups == 1 && g.DilationWidth == 1;
        for (var r = 0; r < rowCount; r++)
        {
            window.MoveTo(firstRow + r);
            var patch = rows + (r * rowStride);
            for (var i = 0; i < g.KernelHeight; i++, patch += kernelRow)
            {
                int first = window.FirstColumn, end = window.EndColumn;
                if (i < window.FirstRow || i >= window.EndRow || first >= end)
                {
                    new Span<T>(patch, (int)kernelRow).Fill(padding);
                    continue;
                }
                if (first > 0) new Span<T>(patch, (int)(first * channels)).Fill(padding);
                if (end < g.KernelWidth) new Span<T>(patch + (end * channels), (int)((g.KernelWidth - end) * channels)).Fill(padding);
                if (wholeRuns)
                {
                    Copy((byte*)(map + window.Pixel(i, first)), (byte*)(patch + (first * channels)), (end - first) * channels * sizeof(T));
                    continue;
                }
                for (var j = first; j < end; j++)
                    Copy((byte*)(map + window.Pixel(i, j)), (byte*)(patch + (j * channels)), channels * sizeof(T));
            }
        }
    }

    /// <summary>Copies a short run without a call: vectors, of which the last may overlap the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy(byte* from, byte* to, nint length)
    {
        nint i = 0;
        if (length >= Vector256<byte>.Count)
        {
            for (; i < length - Vector256<byte>.Count; i += Vector256<byte>.Count)
                Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + length - Vector256<byte>.Count).Store(to + length - Vector256<byte>.Count);
        }
        else if (length >= Vector128<byte>.Count)
        {
            Vector128.Load(from).Store(to);
            Vector128.Load(from + length - Vector128<byte>.Count).Store(to + length - Vector128<byte>.Count);
        }
        else if (length >= sizeof(ulong))
        {
            var last = *(ulong*)(from + length - sizeof(ulong));
            *(ulong*)to = *(ulong*)from;
            *(ulong*)(to + length - sizeof(ulong)) = last;
        }
        else
        {
            for (; i < length; i++) to[i] = from[i];
        }
    }
}

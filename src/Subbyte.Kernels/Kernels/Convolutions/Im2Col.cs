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
        var outWidth = g.OutWidth;
        for (var r = 0; r < rowCount;)
        {
            var (y, x) = Math.DivRem(firstRow + r, outWidth);
            var count = Math.Min(outWidth - x, rowCount - r);
            for (var i = 0; i < g.KernelHeight; i++)
                PackKernelRow(map, g, (y * g.StrideHeight) - g.PadTop + (i * g.DilationHeight), x, count, padding, rows + (i * (nint)g.KernelWidth * g.ChannelsPerGroup), rowStride);
            r += count;
            rows += count * rowStride;
        }
    }

    /// <summary>One kernel row of neighbouring positions of one output row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackKernelRow<T>(T* map, ConvolutionGeometry g, int inRow, int x, int count, T padding, T* to, nint rowStride) where T : unmanaged
    {
        int channels = g.ChannelsPerGroup, reach = (g.KernelWidth - 1) * g.DilationWidth;
        if (inRow < 0 || inRow >= g.InHeight)
        {
            for (; count > 0; count--, to += rowStride)
                new Span<T>(to, g.KernelWidth * channels).Fill(padding);
            return;
        }
        var from = map + ((nint)inRow * g.InWidth * g.InChannels);
        // Positions are on the left edge, inside, or on the right edge.
        var inside = Math.Clamp(((g.PadLeft + g.StrideWidth - 1) / g.StrideWidth) - x, 0, count);
        var lastStart = g.InWidth - 1 - reach + g.PadLeft;
        var right = Math.Clamp(lastStart < 0 ? 0 : (lastStart / g.StrideWidth) + 1 - x, inside, count);
        for (var r = 0; r < inside; r++) PackEdge(from, g, x + r, padding, to + (r * rowStride));
        for (var r = right; r < count; r++) PackEdge(from, g, x + r, padding, to + (r * rowStride));

        nint pixel = g.InChannels * sizeof(T), step = g.StrideWidth * pixel, left = ((x + inside) * g.StrideWidth) - g.PadLeft;
        var source = (byte*)from + (left * pixel);
        var target = (byte*)(to + (inside * rowStride));
        // Neighbouring pixels of a patch are neighbours in the image: a whole kernel row is one run.
        if (g.Groups == 1 && g.DilationWidth == 1)
        {
            CopyRuns(source, step, target, rowStride * sizeof(T), (nint)g.KernelWidth * channels * sizeof(T), right - inside);
            return;
        }
        for (var j = 0; j < g.KernelWidth; j++)
            CopyRuns(source + (j * g.DilationWidth * pixel), step, target + (j * channels * sizeof(T)), rowStride * sizeof(T), channels * sizeof(T), right - inside);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackEdge<T>(T* from, ConvolutionGeometry g, int x, T padding, T* to) where T : unmanaged
    {
        var channels = g.ChannelsPerGroup;
        for (var j = 0; j < g.KernelWidth; j++)
        {
            var column = (x * g.StrideWidth) - g.PadLeft + (j * g.DilationWidth);
            var target = new Span<T>(to + (j * channels), channels);
            if (column < 0 || column >= g.InWidth) target.Fill(padding);
            else new ReadOnlySpan<T>(from + ((nint)column * g.InChannels), channels).CopyTo(target);
        }
    }

    /// <summary>Copies runs of the same length, whose sort is chosen once; the last vector of a run may overlap the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void CopyRuns(byte* from, nint fromStep, byte* to, nint toStep, nint length, nint count)
    {
        if (length > 2 * Vector256<byte>.Count)
        {
            for (; count > 0; count--, from += fromStep, to += toStep)
            {
                for (nint i = 0; i < length - Vector256<byte>.Count; i += Vector256<byte>.Count)
                    Vector256.Load(from + i).Store(to + i);
                Vector256.Load(from + length - Vector256<byte>.Count).Store(to + length - Vector256<byte>.Count);
            }
        }
        else if (length >= Vector256<byte>.Count)
        {
            for (var tail = length - Vector256<byte>.Count; count > 0; count--, from += fromStep, to += toStep)
            {
                Vector256.Load(from).Store(to);
                Vector256.Load(from + tail).Store(to + tail);
            }
        }
        else if (length >= Vector128<byte>.Count)
        {
            for (var tail = length - Vector128<byte>.Count; count > 0; count--, from += fromStep, to += toStep)
            {
                Vector128.Load(from).Store(to);
                Vector128.Load(from + tail).Store(to + tail);
            }
        }
        else if (length >= sizeof(ulong))
        {
            for (var tail = length - sizeof(ulong); count > 0; count--, from += fromStep, to += toStep)
            {
                *(ulong*)to = *(ulong*)from;
                *(ulong*)(to + tail) = *(ulong*)(from + tail);
            }
        }
        else
        {
            for (; count > 0; count--, from += fromStep, to += toStep)
            {
                for (nint i = 0; i < length; i++) to[i] = from[i];
            }
        }
    }
}

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
    public static void Pack<T>(ReadOnlySpan<T> map, ConvolutionGeometry g, int group, int firstRow, int rowCount, T padding, Span<T> rows, int rowStride)
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

        var outWidth = g.OutWidth;
        for (var r = 0; r < rowCount; r++)
        {
            var (y, x) = Math.DivRem(firstRow + r, outWidth);
            PackPatch(map, g, group, (y * g.StrideHeight) - g.PadTop, (x * g.StrideWidth) - g.PadLeft, padding, rows.Slice(r * rowStride, g.Depth));
        }
    }

    private static void PackPatch<T>(ReadOnlySpan<T> map, ConvolutionGeometry g, int group, int top, int left, T padding, Span<T> patch)
        where T : unmanaged
    {
        var channels = g.ChannelsPerGroup;
        var k = 0;
        for (var i = 0; i < g.KernelHeight; i++)
        {
            var y = top + (i * g.DilationHeight);
            for (var j = 0; j < g.KernelWidth; j++, k += channels)
            {
                var x = left + (j * g.DilationWidth);
                if ((uint)y < (uint)g.InHeight && (uint)x < (uint)g.InWidth)
                    map.Slice((((y * g.InWidth) + x) * g.InChannels) + (group * channels), channels).CopyTo(patch[k..]);
                else
                    patch.Slice(k, channels).Fill(padding);
            }
        }
    }
}

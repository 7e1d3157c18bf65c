namespace Subbyte.Kernels;

/// <summary>The adjoint of <see cref="Im2Col"/>: adds the rows of a patch matrix to the pixels that they came from.</summary>
public static class Col2Im
{
    /// <summary>Adds patches in ascending output position, each in ascending <c>k</c>; what lay outside the image is dropped.</summary>
    /// <param name="rows">
    /// Gradients of patches, row <c>r</c> at <c>r · rowStride</c>, <c>k = (i · kernelWidth + j) · channelsPerGroup + c</c>.
    /// </param>
    /// <param name="rowStride">Elements from one row to the next, ≥ <see cref="ConvolutionGeometry.Depth"/>.</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="group">Group whose channels the rows hold.</param>
    /// <param name="firstRow">Output position of the first row (row-major over the output map).</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="map">Gradient of one NHWC image [height][width][channels], all groups: added to.</param>
    /// <exception cref="ArgumentException">The map, the rows or the range of positions do not fit the geometry.</exception>
    public static void Add(ReadOnlySpan<float> rows, int rowStride, ConvolutionGeometry g, int group, int firstRow, int rowCount, Span<float> map)
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

        var window = new SlidingWindow(g);
        // Neighbouring pixels of one group's only channels are neighbours in the patch too: a kernel row is one run.
        var rowsAreRuns = g.Groups == 1 && g.DilationWidth == 1;
        for (var r = 0; r < rowCount; r++)
        {
            window.MoveTo(firstRow + r);
            var patch = rows.Slice(r * rowStride, g.Depth);
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                if (rowsAreRuns) AddRun(patch, g, window, i, map);
                else AddPixels(patch, g, group, window, i, map);
            }
        }
    }

    private static void AddRun(ReadOnlySpan<float> patch, ConvolutionGeometry g, SlidingWindow window, int i, Span<float> map)
    {
        var count = (window.EndColumn - window.FirstColumn) * g.InChannels;
        if (count <= 0) return;
        var run = patch.Slice(((i * g.KernelWidth) + window.FirstColumn) * g.InChannels, count);
        Accumulation.Add(run, map[window.Pixel(i, window.FirstColumn)..]);
    }

    private static void AddPixels(ReadOnlySpan<float> patch, ConvolutionGeometry g, int group, SlidingWindow window, int i, Span<float> map)
    {
        var channels = g.ChannelsPerGroup;
        for (var j = window.FirstColumn; j < window.EndColumn; j++)
        {
            var pixel = patch.Slice(((i * g.KernelWidth) + j) * channels, channels);
            Accumulation.Add(pixel, map[(window.Pixel(i, j) + (group * channels))..]);
        }
    }
}

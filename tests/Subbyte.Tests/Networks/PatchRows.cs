using Subbyte.Kernels;

namespace Subbyte.Tests.Networks;

/// <summary>Patch rows gathered by plain loops.</summary>
internal static class PatchRows
{
    /// <summary>Gathers the patch row of one group at one position.</summary>
    /// <param name="map">Feature map [height][width][channels].</param>
    /// <param name="g">Geometry.</param>
    /// <param name="group">Group.</param>
    /// <param name="position">Output position.</param>
    /// <param name="padding">What padded positions hold.</param>
    /// <returns>The row, k channel-fastest.</returns>
    public static T[] Gather<T>(T[] map, ConvolutionGeometry g, int group, int position, T padding)
    {
        var row = new T[g.Depth];
        var (y, x) = (position / g.OutWidth, position % g.OutWidth);
        var k = 0;
        for (var i = 0; i < g.KernelHeight; i++)
        {
            for (var j = 0; j < g.KernelWidth; j++)
            {
                var inY = (y * g.StrideHeight) - g.PadTop + (i * g.DilationHeight);
                var inX = (x * g.StrideWidth) - g.PadLeft + (j * g.DilationWidth);
                var inside = inY >= 0 && inY < g.InHeight && inX >= 0 && inX < g.InWidth;
                for (var c = 0; c < g.ChannelsPerGroup; c++)
                    row[k++] = inside ? map[(((inY * g.InWidth) + inX) * g.InChannels) + (group * g.ChannelsPerGroup) + c] : padding;
            }
        }

        return row;
    }
}

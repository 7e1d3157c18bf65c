using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A window over any number of spatial axes of one sample in channels-last order.</summary>
/// <param name="axes">The axes, outermost first.</param>
internal sealed class SpatialWindow(WindowAxis[] axes)
{
    /// <summary>The axes, outermost first.</summary>
    public IReadOnlyList<WindowAxis> Axes => axes;

    /// <summary>Input positions of one sample.</summary>
    public int Inputs { get; } = Product(axes, axis => axis.Input);

    /// <summary>Kernel positions.</summary>
    public int Taps { get; } = Product(axes, axis => axis.Kernel);

    /// <summary>Output positions of one sample.</summary>
    public int Positions { get; } = Product(axes, axis => axis.Output);

    /// <summary>Output dimensions [N, C, spatial…].</summary>
    /// <param name="batch">Samples.</param>
    /// <param name="channels">Channels.</param>
    /// <returns>The dimensions.</returns>
    public int[] OutputDimensions(int batch, int channels) => [batch, channels, .. axes.Select(axis => axis.Output)];

    /// <summary>The input positions that the kernel positions of one output meet.</summary>
    /// <param name="position">Output position, row-major.</param>
    /// <param name="pixels">Takes <see cref="Taps"/> input positions in ascending kernel position, −1 where there is none.</param>
    public void Pixels(int position, Span<int> pixels)
    {
        pixels[0] = 0;
        var (count, rest) = (1, Positions);
        foreach (var axis in axes)
        {
            rest /= axis.Output;
            var output = position / rest % axis.Output;
            // From the end, so that what an outer axis found is read before it is overwritten.
            for (var i = count - 1; i >= 0; i--)
            {
                var outer = pixels[i];
                for (var p = axis.Kernel - 1; p >= 0; p--)
                {
                    var source = outer < 0 ? -1 : axis.Source(output, p);
                    pixels[(i * axis.Kernel) + p] = source < 0 ? -1 : (outer * axis.Input) + source;
                }
            }

            count *= axis.Kernel;
        }
    }

    /// <summary>Packs the patch of one output position: channels of one group at each kernel position.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="map">One sample [input positions][channels of all groups].</param>
    /// <param name="channels">Channels of all groups.</param>
    /// <param name="first">First channel of the group.</param>
    /// <param name="pixels">Input positions, see <see cref="Pixels"/>.</param>
    /// <param name="padding">Value outside.</param>
    /// <param name="row">Takes kernel positions × channels of the group.</param>
    public static void Pack<T>(ReadOnlySpan<T> map, int channels, int first, ReadOnlySpan<int> pixels, T padding, Span<T> row)
    {
        var width = row.Length / pixels.Length;
        for (var tap = 0; tap < pixels.Length; tap++)
        {
            var target = row.Slice(tap * width, width);
            if (pixels[tap] < 0) target.Fill(padding);
            else map.Slice((pixels[tap] * channels) + first, width).CopyTo(target);
        }
    }

    private static int Product(WindowAxis[] axes, Func<WindowAxis, int> size)
        => checked((int)ElementTypes.ElementCount(axes.Select(size).ToArray()));
}

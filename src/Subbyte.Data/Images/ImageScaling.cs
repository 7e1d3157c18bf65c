using System.Buffers;

namespace Subbyte.Data.Images;

/// <summary>Scales a photo and cuts the middle out; only what the middle needs is computed, first along rows, then along columns.</summary>
internal static class ImageScaling
{
    /// <summary>Brings a photo into the shape of a sample.</summary>
    /// <param name="image">The photo.</param>
    /// <param name="fit">The shape, and how to come to it.</param>
    /// <param name="destination">Takes the values 0 to 255, channel by channel, row by row.</param>
    public static void Apply(PixelImage image, ImageFit fit, Span<float> destination)
    {
        var (width, height) = fit.Scaled(image.Width, image.Height);
        var columns = new ResampleWeights(image.Width, width, (width - fit.Width) / 2, fit.Width);
        var rows = new ResampleWeights(image.Height, height, (height - fit.Height) / 2, fit.Height);
        var rowLength = fit.Width * PixelImage.Channels;
        var narrowed = ArrayPool<byte>.Shared.Rent((rows.EndSource - rows.FirstSource) * rowLength);
        try
        {
            for (var y = rows.FirstSource; y < rows.EndSource; y++)
            {
                var line = image.Pixels.Slice(y * image.Width * PixelImage.Channels, image.Width * PixelImage.Channels);
                var target = narrowed.AsSpan((y - rows.FirstSource) * rowLength, rowLength);
                for (var i = 0; i < rowLength; i++) target[i] = columns.Apply(line, i % PixelImage.Channels, PixelImage.Channels, i / PixelImage.Channels);
            }

            Span<byte> pixel = stackalloc byte[PixelImage.Channels];
            for (var y = 0; y < fit.Height; y++)
            {
                for (var x = 0; x < fit.Width; x++)
                {
                    for (var c = 0; c < pixel.Length; c++)
                        pixel[c] = rows.Apply(narrowed, (((x * PixelImage.Channels) + c) - (rows.FirstSource * rowLength)), rowLength, y);
                    Store(pixel, destination, (y * fit.Width) + x, fit.Height * fit.Width);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrowed);
        }
    }

    private static void Store(ReadOnlySpan<byte> pixel, Span<float> destination, int place, int plane)
    {
        if (destination.Length == plane)
        {
            // The luma of ITU-R BT.601 in 16 fraction bits; grey pixels keep their value.
            destination[place] = ((19595 * pixel[0]) + (38470 * pixel[1]) + (7471 * pixel[2]) + 0x8000) >> 16;
            return;
        }

        for (var c = 0; c < pixel.Length; c++) destination[(c * plane) + place] = pixel[c];
    }
}

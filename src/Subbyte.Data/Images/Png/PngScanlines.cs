namespace Subbyte.Data.Images.Png;

/// <summary>Undoes the filters of unpacked rows and spreads their samples to pixels.</summary>
internal sealed class PngScanlines(string path, PngHeader header, byte[] palette)
{
    /// <summary>Reads all rows of all passes.</summary>
    /// <param name="unpacked">The unpacked bytes.</param>
    /// <param name="pixels">Takes the pixels, three bytes each.</param>
    /// <exception cref="UserErrorException">A filter or a palette entry does not exist.</exception>
    /// <exception cref="EndOfStreamException">There are too few bytes.</exception>
    public void Read(Stream unpacked, Span<byte> pixels)
    {
        foreach (var pass in header.Passes)
        {
            var (row, above) = (new byte[1 + header.RowBytes(pass)], new byte[1 + header.RowBytes(pass)]);
            for (var y = 0; y < pass.Height; y++)
            {
                unpacked.ReadExactly(row);
                Unfilter(row[0], row.AsSpan(1), above.AsSpan(1));
                var line = pixels.Slice((pass.Y + (y * pass.StepY)) * header.Width * PixelImage.Channels, header.Width * PixelImage.Channels);
                for (var x = 0; x < pass.Width; x++) WritePixel(row.AsSpan(1), x, line.Slice((pass.X + (x * pass.StepX)) * PixelImage.Channels, PixelImage.Channels));
                (row, above) = (above, row);
            }
        }
    }

    private void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        var step = Math.Max(1, header.BitsPerPixel / 8);
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < step ? 0 : row[i - step];
            var predicted = filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], i < step ? 0 : above[i - step]),
                _ => throw PngDecoder.Error(path, $"filter {filter} does not exist; the PNG file is damaged"),
            };
            row[i] = (byte)((row[i] + predicted) & 0xff);
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var estimate = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        if (toLeft <= toAbove && toLeft <= toCorner) return left;
        return toAbove <= toCorner ? above : corner;
    }

    private void WritePixel(ReadOnlySpan<byte> row, int x, Span<byte> pixel)
    {
        switch (header.Color)
        {
            case PngColor.Grey when header.BitDepth < 8: pixel.Fill((byte)(Bits(row, x) * 255 / ((1 << header.BitDepth) - 1))); break;
            case PngColor.Grey or PngColor.GreyAlpha: pixel.Fill(row[x * header.BitsPerPixel / 8]); break;
            case PngColor.Palette: PaletteEntry(Bits(row, x)).CopyTo(pixel); break;
            default:
                for (var c = 0; c < PixelImage.Channels; c++) pixel[c] = row[((x * header.BitsPerPixel) + (c * header.BitDepth)) / 8];
                break;
        }
    }

    private int Bits(ReadOnlySpan<byte> row, int x)
    {
        var bit = x * header.BitDepth;
        return (row[bit / 8] >> (8 - header.BitDepth - (bit % 8))) & ((1 << header.BitDepth) - 1);
    }

    private ReadOnlySpan<byte> PaletteEntry(int index)
    {
        var first = index * PixelImage.Channels;
        return first < palette.Length ? palette.AsSpan(first, PixelImage.Channels)
            : throw PngDecoder.Error(path, $"colour {index} of a palette of {palette.Length / PixelImage.Channels}; the PNG file is damaged");
    }
}

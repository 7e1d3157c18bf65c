using System.Buffers.Binary;

namespace Subbyte.Data.Images.Png;

/// <summary>What the chunk IHDR says, checked.</summary>
internal sealed record PngHeader
{
    private const int Length = 13;

    /// <summary>Where the pixels of an Adam7 pass begin and how far apart they lie.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private PngHeader()
    {
    }

    /// <summary>Pixels of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Bits of a sample: 1, 2, 4, 8 or 16.</summary>
    public required int BitDepth { get; init; }

    /// <summary>What the samples mean.</summary>
    public required PngColor Color { get; init; }

    /// <summary>Whether the pixels come in seven passes.</summary>
    public required bool IsInterlaced { get; init; }

    /// <summary>Bits of a pixel.</summary>
    public int BitsPerPixel => BitDepth * Color switch { PngColor.Rgb => 3, PngColor.GreyAlpha => 2, PngColor.Rgba => 4, _ => 1 };

    /// <summary>The passes: one, or the seven of Adam7; those without pixels are left out.</summary>
    public IEnumerable<PngPass> Passes =>
        (IsInterlaced ? Adam7 : [(0, 0, 1, 1)])
        .Select(pass => new PngPass(pass.X, pass.Y, pass.StepX, pass.StepY, Steps(Width, pass.X, pass.StepX), Steps(Height, pass.Y, pass.StepY)))
        .Where(pass => pass.Width > 0 && pass.Height > 0);

    /// <summary>Bytes of the unpacked rows of all passes, the byte of the filter included.</summary>
    public long UnpackedBytes => Passes.Sum(pass => (long)pass.Height * (1 + RowBytes(pass)));

    /// <summary>Bytes of a row without its filter.</summary>
    /// <param name="pass">The pass.</param>
    /// <returns>The bytes.</returns>
    public int RowBytes(PngPass pass) => ((pass.Width * BitsPerPixel) + 7) / 8;

    /// <summary>Reads the chunk.</summary>
    /// <param name="path">The file's name in errors.</param>
    /// <param name="data">The chunk's data.</param>
    /// <returns>The header.</returns>
    /// <exception cref="UserErrorException">It contradicts the format, or the image is too large.</exception>
    public static PngHeader Read(string path, ReadOnlySpan<byte> data)
    {
        if (data.Length != Length) throw PngDecoder.Error(path, $"its header has {data.Length} bytes instead of {Length}; the PNG file is damaged");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        ImageLimits.Check(path, width, height);
        var (depth, color) = (data[8], data[9]);
        var isKnown = (color, depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        if (!isKnown) throw PngDecoder.Error(path, $"colour type {color} with {depth} bits does not exist; the PNG file is damaged");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1) throw PngDecoder.Error(path, "its compression, filter or interlace method is unknown; the PNG file is damaged");
        return new PngHeader { Width = (int)width, Height = (int)height, BitDepth = depth, Color = (PngColor)color, IsInterlaced = data[12] == 1 };
    }

    private static int Steps(int length, int first, int step) => (length - first + step - 1) / step;
}

/// <summary>A pass: the pixels (X + i·StepX, Y + j·StepY).</summary>
/// <param name="X">Column of the first pixel.</param>
/// <param name="Y">Row of the first pixel.</param>
/// <param name="StepX">Columns from one pixel to the next.</param>
/// <param name="StepY">Rows from one row to the next.</param>
/// <param name="Width">Pixels of a row of the pass.</param>
/// <param name="Height">Rows of the pass.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Width, int Height);

/// <summary>The colour types of PNG, with their numbers.</summary>
internal enum PngColor
{
    /// <summary>Grey.</summary>
    Grey = 0,

    /// <summary>Red, green, blue.</summary>
    Rgb = 2,

    /// <summary>A number of the palette.</summary>
    Palette = 3,

    /// <summary>Grey and alpha.</summary>
    GreyAlpha = 4,

    /// <summary>Red, green, blue, alpha.</summary>
    Rgba = 6,
}

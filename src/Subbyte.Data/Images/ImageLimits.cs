namespace Subbyte.Data.Images;

/// <summary>How large an image may be; checked on its header, before memory is taken for pixels.</summary>
internal static class ImageLimits
{
    /// <summary>Most pixels of a row or a column.</summary>
    public const int MostSide = 1 << 14;

    /// <summary>Most pixels of an image, 8,192 × 4,096: 128 MiB at four bytes a pixel.</summary>
    public const int MostPixels = 1 << 25;

    /// <summary>Most bytes of an encoded image.</summary>
    public const int MostFileBytes = 1 << 26;

    /// <summary>Refuses an image that declares too much.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Pixels of a row, as the header says.</param>
    /// <param name="height">Rows, as the header says.</param>
    /// <exception cref="UserErrorException">The size is not positive or above a limit.</exception>
    public static void Check(string path, long width, long height)
    {
        if (width is < 1 or > MostSide || height is < 1 or > MostSide || width * height > MostPixels)
            throw new UserErrorException($"{path}: its header says {width} x {height} pixels; an image may have 1 to {MostSide} on a side and {MostPixels} in all, scale it down first");
    }
}

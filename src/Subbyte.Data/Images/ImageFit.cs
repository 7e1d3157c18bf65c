using Subbyte.Networks;

namespace Subbyte.Data.Images;

/// <summary>How photos of any size become samples of one shape: scaled, then cut out of the middle.</summary>
/// <param name="Channels">3 for red, green, blue; 1 for grey.</param>
/// <param name="Height">Rows of a sample.</param>
/// <param name="Width">Columns of a sample.</param>
/// <param name="ShortSide">
/// The shorter side of the scaled photo where samples are square; otherwise the shorter side of the rectangle, in the samples' proportions, that the
/// scaled photo must cover.
/// </param>
/// <param name="KeepsFitting">Whether a photo that has the size of a sample already is taken as it is.</param>
internal sealed record ImageFit(int Channels, int Height, int Width, int ShortSide, bool KeepsFitting)
{
    private const int UsualCrop = 224;
    private const int UsualShortSide = 256;

    /// <summary>Red, green, blue, 224 × 224 out of a photo whose short side is scaled to 256: what most ImageNet networks take.</summary>
    public static ImageFit Usual { get; } = new(PixelImage.Channels, UsualCrop, UsualCrop, UsualShortSide, KeepsFitting: true);

    /// <summary>The fit for a network.</summary>
    /// <param name="inputShape">Its input: channels, height, width; a dimension below 1 is free.</param>
    /// <param name="preprocessing">May tell the short side and the crop.</param>
    /// <returns>The fit; when the network takes no images, one that differs from its input.</returns>
    /// <exception cref="UserErrorException">The short side is smaller than the crop, or the crop too large.</exception>
    public static ImageFit For(ReadOnlySpan<int> inputShape, Preprocessing preprocessing)
    {
        var usual = preprocessing.Crop ?? UsualCrop;
        var (channels, height, width) = inputShape is [var c, var h, var w]
            ? (c == 1 ? 1 : PixelImage.Channels, preprocessing.Crop ?? Or(h, usual), preprocessing.Crop ?? Or(w, usual))
            : (PixelImage.Channels, usual, usual);
        if (Math.Max(height, width) > Preprocessing.MostPixels)
            throw new UserErrorException($"photos are scaled to at most {Preprocessing.MostPixels} x {Preprocessing.MostPixels} pixels, the network takes {height} x {width}");
        var crop = Math.Min(height, width);
        var shortSide = preprocessing.Resize ?? (int)Math.Round((double)crop * UsualShortSide / UsualCrop, MidpointRounding.AwayFromZero);
        if (shortSide < crop)
            throw new UserErrorException($"preprocessing: resize={shortSide} is less than the {height} x {width} pixels that are cut out of a photo; give resize={crop} or more");
        return new ImageFit(channels, height, width, shortSide, preprocessing.Resize is null);
    }

    /// <summary>The size that a photo is scaled to.</summary>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <returns>Columns and rows, none fewer than a sample's; the longer side is rounded to the nearest.</returns>
    public (long Width, long Height) Scaled(int width, int height)
    {
        if (KeepsFitting && (width, height) == (Width, Height)) return (width, height);
        var crop = Math.Min(Height, Width);
        var (coverWidth, coverHeight) = ((long)Width * ShortSide / crop, (long)Height * ShortSide / crop);
        return width * coverHeight <= height * coverWidth
            ? (coverWidth, Math.Max(coverHeight, Rounded(height * coverWidth, width)))
            : (Math.Max(coverWidth, Rounded(width * coverHeight, height)), coverHeight);
    }

    private static long Rounded(long numerator, int denominator) => ((2 * numerator) + denominator) / (2 * denominator);

    private static int Or(int dimension, int usual) => dimension < 1 ? usual : dimension;
}

using System.Buffers;

namespace Subbyte.Data.Images;

/// <summary>A decoded image: red, green and blue bytes pixel by pixel, row by row. Its memory is rented and goes back when it is disposed.</summary>
internal sealed class PixelImage : IDisposable
{
    /// <summary>Bytes of a pixel.</summary>
    public const int Channels = 3;

    private byte[] _rented;

    private PixelImage(int width, int height, byte[] rented) => (Width, Height, _rented) = (width, height, rented);

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels.</summary>
    public Span<byte> Pixels => _rented.AsSpan(0, Width * Height * Channels);

    /// <summary>All the memory behind the image; its first bytes are <see cref="Pixels"/>.</summary>
    public Span<byte> Memory => _rented;

    /// <summary>Takes memory for an image whose size was checked; its content is arbitrary.</summary>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bytesPerPixel">Bytes to take for each pixel, at least <see cref="Channels"/>.</param>
    /// <returns>The image.</returns>
    public static PixelImage Rent(int width, int height, int bytesPerPixel = Channels) =>
        new(width, height, ArrayPool<byte>.Shared.Rent(width * height * bytesPerPixel));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rented.Length > 0) ArrayPool<byte>.Shared.Return(_rented);
        _rented = [];
    }
}

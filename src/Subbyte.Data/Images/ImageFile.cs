using System.Buffers;
using Subbyte.Data.Images.Png;

namespace Subbyte.Data.Images;

/// <summary>An encoded image in rented memory. JPEG and PNG are told apart by their first bytes, not by their name.</summary>
internal sealed class ImageFile : IDisposable
{
    private readonly string _path;
    private readonly int _length;
    private byte[] _rented;

    private ImageFile(string path, byte[] rented, int length) => (_path, _rented, _length) = (path, rented, length);

    /// <summary>The encoded bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <summary>Whether a file is taken for an image, by its ending.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>Whether it ends as JPEG or PNG files do.</returns>
    public static bool HasImageEnding(string name) =>
        Path.GetExtension(name).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG";

    /// <summary>Reads a file without decoding it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The file, to be disposed by the caller.</returns>
    /// <exception cref="UserErrorException">It cannot be read or is too long.</exception>
    public static ImageFile Read(string path)
    {
        byte[]? rented = null;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > ImageLimits.MostFileBytes)
                throw new UserErrorException($"{path}: {stream.Length} bytes are more than an image file may have ({ImageLimits.MostFileBytes})");
            var length = (int)stream.Length;
            rented = ArrayPool<byte>.Shared.Rent(length);
            stream.ReadExactly(rented, 0, length);
            (var bytes, rented) = (rented, null);
            return new ImageFile(path, bytes, length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            var why = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message;
            throw new UserErrorException($"{path}: {why}", exception);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes the image.</summary>
    /// <returns>Its pixels, to be disposed by the caller.</returns>
    /// <exception cref="UserErrorException">It is damaged, too large, of another format, or the decoder is not installed.</exception>
    public PixelImage Decode()
    {
        var bytes = Bytes;
        if (bytes.StartsWith(PngDecoder.Signature)) return PngDecoder.Decode(_path, bytes);
        if (bytes.StartsWith(TurboJpeg.Signature)) return TurboJpeg.Require(TurboJpeg.Default, _path).Decode(_path, bytes);
        throw new UserErrorException($"{_path}: it begins neither as a JPEG nor as a PNG file; take it out of the folder or convert it");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rented.Length > 0) ArrayPool<byte>.Shared.Return(_rented);
        _rented = [];
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Subbyte.Data;

/// <summary>
/// A data file that is read once from its beginning, unpacked on the way when it is gzip (known by its first two bytes, not by its name).
/// No more memory is taken than the file can fill; whatever is wrong with it is a <see cref="UserErrorException"/> with its name and the offset.
/// </summary>
internal sealed class DataFile : IDisposable
{
    /// <summary>
    /// A gzip file may unpack to this much, or to <see cref="LargestRatio"/> times its size if that is more: images and features shrink to a
    /// half or a tenth, a bomb to a thousandth.
    /// </summary>
    private const long SmallestUnpackedLimit = 64L << 20;

    private const int LargestRatio = 100;
    private const int FirstUnpackedBuffer = 1 << 20;

    private readonly FileStream? _gzip;
    private readonly Stream _stream;
    private readonly long _storedLength;
    private readonly long _limit;
    private long _position;

    private DataFile(string path, FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        IsCompressed = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        (Path, _storedLength) = (path, file.Length);
        _gzip = IsCompressed ? file : null;
        _stream = IsCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        _limit = IsCompressed ? UnpackedLimit(_storedLength) : _storedLength;
    }

    /// <summary>Reads a member of an archive; nothing in its directory is trusted.</summary>
    /// <param name="path">The archive and the member, for errors.</param>
    /// <param name="stream">The unpacked bytes; disposed with this object.</param>
    /// <param name="storedLength">Packed length that the archive declares.</param>
    /// <param name="archiveLength">Length of the archive.</param>
    public DataFile(string path, Stream stream, long storedLength, long archiveLength)
    {
        (Path, _stream, _storedLength, IsCompressed) = (path, stream, Math.Min(storedLength, archiveLength), true);
        _limit = UnpackedLimit(_storedLength);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Whether the bytes are unpacked on the way.</summary>
    public bool IsCompressed { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The file, to be disposed by the caller.</returns>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    public static DataFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            return new DataFile(path, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            file?.Dispose();
            var why = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message;
            throw new UserErrorException($"{path}: {why}", exception);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bytes, unpacked.</returns>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path);
        return file.ReadToEnd();
    }

    /// <summary>Reads the next bytes.</summary>
    /// <param name="length">How many.</param>
    /// <param name="what">What they are, for the error.</param>
    /// <returns>Exactly as many.</returns>
    /// <exception cref="UserErrorException">There are fewer, or the gzip stream is damaged.</exception>
    public byte[] Read(long length, string what)
    {
        if (length > _limit - _position || length > Array.MaxLength)
            throw Error($"{what} needs {length} bytes from byte {_position} on, {Holds()}");
        var bytes = Fill(length);
        return bytes.Length == length ? bytes : throw Error($"{what} needs {length} bytes, the file ends at byte {_position}; it is truncated");
    }

    /// <summary>Reads all that is left.</summary>
    /// <returns>The bytes.</returns>
    /// <exception cref="UserErrorException">They are too many to hold, or the gzip stream is damaged.</exception>
    public byte[] ReadToEnd()
    {
        if (!IsCompressed && _limit - _position > Array.MaxLength) throw Error($"{_limit} bytes are more than one data file may have");
        // One byte beyond the limit tells "full" from "too long".
        var bytes = Fill(Math.Min(_limit - _position + (IsCompressed ? 1 : 0), Array.MaxLength));
        if (_position > _limit) throw Error($"it unpacks to more than {_limit} bytes, which {_storedLength} packed bytes are trusted with; unpack it first");
        ExpectWholeGzip();
        return bytes;
    }

    /// <summary>Ensures that nothing is left.</summary>
    /// <param name="what">What has been read, for the error.</param>
    /// <exception cref="UserErrorException">Something is left, or the gzip stream is damaged.</exception>
    public void ExpectEnd(string what)
    {
        var end = _position;
        if (Fill(1).Length != 0) throw Error($"{what} ends at byte {end}, the file goes on; it is not what its header says");
        ExpectWholeGzip();
    }

    /// <summary>An error of this file.</summary>
    /// <param name="why">What is wrong with it.</param>
    /// <returns>The error, to be thrown.</returns>
    public UserErrorException Error(string why) => new($"{Path}: {why}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _gzip?.Dispose();
    }

    private static long UnpackedLimit(long storedLength) => Math.Max(SmallestUnpackedLimit, storedLength * LargestRatio);

    private string Holds() => IsCompressed
        ? $"but {_storedLength} packed bytes are trusted with at most {_limit} bytes of data"
        : $"but the file has {_storedLength} bytes";

    /// <summary>
    /// The last four bytes of gzip are the length of the data (RFC 1952); <see cref="GZipStream"/> takes a truncated stream for a short one
    /// without a word.
    /// </summary>
    private void ExpectWholeGzip()
    {
        if (_gzip is null) return;
        Span<byte> length = stackalloc byte[sizeof(uint)];
        RandomAccess.Read(_gzip.SafeFileHandle, length, Math.Max(0, _storedLength - length.Length));
        if (BinaryPrimitives.ReadUInt32LittleEndian(length) != unchecked((uint)_position))
            throw Error($"unpacks to {_position} bytes, which is not the length at its end; it is truncated, or several gzip files in one (unpack it first)");
    }

    /// <summary>Reads up to <paramref name="length"/> bytes; a compressed file gets its memory as the bytes really arrive.</summary>
    private byte[] Fill(long length)
    {
        var buffer = new byte[IsCompressed ? Math.Min(length, FirstUnpackedBuffer) : length];
        var filled = 0;
        try
        {
            while (true)
            {
                var read = _stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
                filled += read;
                _position += read;
                if (filled < buffer.Length || filled == length) break;
                Array.Resize(ref buffer, (int)Math.Min(length, 2L * buffer.Length));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // The message of a damaged stream speaks of archive entries and compression methods, whatever is wrong.
            var why = exception is InvalidDataException ? "the packed data are damaged" : exception.Message;
            throw new UserErrorException($"{Path}: unreadable after {_position} bytes: {why}", exception);
        }

        if (filled < buffer.Length) Array.Resize(ref buffer, filled);
        return buffer;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Subbyte.Data.Images.Png;

/// <summary>
/// PNG (ISO/IEC 15948): every colour type and bit depth, every filter, Adam7. Alpha and transparency are left out, as training does; of 16 bits the
/// upper 8 are taken. Checksums are checked, and rows are unpacked one by one, so that no more memory is taken than the header's checked size.
/// </summary>
internal static class PngDecoder
{
    private const int ChunkOverhead = 12;

    /// <summary>Deflate shrinks to 1/1032 at best.</summary>
    private const long LargestRatio = 1032;

    /// <summary>How a PNG file begins.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Decodes a file.</summary>
    /// <param name="path">Its name in errors.</param>
    /// <param name="file">Its bytes.</param>
    /// <returns>The image, to be disposed by the caller.</returns>
    /// <exception cref="UserErrorException">It is damaged or too large.</exception>
    public static PixelImage Decode(string path, ReadOnlySpan<byte> file)
    {
        var packed = ArrayPool<byte>.Shared.Rent(file.Length);
        PixelImage? image = null;
        try
        {
            var (header, palette, packedLength) = ReadChunks(path, file, packed);
            if (header.UnpackedBytes > (packedLength + 1) * LargestRatio)
                throw Error(path, $"{packedLength} packed bytes cannot hold {header.Width} x {header.Height} pixels; it is truncated or damaged");
            image = PixelImage.Rent(header.Width, header.Height);
            using var stream = new ZLibStream(new MemoryStream(packed, 0, packedLength, writable: false), CompressionMode.Decompress);
            new PngScanlines(path, header, palette).Read(stream, image.Pixels);
            (var decoded, image) = (image, null);
            return decoded;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new UserErrorException($"{path}: the packed pixels are {(exception is EndOfStreamException ? "truncated" : "damaged")}; the PNG file cannot be decoded", exception);
        }
        finally
        {
            image?.Dispose();
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>An error of a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <returns>The error, to be thrown.</returns>
    public static UserErrorException Error(string path, string why) => new($"{path}: {why}");

    /// <summary>Reads header and palette, and joins the packed pixels.</summary>
    private static (PngHeader Header, byte[] Palette, int PackedLength) ReadChunks(string path, ReadOnlySpan<byte> file, Span<byte> packed)
    {
        PngHeader? header = null;
        byte[] palette = [];
        var packedLength = 0;
        for (var offset = Signature.Length; ;)
        {
            var (type, data) = ReadChunk(path, file, offset);
            if (header is null && !type.SequenceEqual("IHDR"u8)) throw Error(path, "its first chunk is not IHDR; the PNG file is damaged");
            switch (type)
            {
                case [(byte)'I', (byte)'H', (byte)'D', (byte)'R']:
                    if (header is not null) throw Error(path, $"a second IHDR at byte {offset}; the PNG file is damaged");
                    header = PngHeader.Read(path, data);
                    break;
                case [(byte)'P', (byte)'L', (byte)'T', (byte)'E']:
                    if (data.Length % PixelImage.Channels != 0 || data.Length > 256 * PixelImage.Channels) throw Error(path, $"a palette of {data.Length} bytes at byte {offset}; the PNG file is damaged");
                    palette = data.ToArray();
                    break;
                case [(byte)'I', (byte)'D', (byte)'A', (byte)'T']:
                    data.CopyTo(packed[packedLength..]);
                    packedLength += data.Length;
                    break;
                case [(byte)'I', (byte)'E', (byte)'N', (byte)'D']:
                    return (header!, palette, packedLength);
                default:
                    // An upper-case first letter says that the image cannot be shown without the chunk.
                    if (char.IsAsciiLetterUpper((char)type[0])) throw Error(path, $"an unknown chunk at byte {offset} that must be understood; the PNG file is damaged or of a later kind");
                    break;
            }

            offset += data.Length + ChunkOverhead;
        }
    }

    private static Chunk ReadChunk(string path, ReadOnlySpan<byte> file, int offset)
    {
        if (file.Length - offset < ChunkOverhead) throw Error(path, $"it ends at byte {file.Length} before its IEND chunk; it is truncated");
        var length = BinaryPrimitives.ReadUInt32BigEndian(file[offset..]);
        if (length > file.Length - offset - ChunkOverhead)
            throw Error(path, $"the chunk at byte {offset} says {length} bytes, the file ends at byte {file.Length}; it is truncated or damaged");
        var body = file.Slice(offset + 4, 4 + (int)length);
        if (PngChecksum.Of(body) != BinaryPrimitives.ReadUInt32BigEndian(file[(offset + 8 + (int)length)..]))
            throw Error(path, $"the checksum of the chunk at byte {offset} is wrong; the PNG file is damaged");
        return new Chunk(body[..4], body[4..]);
    }

    private readonly ref struct Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _type = type;
        private readonly ReadOnlySpan<byte> _data = data;

        public void Deconstruct(out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
        {
            type = _type;
            data = _data;
        }
    }
}

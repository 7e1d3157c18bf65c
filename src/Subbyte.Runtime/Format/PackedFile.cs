using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Subbyte.Runtime;

/// <summary>
/// The frame of a <c>.subbyte</c> file: a header of 128 bytes, the graph, the data; little-endian throughout. docs/format.md says it in full.
/// </summary>
internal static class PackedFile
{
    /// <summary>Version that is written and read.</summary>
    public const int Version = 3;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 128;

    /// <summary>Every block of data begins at a multiple of so many bytes.</summary>
    public const int Alignment = 64;

    private const int VersionAt = 8;
    private const int HeaderBytesAt = 12;
    private const int FileBytesAt = 16;
    private const int GraphBytesAt = 24;
    private const int DataAt = 32;
    private const int ChecksumAt = 64;

    private static ReadOnlySpan<byte> Magic => "SUBBYTE\0"u8;

    /// <summary>Puts header, graph and data together.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="data">The data.</param>
    /// <returns>The file.</returns>
    public static byte[] Frame(ReadOnlySpan<byte> graph, ReadOnlySpan<byte> data)
    {
        var start = Align(HeaderBytes + graph.Length);
        var file = new byte[checked(start + data.Length)];
        graph.CopyTo(file.AsSpan(HeaderBytes));
        data.CopyTo(file.AsSpan(start));
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(VersionAt), Version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderBytesAt), HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(FileBytesAt), file.Length);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(GraphBytesAt), graph.Length);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(DataAt), start);
        Seal(file);
        return file;
    }

    /// <summary>Writes the checksum of a file over what stands there.</summary>
    /// <param name="file">The file.</param>
    public static void Seal(Span<byte> file) => SHA256.HashData(file[HeaderBytes..], file[ChecksumAt..]);

    /// <summary>Checks the header.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Where the graph ends and where the data begin.</returns>
    /// <exception cref="PackedFormatException">It is not that of a file of this version.</exception>
    public static (int GraphEnd, int Data) Open(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes || !file.StartsWith(Magic)) throw new PackedFormatException("offset 0: this is no .subbyte file; 'subbyte pack' makes one");
        var version = BinaryPrimitives.ReadInt32LittleEndian(file[VersionAt..]);
        if (version != Version) throw new PackedFormatException($"offset {VersionAt}: the file has version {version}, this runtime reads version {Version}; pack the network again");
        if (BinaryPrimitives.ReadInt32LittleEndian(file[HeaderBytesAt..]) != HeaderBytes) throw new PackedFormatException($"offset {HeaderBytesAt}: the header must have {HeaderBytes} bytes");
        var length = BinaryPrimitives.ReadInt64LittleEndian(file[FileBytesAt..]);
        if (length != file.Length) throw new PackedFormatException($"offset {FileBytesAt}: the file should have {length} bytes and has {file.Length}; it was cut off or added to");
        var graph = BinaryPrimitives.ReadInt64LittleEndian(file[GraphBytesAt..]);
        var data = BinaryPrimitives.ReadInt64LittleEndian(file[DataAt..]);
        if (graph < 0 || graph > length - HeaderBytes) throw new PackedFormatException($"offset {GraphBytesAt}: a graph of {graph} bytes does not fit the file");
        if (data != Align(HeaderBytes + (int)graph) || data > length) throw new PackedFormatException($"offset {DataAt}: the data cannot begin at {data}");
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file[HeaderBytes..], checksum);
        if (!checksum.SequenceEqual(file.Slice(ChecksumAt, checksum.Length))) throw new PackedFormatException($"offset {ChecksumAt}: the checksum is not that of the content; the file is damaged");
        return (HeaderBytes + (int)graph, (int)data);
    }

    /// <summary>The next multiple of the alignment.</summary>
    /// <param name="length">A length.</param>
    /// <returns>The multiple.</returns>
    public static int Align(int length) => checked(length + Alignment - 1) / Alignment * Alignment;
}

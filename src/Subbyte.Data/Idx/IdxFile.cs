using System.Buffers.Binary;

namespace Subbyte.Data.Idx;

/// <summary>
/// The IDX format of bytes (Y. LeCun, C. Cortes, C. Burges, MNIST): big-endian 32-bit magic 0x0800 + number of dimensions, the dimensions,
/// then the bytes.
/// </summary>
internal static class IdxFile
{
    private const int UnsignedByteMagic = 0x0800;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, gzip or not.</param>
    /// <param name="rank">The number of dimensions that it must have.</param>
    /// <returns>Its dimensions, each at least 1, and its bytes.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, is of another format, or does not hold what its header says.</exception>
    public static (int[] Dimensions, byte[] Bytes) Read(string path, int rank)
    {
        using var file = DataFile.Open(path);
        var magic = BinaryPrimitives.ReadInt32BigEndian(file.Read(sizeof(int), "an IDX magic number"));
        if (magic != UnsignedByteMagic + rank)
            throw file.Error($"begins with magic number {magic}, an IDX file of bytes with {rank} dimensions begins with {UnsignedByteMagic + rank}");

        var header = file.Read(rank * sizeof(int), "an IDX header");
        var dimensions = new int[rank];
        for (var d = 0; d < rank; d++)
        {
            dimensions[d] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(d * sizeof(int)));
            if (dimensions[d] <= 0) throw file.Error($"dimension {d} at byte {sizeof(int) * (d + 1)} is {dimensions[d]}, it must be at least 1");
        }

        // Three dimensions of 31 bits overflow 63; the first two do not.
        var length = (Int128)1;
        foreach (var dimension in dimensions) length *= dimension;
        if (length > Array.MaxLength) throw file.Error($"its header declares {string.Join('x', dimensions)} bytes, more than one data set may have");
        var bytes = file.Read((long)length, $"an IDX file of {string.Join('x', dimensions)} bytes");
        file.ExpectEnd("the data that the header declares");
        return (dimensions, bytes);
    }
}

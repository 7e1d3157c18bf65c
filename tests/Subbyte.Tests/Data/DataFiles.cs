using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Subbyte.Tests.Data;

/// <summary>Small good files of every format, made from their definitions.</summary>
internal static class DataFiles
{
    /// <summary>CIFAR-10 records with labels 0, 1, 2, … modulo 10 and planes that tell record and channel.</summary>
    public static byte[] Cifar(int records)
    {
        var bytes = new byte[records * 3073];
        for (var record = 0; record < records; record++)
        {
            bytes[record * 3073] = (byte)(record % 10);
            for (var i = 0; i < 3072; i++) bytes[(record * 3073) + 1 + i] = unchecked((byte)((record * 7) + (i / 1024 * 50) + i));
        }

        return bytes;
    }

    /// <summary>An IDX file of bytes 0, 1, 2, … modulo 256, or of labels when <paramref name="modulo"/> is the number of classes.</summary>
    public static byte[] Idx(int[] dimensions, int modulo = 256)
    {
        var header = 4 + (4 * dimensions.Length);
        var bytes = new byte[header + dimensions.Aggregate(1, (product, dimension) => product * dimension)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 0x0800 + dimensions.Length);
        for (var d = 0; d < dimensions.Length; d++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * d)), dimensions[d]);
        for (var i = header; i < bytes.Length; i++) bytes[i] = (byte)((i - header) % modulo);
        return bytes;
    }

    /// <summary>An array in NumPy's format: version 1, padded as NumPy pads it.</summary>
    public static byte[] Npy(string descr, string shape, byte[] elements, bool fortran = false)
    {
        var header = $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header), .. elements];
    }

    /// <summary>A NumPy archive.</summary>
    public static byte[] Npz(params (string Name, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Subbyte.Tests.Data.Images;

/// <summary>PNG files made from the standard's words: any colour type and depth, a given filter for each row, interlaced or not.</summary>
internal sealed record PngFile(int Width, int Height, int BitDepth, int Color)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The filter of a row.</summary>
    public Func<int, int> Filter { get; init; } = row => row % 5;

    public bool IsInterlaced { get; init; }

    public byte[] Palette { get; init; } = [];

    public int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private int Step => Math.Max(1, BitDepth * Channels / 8);

    /// <summary>A good file of one colour per pixel place.</summary>
    public static byte[] Rgb(int width, int height, Func<int, int, int, int> sample)
    {
        var file = new PngFile(width, height, 8, 2);
        return file.Encode((x, y, c) => sample(x, y, c));
    }

    /// <summary>Encodes samples (column, row, channel).</summary>
    public byte[] Encode(Func<int, int, int, int> sample)
    {
        using var rows = new MemoryStream();
        foreach (var (x, y, stepX, stepY) in IsInterlaced ? Passes : [(0, 0, 1, 1)])
        {
            var (width, height) = ((Width - x + stepX - 1) / stepX, (Height - y + stepY - 1) / stepY);
            if (width <= 0 || height <= 0) continue;
            var above = new byte[((width * BitDepth * Channels) + 7) / 8];
            for (var j = 0; j < height; j++)
            {
                var row = Pack(width, (i, c) => sample(x + (i * stepX), y + (j * stepY), c));
                rows.WriteByte((byte)Filter(j));
                rows.Write(Filtered(Filter(j), row, above));
                above = row;
            }
        }

        return Join([Header(), Palette.Length > 0 ? Chunk("PLTE", Palette) : [], Chunk("tEXt", "a\0b"u8.ToArray()), .. Packed(rows.ToArray()), Chunk("IEND", [])]);
    }

    public byte[] Header()
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), Height);
        (data[8], data[9], data[12]) = ((byte)BitDepth, (byte)Color, (byte)(IsInterlaced ? 1 : 0));
        return Chunk("IHDR", data);
    }

    public static byte[] Join(params byte[][] chunks) => [0x89, .. "PNG\r\n\u001a\n"u8, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        for (var i = 0; i < 4; i++) chunk[4 + i] = (byte)type[i];
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>Two chunks, so that joining is tried.</summary>
    public static byte[][] Packed(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(rows);
        var bytes = packed.ToArray();
        return [Chunk("IDAT", bytes[..(bytes.Length / 2)]), Chunk("IDAT", bytes[(bytes.Length / 2)..])];
    }

    /// <summary>Puts the right checksums to the chunks of a file that was changed, as far as they can be made out.</summary>
    public static void Mend(byte[] file)
    {
        for (var offset = 8; offset <= file.Length - 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(offset));
            if (length > file.Length - offset - 12) return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset + 8 + (int)length), Crc(file.AsSpan(offset + 4, 4 + (int)length)));
            offset += 12 + (int)length;
        }
    }

    /// <summary>Bit by bit, as the standard defines it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }

    private byte[] Pack(int width, Func<int, int, int> sample)
    {
        var row = new byte[((width * BitDepth * Channels) + 7) / 8];
        for (var i = 0; i < width * Channels; i++)
        {
            var value = sample(i / Channels, i % Channels);
            for (var bit = 0; bit < BitDepth; bit++)
            {
                var place = (i * BitDepth) + bit;
                if (((value >> (BitDepth - 1 - bit)) & 1) != 0) row[place / 8] |= (byte)(0x80 >> (place % 8));
            }
        }

        return row;
    }

    private byte[] Filtered(int filter, byte[] row, byte[] above)
    {
        var filtered = new byte[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            var (a, b, c) = (i < Step ? 0 : row[i - Step], (int)above[i], i < Step ? 0 : above[i - Step]);
            var p = a + b - c;
            var paeth = new[] { a, b, c }.MinBy(value => Math.Abs(p - value));
            var prediction = new[] { 0, a, b, (a + b) / 2, paeth }[filter];
            filtered[i] = (byte)((row[i] - prediction) & 0xff);
        }

        return filtered;
    }
}

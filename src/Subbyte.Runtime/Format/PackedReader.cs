using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Subbyte.Runtime;

/// <summary>Reads the graph of a file and what it says of the data; every size is checked against the file before memory is taken.</summary>
internal sealed class PackedReader
{
    private const int LongestText = 1 << 16;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _end;
    private readonly int _data;
    private int _position = PackedFile.HeaderBytes;
    private sbyte[] _room = [];

    /// <summary>Opens a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <exception cref="PackedFormatException">It is no file of this version, or damaged.</exception>
    public PackedReader(ReadOnlyMemory<byte> file)
    {
        _file = file;
        (_end, _data) = PackedFile.Open(file.Span);
    }

    /// <summary>Whether the graph has been read.</summary>
    public bool IsAtEnd => _position == _end;

    /// <summary>An error at what was read last.</summary>
    /// <param name="what">What is wrong.</param>
    /// <returns>The error.</returns>
    public PackedFormatException Fail(string what) => new($"offset {Math.Max(PackedFile.HeaderBytes, _position - sizeof(int))}: {what}");

    /// <summary>A whole number in a range.</summary>
    /// <param name="lowest">Smallest.</param>
    /// <param name="highest">Largest.</param>
    /// <param name="what">What it is.</param>
    /// <returns>The number.</returns>
    public int Int32(int lowest, int highest, string what)
    {
        if (_end - _position < sizeof(int)) throw new PackedFormatException($"offset {_position}: the graph ends before {what}");
        var value = BinaryPrimitives.ReadInt32LittleEndian(_file.Span[_position..]);
        _position += sizeof(int);
        return value >= lowest && value <= highest ? value : throw Fail($"{what} is {value}, not {lowest} … {highest}");
    }

    /// <summary>Whole numbers after their count.</summary>
    /// <param name="most">How many there may be.</param>
    /// <param name="lowest">Smallest.</param>
    /// <param name="highest">Largest.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The numbers.</returns>
    public int[] Int32s(int most, int lowest, int highest, string what)
    {
        var values = new int[Int32(0, Math.Min(most, (_end - _position) / sizeof(int)), $"the number of {what}")];
        for (var i = 0; i < values.Length; i++) values[i] = Int32(lowest, highest, what);
        return values;
    }

    /// <summary>A float.</summary>
    /// <param name="what">What it is.</param>
    /// <returns>The float.</returns>
    public float Single(string what) => BitConverter.Int32BitsToSingle(Int32(int.MinValue, int.MaxValue, what));

    /// <summary>A text.</summary>
    /// <param name="what">What it is.</param>
    /// <returns>The text.</returns>
    public string Text(string what)
    {
        var length = Int32(0, Math.Min(LongestText, _end - _position - sizeof(int)), $"the length of {what}");
        var text = Encoding.UTF8.GetString(_file.Span.Slice(_position, length));
        _position += length;
        return text;
    }

    /// <summary>Elements of the data.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="count">How many there must be.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The elements in the file's memory.</returns>
    public ReadOnlySpan<T> Block<T>(long count, string what) where T : unmanaged
    {
        var bytes = BlockMemory(count * Unsafe.SizeOf<T>(), what).Span;
        if (BitConverter.IsLittleEndian) return MemoryMarshal.Cast<byte, T>(bytes);
        var swapped = bytes.ToArray();
        for (var i = 0; i < swapped.Length; i += Unsafe.SizeOf<T>()) swapped.AsSpan(i, Unsafe.SizeOf<T>()).Reverse();
        return MemoryMarshal.Cast<byte, T>(swapped);
    }

    /// <summary>Bytes of the data.</summary>
    /// <param name="count">How many there must be.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The bytes in the file's memory.</returns>
    public ReadOnlyMemory<byte> BlockMemory(long count, string what)
    {
        var start = _data + (Int32(0, int.MaxValue, $"the place of {what}") * (long)PackedFile.Alignment);
        var length = Int32(0, int.MaxValue, $"the length of {what}");
        if (length != count) throw Fail($"{what} take {length} bytes, not {count}");
        if (start + length > _file.Length) throw Fail($"{what} at {start} leave the file");
        return _file.Slice((int)start, length);
    }

    /// <summary>Room for the weights of a layer while it is packed, which the next layer of the same size is given again.</summary>
    /// <param name="count">Number of weights.</param>
    /// <returns>A byte a weight, of any value.</returns>
    public sbyte[] Room(long count) => _room.Length == count ? _room : _room = new sbyte[count];

    /// <summary>Floats, or zeros.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The floats.</returns>
    public float[] OptionalSingles(int count, string what) => Int32(0, 1, $"whether there are {what}") == 0 ? new float[count] : Block<float>(count, what).ToArray();

    /// <summary>Whole numbers, or zeros.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The numbers.</returns>
    public int[] OptionalInt32s(int count, string what) => Int32(0, 1, $"whether there are {what}") == 0 ? new int[count] : Block<int>(count, what).ToArray();

    /// <summary>Whole numbers of 64 bits, or zeros.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are.</param>
    /// <returns>The numbers.</returns>
    public long[] OptionalInt64s(int count, string what) => Int32(0, 1, $"whether there are {what}") == 0 ? new long[count] : Block<long>(count, what).ToArray();
}

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Subbyte.Runtime;

/// <summary>Writes the graph and the data of a file.</summary>
internal sealed class PackedWriter
{
    private readonly ArrayBufferWriter<byte> _graph = new();
    private readonly ArrayBufferWriter<byte> _data = new();

    /// <summary>The whole file.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] ToFile() => PackedFile.Frame(_graph.WrittenSpan, _data.WrittenSpan);

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">The number.</param>
    public void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _graph.Write(bytes);
    }

    /// <summary>Writes whole numbers after their count.</summary>
    /// <param name="values">The numbers.</param>
    public void Int32s(ReadOnlySpan<int> values)
    {
        Int32(values.Length);
        foreach (var value in values) Int32(value);
    }

    /// <summary>Writes a float.</summary>
    /// <param name="value">The float.</param>
    public void Single(float value) => Int32(BitConverter.SingleToInt32Bits(value));

    /// <summary>Writes a text.</summary>
    /// <param name="value">The text.</param>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Int32(bytes.Length);
        _graph.Write(bytes);
    }

    /// <summary>Writes elements to the data and where they lie to the graph.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="elements">The elements.</param>
    public void Block<T>(ReadOnlySpan<T> elements) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(elements);
        var start = PackedFile.Align(_data.WrittenCount);
        _data.Write(new byte[start - _data.WrittenCount]);
        Int32(start / PackedFile.Alignment);
        Int32(bytes.Length);
        if (BitConverter.IsLittleEndian)
        {
            _data.Write(bytes);
            return;
        }

        var swapped = bytes.ToArray();
        for (var i = 0; i < swapped.Length; i += Marshal.SizeOf<T>()) swapped.AsSpan(i, Marshal.SizeOf<T>()).Reverse();
        _data.Write(swapped);
    }

    /// <summary>Writes floats, or that there are none when all are 0.</summary>
    /// <param name="values">The floats.</param>
    public void OptionalBlock(ReadOnlySpan<float> values)
    {
        var isZero = true;
        // A negative zero is a value like any other.
        foreach (var value in values) isZero &= BitConverter.SingleToInt32Bits(value) == 0;
        Int32(isZero ? 0 : 1);
        if (!isZero) Block(values);
    }

    /// <summary>Writes whole numbers, or that there are none when all are 0.</summary>
    /// <param name="values">The numbers.</param>
    public void OptionalBlock(ReadOnlySpan<int> values)
    {
        var isZero = values.IndexOfAnyExcept(0) < 0;
        Int32(isZero ? 0 : 1);
        if (!isZero) Block(values);
    }

    /// <summary>Writes whole numbers of 64 bits, or that there are none when all are 0.</summary>
    /// <param name="values">The numbers.</param>
    public void OptionalBlock(ReadOnlySpan<long> values)
    {
        var isZero = values.IndexOfAnyExcept(0) < 0;
        Int32(isZero ? 0 : 1);
        if (!isZero) Block(values);
    }
}

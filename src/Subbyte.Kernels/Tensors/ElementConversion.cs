using System.Runtime.InteropServices;

namespace Subbyte.Tensors;

/// <summary>
/// Conversions between element types, a chunk of elements at a time: floating point goes through binary64, integers through 64 bits, both of which
/// hold every element exactly.
/// </summary>
public static class ElementConversion
{
    private const int Chunk = 256;

    /// <summary>
    /// Converts every element, as ONNX's Cast. Floating point is rounded to the nearest (ties to even), and to integers toward zero, NaN to 0: those of
    /// eight bits and more saturate, narrower ones keep the low bits. Integers that do not fit keep their low bits; anything but 0 is true.
    /// </summary>
    /// <param name="source">Elements.</param>
    /// <param name="target">Takes as many elements.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Convert(Tensor source, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Length != target.Length) throw new ArgumentException($"{source} does not fill {target}", nameof(target));
        if (source.ElementType == target.ElementType)
        {
            source.Bytes.Span.CopyTo(target.Bytes.Span);
            return;
        }

        Span<double> numbers = stackalloc double[Chunk];
        Span<long> integers = stackalloc long[Chunk];
        for (var start = 0; start < source.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, source.Length - start);
            if (source.ElementType.IsFloatingPoint())
            {
                Read(source, start, numbers[..count]);
                Write(numbers[..count], target, start);
            }
            else
            {
                Read(source, start, integers[..count]);
                if (source.ElementType == ElementType.UInt64 && target.ElementType.IsFloatingPoint()) WriteUnsigned(integers[..count], target, start);
                else Write(integers[..count], target, start);
            }
        }
    }

    /// <summary>Reads elements as binary64; integers of 64 bits are rounded.</summary>
    /// <param name="source">Elements.</param>
    /// <param name="start">First element.</param>
    /// <param name="values">Takes the values; its length says how many.</param>
    public static void Read(Tensor source, int start, Span<double> values)
    {
        ArgumentNullException.ThrowIfNull(source);
        switch (source.ElementType)
        {
            case ElementType.Float32: Copy(source.AsSpan<float>().Slice(start, values.Length), values, value => value); break;
            case ElementType.Float64: source.AsSpan<double>().Slice(start, values.Length).CopyTo(values); break;
            case ElementType.Float16: Copy(source.AsSpan<Half>().Slice(start, values.Length), values, value => (double)value); break;
            case ElementType.BFloat16: Copy(MemoryMarshal.Cast<byte, ushort>(source.Bytes.Span).Slice(start, values.Length), values, value => BitConverter.Int32BitsToSingle(value << 16)); break;
            case ElementType.UInt64: Copy(source.AsSpan<ulong>().Slice(start, values.Length), values, value => value); break;
            default:
                Span<long> integers = values.Length <= Chunk ? stackalloc long[Chunk] : new long[values.Length];
                Read(source, start, integers[..values.Length]);
                Copy(integers[..values.Length], values, value => value);
                break;
        }
    }

    /// <summary>Reads integer elements as 64 bits; unsigned ones of 64 bits keep their bits.</summary>
    /// <param name="source">Elements of an integer type, or Boolean.</param>
    /// <param name="start">First element.</param>
    /// <param name="values">Takes the values; its length says how many.</param>
    public static void Read(Tensor source, int start, Span<long> values)
    {
        ArgumentNullException.ThrowIfNull(source);
        switch (source.ElementType)
        {
            case ElementType.Int64 or ElementType.UInt64: MemoryMarshal.Cast<byte, long>(source.Bytes.Span).Slice(start, values.Length).CopyTo(values); break;
            case ElementType.Int32: Copy(source.AsSpan<int>().Slice(start, values.Length), values, value => value); break;
            case ElementType.UInt32: Copy(source.AsSpan<uint>().Slice(start, values.Length), values, value => value); break;
            case ElementType.Int16: Copy(source.AsSpan<short>().Slice(start, values.Length), values, value => value); break;
            case ElementType.UInt16: Copy(source.AsSpan<ushort>().Slice(start, values.Length), values, value => value); break;
            case ElementType.Int8: Copy(source.AsSpan<sbyte>().Slice(start, values.Length), values, value => value); break;
            case ElementType.UInt8 or ElementType.Boolean: Copy(source.Bytes.Span.Slice(start, values.Length), values, value => value); break;
            case ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2: ReadPacked(source, start, values); break;
            default: throw new ArgumentException($"{source} does not hold integers", nameof(source));
        }
    }

    /// <summary>Writes values as elements of a tensor's type; see <see cref="Convert"/>.</summary>
    /// <param name="values">Values.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="start">First element.</param>
    public static void Write(ReadOnlySpan<double> values, Tensor target, int start)
    {
        ArgumentNullException.ThrowIfNull(target);
        switch (target.ElementType)
        {
            case ElementType.Float32: Copy(values, target.AsSpan<float>()[start..], value => (float)value); break;
            case ElementType.Float64: values.CopyTo(target.AsSpan<double>()[start..]); break;
            case ElementType.Float16: Copy(values, target.AsSpan<Half>()[start..], value => (Half)value); break;
            case ElementType.BFloat16: Copy(values, MemoryMarshal.Cast<byte, ushort>(target.Bytes.Span)[start..], ToBFloat16); break;
            case ElementType.Boolean: Copy(values, target.Bytes.Span[start..], value => (byte)(value != 0 ? 1 : 0)); break;
            case ElementType.UInt64: Copy(values, target.AsSpan<ulong>()[start..], ulong.CreateSaturating); break;
            case ElementType.Int64: Copy(values, target.AsSpan<long>()[start..], long.CreateSaturating); break;
            default:
                var (lowest, highest) = target.ElementType.BitWidth() < 8 ? (long.MinValue, long.MaxValue) : target.ElementType.IntegerRange();
                Span<long> integers = values.Length <= Chunk ? stackalloc long[Chunk] : new long[values.Length];
                Copy(values, integers, value => long.CreateSaturating(value));
                foreach (ref var integer in integers[..values.Length]) integer = Math.Clamp(integer, lowest, highest);
                Write(integers[..values.Length], target, start);
                break;
        }
    }

    /// <summary>Writes integers as elements of a tensor's type; see <see cref="Convert"/>.</summary>
    /// <param name="values">Values.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="start">First element.</param>
    public static void Write(ReadOnlySpan<long> values, Tensor target, int start)
    {
        ArgumentNullException.ThrowIfNull(target);
        switch (target.ElementType)
        {
            case ElementType.Int64 or ElementType.UInt64: values.CopyTo(MemoryMarshal.Cast<byte, long>(target.Bytes.Span)[start..]); break;
            case ElementType.Int32 or ElementType.UInt32: Copy(values, MemoryMarshal.Cast<byte, int>(target.Bytes.Span)[start..], value => unchecked((int)value)); break;
            case ElementType.Int16 or ElementType.UInt16: Copy(values, MemoryMarshal.Cast<byte, short>(target.Bytes.Span)[start..], value => unchecked((short)value)); break;
            case ElementType.Int8 or ElementType.UInt8: Copy(values, target.Bytes.Span[start..], value => unchecked((byte)value)); break;
            case ElementType.Boolean: Copy(values, target.Bytes.Span[start..], value => (byte)(value != 0 ? 1 : 0)); break;
            case ElementType.Float32: Copy(values, target.AsSpan<float>()[start..], value => value); break;
            case ElementType.Float64: Copy(values, target.AsSpan<double>()[start..], value => value); break;
            case ElementType.Float16: Copy(values, target.AsSpan<Half>()[start..], value => (Half)value); break;
            case ElementType.BFloat16: Copy(values, MemoryMarshal.Cast<byte, ushort>(target.Bytes.Span)[start..], value => ToBFloat16(value)); break;
            default: WritePacked(values, target, start); break;
        }
    }

    private static void WriteUnsigned(ReadOnlySpan<long> values, Tensor target, int start)
    {
        if (target.ElementType == ElementType.Float32)
        {
            Copy(values, target.AsSpan<float>()[start..], value => unchecked((ulong)value));
            return;
        }

        Span<double> numbers = stackalloc double[Chunk];
        Copy(values, numbers, value => unchecked((ulong)value));
        Write(numbers[..values.Length], target, start);
    }

    /// <summary>Rounds to bfloat16, ties to even. A double that lies between two floats is first made odd, so that rounding twice is rounding once.</summary>
    private static ushort ToBFloat16(double value)
    {
        if (double.IsNaN(value)) return 0x7FC0;
        var single = (float)value;
        var bits = BitConverter.SingleToUInt32Bits(single);
        if (single != value && float.IsFinite(single) && (bits & 1) == 0)
            bits = Math.Abs(single) > Math.Abs(value) ? bits - 1 : bits | 1;
        if ((bits & 0x7F80_0000) == 0x7F80_0000) return (ushort)(bits >> 16);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static void Copy<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, Func<TFrom, TTo> convert)
    {
        for (var i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }

    private static void ReadPacked(Tensor source, int start, Span<long> values)
    {
        var bits = source.ElementType.BitWidth();
        var lowest = source.ElementType.IntegerRange().Lowest;
        var bytes = source.Bytes.Span;
        for (var i = 0; i < values.Length; i++)
        {
            var position = (start + i) * bits;
            var code = (bytes[position >> 3] >> (position & 7)) & ((1 << bits) - 1);
            values[i] = lowest < 0 && code >= -lowest ? code + (2 * lowest) : code;
        }
    }

    private static void WritePacked(ReadOnlySpan<long> values, Tensor target, int start)
    {
        var bits = target.ElementType.BitWidth();
        var bytes = target.Bytes.Span;
        var mask = (1 << bits) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var position = (start + i) * bits;
            ref var octet = ref bytes[position >> 3];
            octet = (byte)((octet & ~(mask << (position & 7))) | ((int)(values[i] & mask) << (position & 7)));
        }
    }
}

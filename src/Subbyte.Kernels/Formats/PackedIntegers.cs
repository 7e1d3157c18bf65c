using Subbyte.Tensors;

namespace Subbyte.Formats;

/// <summary>
/// ONNX storage of two- and four-bit integers: row-major order, the first element in the lowest bits of a byte, two's complement, the rest of
/// the last byte 0 (uniform baselines, section 3.9; ONNX opset 21 and 25).
/// </summary>
public static class PackedIntegers
{
    /// <summary>Packs codes.</summary>
    /// <param name="codes">Codes, each in the type's range.</param>
    /// <param name="type">INT4, UINT4, INT2 or UINT2.</param>
    /// <returns>⌈codes·bits/8⌉ bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A code does not fit the type.</exception>
    public static byte[] Pack(ReadOnlySpan<short> codes, ElementType type)
    {
        var (bits, lowest) = Format(type);
        var perByte = 8 / bits;
        var mask = (1 << bits) - 1;
        var packed = new byte[type.ByteLength(codes.Length)];
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] < lowest || codes[i] > lowest + mask) throw new ArgumentOutOfRangeException(nameof(codes), codes[i], $"{type} holds {lowest}..{lowest + mask}");
            packed[i / perByte] |= (byte)((codes[i] & mask) << (i % perByte * bits));
        }

        return packed;
    }

    /// <summary>Unpacks codes.</summary>
    /// <param name="packed">At least ⌈codes·bits/8⌉ bytes.</param>
    /// <param name="type">INT4, UINT4, INT2 or UINT2.</param>
    /// <param name="codes">The codes; its length says how many.</param>
    /// <exception cref="ArgumentException">There are fewer bytes than the codes take.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, ElementType type, Span<short> codes)
    {
        var (bits, lowest) = Format(type);
        if (packed.Length < type.ByteLength(codes.Length)) throw new ArgumentException($"{codes.Length} {type} codes take more than {packed.Length} bytes", nameof(packed));
        var perByte = 8 / bits;
        var mask = (1 << bits) - 1;
        for (var i = 0; i < codes.Length; i++)
        {
            var code = (packed[i / perByte] >> (i % perByte * bits)) & mask;
            codes[i] = (short)(code > lowest + mask ? code - mask - 1 : code);
        }
    }

    private static (int Bits, int Lowest) Format(ElementType type) => type switch
    {
        ElementType.Int4 => (4, -8),
        ElementType.UInt4 => (4, 0),
        ElementType.Int2 => (2, -2),
        ElementType.UInt2 => (2, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "INT4, UINT4, INT2 or UINT2 is needed"),
    };
}

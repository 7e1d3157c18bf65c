namespace Subbyte.Methods.OneHot;

/// <summary>
/// The stored form of a one-hot value (section 2): sign · 8 + exponent, exponent 7 meaning zero, two codes an octet, the first in the low nibble. The
/// sign of zero is 0; 0xF is never written and reads as zero.
/// </summary>
public static class OneHotCode
{
    private const int Zero = 7;
    private const int Sign = 8;

    /// <summary>The nibble of a value.</summary>
    /// <param name="value">0 or ±2^k, k = 0 … 6.</param>
    /// <returns>0 … 15.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one-hot.</exception>
    public static int Encode(int value)
    {
        if (value == 0) return Zero;
        var magnitude = Math.Abs(value);
        if (magnitude > 64 || (magnitude & (magnitude - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(value), value, "0 or ±2^k with k = 0 … 6 is one-hot");
        return (value < 0 ? Sign : 0) | int.Log2(magnitude);
    }

    /// <summary>The value of a nibble.</summary>
    /// <param name="code">0 … 15.</param>
    /// <returns>0 or ±2^k.</returns>
    public static int Decode(int code)
    {
        var exponent = code & Zero;
        if (exponent == Zero) return 0;
        return (code & Sign) != 0 ? -(1 << exponent) : 1 << exponent;
    }

    /// <summary>Packs values two an octet.</summary>
    /// <param name="values">One-hot values.</param>
    /// <returns>⌈n/2⌉ octets; what is left over is zero's code.</returns>
    public static byte[] Pack(ReadOnlySpan<short> values)
    {
        var packed = new byte[(values.Length + 1) / 2];
        for (var i = 0; i < 2 * packed.Length; i++) packed[i / 2] |= (byte)((i < values.Length ? Encode(values[i]) : Zero) << (4 * (i & 1)));
        return packed;
    }

    /// <summary>The exact requantizer from INT8 (section 3.1): the highest set bit, one higher when the bit below it is set too.</summary>
    /// <param name="value">−128 … 127.</param>
    /// <returns>0 or ±2^k, k ≤ 6.</returns>
    public static int FromInt8(int value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude == 0) return 0;
        var highest = int.Log2(magnitude);
        if (highest > 0 && ((magnitude >> (highest - 1)) & 1) != 0) highest++;
        return Math.Sign(value) << Math.Min(highest, HotCodebook.MagnitudeBits - 1);
    }
}

using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Float32 values rounded to the precision in which an operator divides.</summary>
internal static class RoundedQuotient
{
    /// <summary>Rounds a value, ties to even.</summary>
    /// <param name="value">The value.</param>
    /// <param name="precision">float16 or bfloat16; any other type leaves the value as it is.</param>
    /// <returns>The rounded value.</returns>
    public static float Round(float value, ElementType precision) => precision switch
    {
        ElementType.Float16 => (float)(Half)value,
        ElementType.BFloat16 when float.IsFinite(value) => RoundToBFloat16(value),
        _ => value,
    };

    private static float RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF_0000);
    }
}

namespace Subbyte.Formats;

/// <summary>Shifts of integers that round what they drop.</summary>
public static class RoundingShift
{
    /// <summary>value / 2^shift, rounded half to even; a negative shift multiplies.</summary>
    /// <param name="value">A value; |value| ≤ 2^62, and a left shift must not overflow.</param>
    /// <param name="shift">−62 … any; beyond 62 the result is 0.</param>
    /// <returns>The shifted value.</returns>
    public static long Right(long value, int shift)
    {
        if (shift <= 0) return value << -shift;
        if (shift > 62) return 0;
        var quotient = value >> shift;
        var dropped = value & ((1L << shift) - 1);
        var half = 1L << (shift - 1);
        return dropped > half || (dropped == half && (quotient & 1) != 0) ? quotient + 1 : quotient;
    }
}

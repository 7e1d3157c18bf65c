namespace Subbyte.Methods.NbSmt;

/// <summary>An operand of a four-bit port: <c>Bits · 2^Shift</c>.</summary>
/// <param name="Bits">What the port takes: 0..15 of an activation, −8..7 of a weight.</param>
/// <param name="Shift">0 for a narrow operand, 4 for a rounded upper nibble.</param>
public readonly record struct Nibble(int Bits, int Shift)
{
    /// <summary>The value that it stands for.</summary>
    public int Value => Bits << Shift;
}

/// <summary>
/// Squeezing of 8-bit operands to four bits (section 2): the upper nibble, rounded half to even and saturated, unless the operand fits four
/// bits anyway. The nibble of an activation is unsigned, that of a weight signed.
/// </summary>
public static class Squeeze
{
    /// <summary>Whether an activation's upper nibble is zero.</summary>
    /// <param name="x">Activation, 0..255.</param>
    /// <returns>True when it is.</returns>
    public static bool IsNarrowActivation(int x) => x < 16;

    /// <summary>Whether a weight fits four signed bits.</summary>
    /// <param name="w">Weight, −128..127.</param>
    /// <returns>True when it does.</returns>
    public static bool IsNarrowWeight(int w) => w is >= -8 and <= 7;

    /// <summary>The rounded upper nibble of an activation, whatever its width (xm).</summary>
    /// <param name="x">Activation, 0..255.</param>
    /// <returns>The nibble.</returns>
    public static Nibble UpperActivation(int x) => new(Math.Min(15, RoundedSixteenth(x)), 4);

    /// <summary>The rounded upper nibble of a weight, whatever its width (wm).</summary>
    /// <param name="w">Weight, −128..127.</param>
    /// <returns>The nibble.</returns>
    public static Nibble UpperWeight(int w) => new(Math.Clamp(RoundedSixteenth(w), -8, 7), 4);

    /// <summary>An activation in four bits (xa).</summary>
    /// <param name="x">Activation, 0..255.</param>
    /// <returns>The activation as it is, or its rounded upper nibble.</returns>
    public static Nibble Activation(int x) => IsNarrowActivation(x) ? new Nibble(x, 0) : UpperActivation(x);

    /// <summary>A weight in four bits (wa).</summary>
    /// <param name="w">Weight, −128..127.</param>
    /// <returns>The weight as it is, or its rounded upper nibble.</returns>
    public static Nibble Weight(int w) => IsNarrowWeight(w) ? new Nibble(w, 0) : UpperWeight(w);

    /// <summary>A sixteenth, rounded half to even; the shift rounds towards −∞.</summary>
    private static int RoundedSixteenth(int value)
    {
        var (quotient, rest) = (value >> 4, value & 15);
        return rest > 8 || (rest == 8 && int.IsOddInteger(quotient)) ? quotient + 1 : quotient;
    }
}

using System.Numerics;

namespace Subbyte.Formats;

/// <summary>
/// The encoders from an integer's magnitude to its terms, largest exponent first, bit by bit as they are specified. Source: Kung, McDanel,
/// Zhang, "Term Revealing", SC 2020, and the authors' code; Booth 1951; MacSorley 1961 (radix 4); Reitwieser 1960.
/// A negative integer is encoded as its magnitude with every sign flipped. <see cref="SignedDigitTable"/> is the fast form.
/// </summary>
public static class SignedDigits
{
    /// <summary>The largest magnitude that can be encoded: every exponent then stays below 31.</summary>
    public const int MaximumMagnitude = (1 << 30) - 1;

    /// <summary>No encoder makes more terms than this.</summary>
    public const int MaximumTerms = 31;

    /// <summary>Writes a magnitude as terms whose exponents strictly decrease and whose values add up to it.</summary>
    /// <param name="encoding">The rule.</param>
    /// <param name="magnitude">0..<see cref="MaximumMagnitude"/>.</param>
    /// <param name="terms">Receives the terms; <see cref="MaximumTerms"/> always suffice.</param>
    /// <returns>The number of terms; none for 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude or the rule is out of range.</exception>
    public static int Encode(SignedDigitEncoding encoding, int magnitude, Span<SignedTerm> terms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(magnitude);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(magnitude, MaximumMagnitude);
        return encoding switch
        {
            SignedDigitEncoding.Hese => Hese(magnitude, terms),
            SignedDigitEncoding.HeseRun => HeseRun(magnitude, terms),
            SignedDigitEncoding.Naf => Naf(magnitude, terms),
            SignedDigitEncoding.Booth2 => Booth2(magnitude, terms),
            SignedDigitEncoding.Booth4 => Booth4(magnitude, terms),
            SignedDigitEncoding.Binary => Binary(magnitude, terms),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "unknown signed-digit encoding"),
        };
    }

    /// <summary>The value of an integer's first terms: what is left of it when only so many are kept.</summary>
    /// <param name="encoding">The rule.</param>
    /// <param name="magnitude">0..<see cref="MaximumMagnitude"/>.</param>
    /// <param name="count">Terms to keep, ≥ 0.</param>
    /// <returns>The truncated magnitude; it may be larger than <paramref name="magnitude"/> (127 with one term is 128).</returns>
    public static int Leading(SignedDigitEncoding encoding, int magnitude, int count)
    {
        Span<SignedTerm> terms = stackalloc SignedTerm[MaximumTerms];
        var kept = Math.Min(count, Encode(encoding, magnitude, terms));
        var value = 0;
        foreach (var term in terms[..kept]) value += term.Value;
        return value;
    }

    private static int Binary(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        for (var i = Length(m) - 1; i >= 0; i--)
        {
            if (Bit(m, i)) terms[count++] = new(i, isNegative: false);
        }

        return count;
    }

    private static int Booth2(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        for (var i = Length(m); i >= 0; i--)
        {
            if (Bit(m, i) != Bit(m, i - 1)) terms[count++] = new(i, isNegative: Bit(m, i));
        }

        return count;
    }

    private static int Booth4(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        for (var j = ((Length(m) + 2) / 2) - 1; j >= 0; j--)
        {
            var digit = (Bit(m, (2 * j) + 1) ? -2 : 0) + (Bit(m, 2 * j) ? 1 : 0) + (Bit(m, (2 * j) - 1) ? 1 : 0);
            if (digit != 0) terms[count++] = new((2 * j) + (Math.Abs(digit) == 2 ? 1 : 0), isNegative: digit < 0);
        }

        return count;
    }

    private static int Naf(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        for (var i = 0; m > 0; i++, m >>= 1)
        {
            if ((m & 1) == 0) continue;
            var digit = 2 - (m & 3);
            m -= digit;
            terms[count++] = new(i, isNegative: digit < 0);
        }

        terms[..count].Reverse();
        return count;
    }

    private static int HeseRun(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        var inRun = false;
        for (var i = Length(m) - 1; i >= 0; i--)
        {
            switch (inRun, Bit(m, i), Bit(m, i - 1))
            {
                case (false, true, false):
                    terms[count++] = new(i, isNegative: false);
                    break;
                case (false, true, true):
                    terms[count++] = new(i + 1, isNegative: false);
                    inRun = true;
                    break;
                case (true, true, false):
                    terms[count++] = new(i, isNegative: true);
                    inRun = false;
                    break;
            }
        }

        return count;
    }

    private static int Hese(int m, Span<SignedTerm> terms)
    {
        var count = 0;
        var inRun = false;
        // One step below bit 0: a run that reaches bit 0 ends there.
        for (var i = Length(m) - 1; i >= -1; i--)
        {
            switch (inRun, Bit(m, i), Bit(m, i - 1))
            {
                case (false, true, false):
                    terms[count++] = new(i, isNegative: false);
                    break;
                case (false, true, true):
                    terms[count++] = new(i + 1, isNegative: false);
                    inRun = true;
                    break;
                case (true, false, true):
                    terms[count++] = new(i, isNegative: true);
                    break;
                case (true, false, false):
                    terms[count++] = new(i + 1, isNegative: true);
                    inRun = false;
                    break;
            }
        }

        return count;
    }

    private static int Length(int m) => 32 - BitOperations.LeadingZeroCount((uint)m);

    // Bits below 0 are 0; C# would mask a negative shift count instead.
    private static bool Bit(int m, int i) => i >= 0 && ((m >> i) & 1) != 0;
}

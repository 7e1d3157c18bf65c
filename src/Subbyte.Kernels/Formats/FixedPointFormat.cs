namespace Subbyte.Formats;

/// <summary>A fixed-point format (uniform baselines, section 3.5): two's complement codes of b bits, f of them fraction, value q·2^−f.</summary>
/// <param name="Bits">b, 2 … 16.</param>
/// <param name="FractionBits">f; it may be negative or above b − 1.</param>
public readonly record struct FixedPointFormat(int Bits, int FractionBits)
{
    // A step stays a normal float32: what a finer or coarser one would tell apart, float32 values do not.
    private const int MostFractionBits = 126;
    private const int FewestFractionBits = -127;

    /// <summary>2^−f.</summary>
    public float Scale => MathF.ScaleB(1, -FractionBits);

    /// <summary>Smallest code, −2^(b−1).</summary>
    public int Lowest => -(1 << (Bits - 1));

    /// <summary>Largest code, 2^(b−1) − 1.</summary>
    public int Highest => (1 << (Bits - 1)) - 1;

    /// <summary>The finest format in which a magnitude does not saturate: the largest f with rne(maximum·2^f) ≤ 2^(b−1) − 1.</summary>
    /// <param name="maximum">Largest magnitude, finite, ≥ 0; 0 has b − 1 fraction bits.</param>
    /// <param name="bits">b, 2 … 16.</param>
    /// <returns>The format.</returns>
    public static FixedPointFormat For(double maximum, int bits)
    {
        if (maximum == 0) return new FixedPointFormat(bits, bits - 1);
        var format = new FixedPointFormat(bits, Math.Min(bits - 1 - Math.ILogB(maximum), MostFractionBits));
        while (format.FractionBits > FewestFractionBits && Math.Round(Math.ScaleB(maximum, format.FractionBits)) > format.Highest) format = format with { FractionBits = format.FractionBits - 1 };
        return format;
    }

    /// <summary>The code of a value: rne(x·2^f), saturating to the full range.</summary>
    /// <param name="value">A value; NaN counts as 0.</param>
    /// <returns>The code.</returns>
    public int Quantize(float value)
    {
        var scaled = Math.ScaleB(value, FractionBits);
        return double.IsNaN(scaled) ? 0 : (int)Math.Round(Math.Clamp(scaled, Lowest, Highest));
    }

    /// <summary>The code in this format of a product of two fixed-point codes: a shift that rounds half to even, saturating.</summary>
    /// <param name="sum">Product, or sum of products, of codes.</param>
    /// <param name="fractionBits">Its fraction bits: those of both factors added.</param>
    /// <returns>The code.</returns>
    public int Requantize(long sum, int fractionBits) => (int)Math.Clamp(RoundingShift.Right(sum, fractionBits - FractionBits), Lowest, Highest);
}

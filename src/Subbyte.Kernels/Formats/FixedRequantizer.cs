namespace Subbyte.Formats;

/// <summary>
/// Requantization without floating point, for hardware (uniform baselines, section 3.8): m = M0·2^−n with 2^30 ≤ M0 &lt; 2^31;
/// <c>sat(((sum·M0) ≫ n) + z)</c>, the shift rounding half to even. It may differ from <see cref="FloatRequantizer"/> by 1 next to ties.
/// </summary>
public readonly struct FixedRequantizer
{
    private readonly int _zeroPoint;
    private readonly int _lowest;
    private readonly int _highest;

    /// <summary>A requantizer.</summary>
    /// <param name="multiplier">m, 0 &lt; m &lt; 2^30.</param>
    /// <param name="zeroPoint">Code of real zero in the output.</param>
    /// <param name="lowest">Smallest output code.</param>
    /// <param name="highest">Largest output code.</param>
    /// <exception cref="ArgumentOutOfRangeException">m has no such form.</exception>
    public FixedRequantizer(double multiplier, int zeroPoint, int lowest, int highest)
    {
        if (!(multiplier > 0 && multiplier < 1 << 30)) throw new ArgumentOutOfRangeException(nameof(multiplier), multiplier, "0 < m < 2^30 is needed");
        var exponent = Math.ILogB(multiplier) + 1;
        var mantissa = (long)Math.Round(Math.ScaleB(multiplier, 31 - exponent));
        Shift = 31 - exponent;
        if (mantissa == 1L << 31)
        {
            mantissa >>= 1;
            Shift--;
        }

        if (Shift < 1) throw new ArgumentOutOfRangeException(nameof(multiplier), multiplier, "0 < m < 2^30 is needed");
        Mantissa = (int)mantissa;
        _zeroPoint = zeroPoint;
        _lowest = lowest;
        _highest = highest;
    }

    /// <summary>M0, 2^30 ≤ M0 &lt; 2^31.</summary>
    public int Mantissa { get; }

    /// <summary>n ≥ 1; beyond 62 every result is the zero point.</summary>
    public int Shift { get; }

    /// <summary>Requantizes a sum.</summary>
    /// <param name="sum">Integer sum, bias included.</param>
    /// <returns>The output code.</returns>
    public int Requantize(int sum) => (int)Math.Clamp(RoundingShift.Right((long)sum * Mantissa, Shift) + _zeroPoint, _lowest, _highest);
}

namespace Subbyte.Calibration;

/// <summary>A natural logarithm made of additions, multiplications and one division, so that every machine gives the same bits.</summary>
internal static class NaturalLogarithm
{
    private const double Ln2 = 0.693147180559945309417;
    private const long FractionMask = (1L << 52) - 1;
    private const long BitsOfOne = 1023L << 52;

    /// <summary>ln x to about one unit in the last place.</summary>
    /// <param name="x">A normal positive number.</param>
    /// <returns>ln x; exactly 0 for 1.</returns>
    public static double Of(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & FractionMask) | BitsOfOne);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2·artanh(z), z = (m − 1)/(m + 1); |z| ≤ 0.1716, so the next term, z²²/23, is below 2^−60.
        var z = (mantissa - 1) / (mantissa + 1);
        var square = z * z;
        var series = 1.0 / 21;
        series = (series * square) + (1.0 / 19);
        series = (series * square) + (1.0 / 17);
        series = (series * square) + (1.0 / 15);
        series = (series * square) + (1.0 / 13);
        series = (series * square) + (1.0 / 11);
        series = (series * square) + (1.0 / 9);
        series = (series * square) + (1.0 / 7);
        series = (series * square) + (1.0 / 5);
        series = (series * square) + (1.0 / 3);
        return (exponent * Ln2) + (2 * (z + (z * square * series)));
    }
}

namespace Subbyte.Calibration;

/// <summary>A natural logarithm made of additions, multiplications and one division, so that every machine gives the same bits.</summary>
internal static class NaturalLogarithm
{
    private const double Ln2 = 0.693147180559945309417;

    /// <summary>ln x to about one unit in the last place.</summary>
    /// <param name="x">A normal positive number.</param>
    /// <returns>ln x; exactly 0 for 1.</returns>
    public static double Of(double x)
    {
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2·artanh((m − 1)/(m + 1)); |z| ≤ 0.1716, so the next term, z²²/23, is below 2^−60.
        var z = (mantissa - 1) / (mantissa + 1);
        var square = z * z;
        double series = 0;
        for (var odd = 21; odd >= 3; odd -= 2) series = (series + (1.0 / odd)) * square;
        return (exponent * Ln2) + (2 * (z + (z * series)));
    }
}

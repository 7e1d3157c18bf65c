namespace Subbyte.Kernels;

public static partial class Transcendental
{
    private const double Log2OfE = 1.4426950408889634;
    private const double Ln2High = 0.6931471805599453, Ln2Low = 2.3190468138462996e-17;
    private const double SmallestNormalDouble = 2.2250738585072014e-308;
    private const long BitsOfRootOfHalf = 0x3FE6_A09E_667F_3BCD;
    private const long SignificandMask = (1L << 52) - 1;

    // The last powers of Taylor's series of eʳ, |r| ≤ ½ ln 2, and of artanh, |z| ≤ 0.1716: what is left out is below 10⁻¹⁷ of the result.
    private const int LastOfExponential = 13, LastOfArtanh = 21;

    /// <summary>eˣ in double precision, to within 3 units in the last place (more below the smallest normal number).</summary>
    /// <param name="x">Exponent: above 709.79 gives +∞, below −745.2 gives 0, NaN gives NaN.</param>
    /// <returns>eˣ.</returns>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.79) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        var n = Math.Round(x * Log2OfE);
        var r = Math.FusedMultiplyAdd(-n, Ln2Low, Math.FusedMultiplyAdd(-n, Ln2High, x));
        double sum = 1;
        for (var k = LastOfExponential; k >= 1; k--) sum = 1 + (sum * r / k);
        // Two factors: 2ⁿ itself may lie outside the range of doubles where the result does not.
        var half = (int)n >> 1;
        return sum * PowerOfTwo(half) * PowerOfTwo((int)n - half);
    }

    /// <summary>The natural logarithm in double precision, to within 3 units in the last place.</summary>
    /// <param name="x">Argument: 0 gives −∞, +∞ gives +∞, negative numbers and NaN give NaN.</param>
    /// <returns>ln x; exactly 0 for 1.</returns>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        var isSubnormal = x < SmallestNormalDouble;
        var bits = BitConverter.DoubleToInt64Bits(isSubnormal ? x * (1L << 54) : x) - BitsOfRootOfHalf;
        double e = (bits >> 52) - (isSubnormal ? 54 : 0);
        var f = BitConverter.Int64BitsToDouble((bits & SignificandMask) + BitsOfRootOfHalf) - 1;
        var z = f / (2 + f);
        var square = z * z;
        double series = 0;
        for (var k = LastOfArtanh; k >= 3; k -= 2) series = (series + (1.0 / k)) * square;
        // ln(1 + f) = 2z + 2z·series, and 2z = f − z·f, in which the leading term is exact.
        return Math.FusedMultiplyAdd(e, Ln2High, f - ((z * f) - Math.FusedMultiplyAdd(e, Ln2Low, 2 * z * series)));
    }

    /// <summary>
    /// xʸ in double precision with IEEE 754's special values: by multiplication for whole exponents up to 64, so that small powers of whole numbers
    /// are exact; otherwise e^(y·ln x), whose relative error grows to about 10⁻¹³ towards the ends of the range.
    /// </summary>
    /// <param name="x">Base.</param>
    /// <param name="y">Exponent.</param>
    /// <returns>xʸ; NaN for a negative base and an exponent that is not whole.</returns>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        var isWhole = Math.Floor(y) == y;
        if (isWhole && Math.Abs(y) <= 64)
        {
            var power = 1.0;
            var factor = x;
            for (var n = (int)Math.Abs(y); n > 0; n >>= 1, factor *= factor)
            {
                if ((n & 1) != 0) power *= factor;
            }

            return y < 0 ? 1 / power : power;
        }

        if (double.IsInfinity(y))
        {
            if (x == -1) return 1;
            return Math.Abs(x) > 1 == y > 0 ? double.PositiveInfinity : 0;
        }

        if (y == 0.5 && x >= 0) return Math.Sqrt(x);
        if (x < 0 && !isWhole && !double.IsInfinity(x)) return double.NaN;
        var magnitude = Exp(y * Log(Math.Abs(x)));
        var isOdd = isWhole && Math.Abs(y) < 1L << 53 && ((long)y & 1) != 0;
        return isOdd && (x < 0 || double.IsNegative(x)) ? -magnitude : magnitude;
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((exponent + 1023L) << 52);
}

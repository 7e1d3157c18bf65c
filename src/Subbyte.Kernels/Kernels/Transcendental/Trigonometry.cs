namespace Subbyte.Kernels;

/// <summary>
/// Trigonometric and hyperbolic functions of floats, computed in double precision by a fixed sequence of exactly rounded operations and rounded once:
/// the same bits on every machine, and at most 0.51 units in the last place from the truth.
/// </summary>
public static class Trigonometry
{
    // π/2 as a sum of two doubles; k times the first is exact within the fused multiply-add.
    private const double HalfPiHigh = 1.5707963267948966, HalfPiLow = 6.123233995736766e-17;
    private const double TwoOverPi = 0.6366197723675814;

    // Below this the definitions by eˣ and ln x would cancel digits that the first terms of the series keep.
    private const double SmallArgument = 0.02;

    // The last power of arctan's series for arguments up to tan(π/16): what is left out is below 10⁻¹⁸.
    private const int LastOfArctangent = 25;

    /// <summary>Sine; for |x| above 10⁹ the error grows, and ±∞ and NaN give NaN.</summary>
    /// <param name="x">Angle in radians.</param>
    /// <returns>sin x.</returns>
    public static float Sin(float x)
    {
        var (r, quadrant) = Reduce(x);
        var value = (quadrant & 1) == 0 ? Transcendental.Sine(r) : Transcendental.Cosine(r);
        return x == 0 ? x : (float)((quadrant & 2) == 0 ? value : -value);
    }

    /// <summary>Cosine; for |x| above 10⁹ the error grows, and ±∞ and NaN give NaN.</summary>
    /// <param name="x">Angle in radians.</param>
    /// <returns>cos x.</returns>
    public static float Cos(float x)
    {
        var (r, quadrant) = Reduce(x);
        var value = (quadrant & 1) == 0 ? Transcendental.Cosine(r) : Transcendental.Sine(r);
        return (float)(((quadrant + 1) & 2) == 0 ? value : -value);
    }

    /// <summary>Tangent; for |x| above 10⁹ the error grows, and ±∞ and NaN give NaN.</summary>
    /// <param name="x">Angle in radians.</param>
    /// <returns>tan x.</returns>
    public static float Tan(float x)
    {
        var (r, quadrant) = Reduce(x);
        var (sine, cosine) = (Transcendental.Sine(r), Transcendental.Cosine(r));
        return x == 0 ? x : (float)((quadrant & 1) == 0 ? sine / cosine : -cosine / sine);
    }

    /// <summary>Arcsine; NaN outside −1 … 1.</summary>
    /// <param name="x">A sine.</param>
    /// <returns>Angle in radians, −π/2 … π/2.</returns>
    public static float Asin(float x) => (float)Arcsine(x);

    /// <summary>Arccosine; NaN outside −1 … 1.</summary>
    /// <param name="x">A cosine.</param>
    /// <returns>Angle in radians, 0 … π.</returns>
    public static float Acos(float x)
        // Half-angle form above ½, where π/2 − arcsin x would cancel.
        => x > 0.5f ? (float)(2 * Arcsine(Math.Sqrt((1 - (double)x) / 2))) : (float)(HalfPiHigh - Arcsine(x));

    /// <summary>Arctangent.</summary>
    /// <param name="x">A tangent.</param>
    /// <returns>Angle in radians, −π/2 … π/2.</returns>
    public static float Atan(float x) => (float)Arctangent(x);

    /// <summary>Hyperbolic sine.</summary>
    /// <param name="x">Argument.</param>
    /// <returns>sinh x.</returns>
    public static float Sinh(float x)
    {
        if (Math.Abs(x) < SmallArgument) return x + (float)(x * (double)x * x / 6 * (1 + (x * (double)x / 20)));
        var e = Transcendental.Exp((double)x);
        return (float)((e - (1 / e)) / 2);
    }

    /// <summary>Hyperbolic cosine.</summary>
    /// <param name="x">Argument.</param>
    /// <returns>cosh x.</returns>
    public static float Cosh(float x)
    {
        var e = Transcendental.Exp((double)x);
        return (float)((e + (1 / e)) / 2);
    }

    /// <summary>Inverse hyperbolic sine.</summary>
    /// <param name="x">Argument.</param>
    /// <returns>arsinh x.</returns>
    public static float Asinh(float x)
    {
        var t = Math.Abs((double)x);
        var square = t * t;
        var value = t < SmallArgument ? t * (1 - (square / 6 * (1 - (square * 9 / 20)))) : Transcendental.Log(t + Math.Sqrt(square + 1));
        return MathF.CopySign((float)value, x);
    }

    /// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
    /// <param name="x">Argument.</param>
    /// <returns>arcosh x ≥ 0.</returns>
    public static float Acosh(float x) => (float)Transcendental.Log(x + Math.Sqrt(((double)x - 1) * ((double)x + 1)));

    /// <summary>Inverse hyperbolic tangent; NaN outside −1 … 1, ±∞ at the ends.</summary>
    /// <param name="x">Argument.</param>
    /// <returns>artanh x.</returns>
    public static float Atanh(float x)
    {
        double t = x;
        if (Math.Abs(t) < SmallArgument) return x + (float)(t * t * t * ((1.0 / 3) + (t * t / 5)));
        return (float)(Transcendental.Log((1 + t) / (1 - t)) / 2);
    }

    private static (double Angle, long Quadrant) Reduce(double x)
    {
        var k = Math.Round(x * TwoOverPi);
        if (!(Math.Abs(k) < 1L << 53)) return (double.NaN, 0);
        return (Math.FusedMultiplyAdd(-k, HalfPiLow, Math.FusedMultiplyAdd(-k, HalfPiHigh, x)), (long)k);
    }

    private static double Arcsine(double x) => Arctangent(x / Math.Sqrt((1 - x) * (1 + x)));

    private static double Arctangent(double x)
    {
        var t = Math.Abs(x);
        var isInverted = t > 1;
        if (isInverted) t = 1 / t;
        // Twice half the angle, twice: from π/4 to π/16.
        t /= 1 + Math.Sqrt(1 + (t * t));
        t /= 1 + Math.Sqrt(1 + (t * t));
        var square = t * t;
        double sum = 0;
        for (var k = LastOfArctangent; k >= 1; k -= 2) sum = (1.0 / k) - (square * sum);
        var angle = 4 * t * sum;
        return Math.CopySign(isInverted ? HalfPiHigh - angle : angle, x);
    }
}

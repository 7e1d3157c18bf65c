namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>cos(π·t) in double precision, to about one unit in the last place of 1 (for schedules and tables).</summary>
    /// <param name="t">Half turns, 0 to 1.</param>
    /// <returns>cos(π·t); exactly 1, 0 and −1 at 0, ½ and 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> lies outside the range.</exception>
    public static double CosPi(double t)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(t, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(t, 1);
        if (t > 0.5) return -CosPi(1 - t);
        return t <= 0.25 ? Cosine(Math.PI * t) : Sine(Math.PI * (0.5 - t));
    }

    // Taylor's series up to the power 18 or 19: for arguments up to π/4 what is left out is below 10⁻¹⁹.
    internal static double Cosine(double x) => Series(x * x, 1, 17);

    internal static double Sine(double x) => x * Series(x * x, 2, 18);

    /// <summary>1 − s/(k(k+1)) · (1 − s/((k+2)(k+3)) · (1 − …)), the nested form of both series.</summary>
    private static double Series(double s, int first, int last)
    {
        double sum = 1;
        for (var k = last; k >= first; k -= 2)
            sum = 1 - (s * sum / (k * (k + 1)));
        return sum;
    }
}

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// The systolic array that the costs mean (section 6): output-stationary, 16×16 processing elements. Its power figures are ratios that the paper's
/// abstract confirms (33 % of the energy saved with two threads); absolute ones are not used.
/// </summary>
public static class NbSmtArray
{
    /// <summary>Rows and columns of the array.</summary>
    public const int Size = 16;

    /// <summary>Utilization at which powers are stated.</summary>
    public const double StatedUtilization = 0.8;

    /// <summary>
    /// Power of an idle array over that at <see cref="StatedUtilization"/>, read off a published plot of one unsigned INT8 processing element's power
    /// over the zeros of its operands (NanGate 45 nm, 500 MHz).
    /// </summary>
    public const double IdlePower = 0.23;

    /// <summary>Area over that of the array of one thread (the paper's abstract).</summary>
    /// <param name="threads">1, 2 or 4.</param>
    /// <returns>The ratio.</returns>
    public static double RelativeArea(int threads) => threads switch { 1 => 1, 2 => 1.4, _ => 2.5 };

    /// <summary>
    /// Power over that of the array of one thread at <see cref="StatedUtilization"/>, affine in utilization. The powers of 320, 429 and 723 mW for one,
    /// two and four threads are remembered from the paper and unchecked; they agree with its abstract.
    /// </summary>
    /// <param name="threads">1, 2 or 4.</param>
    /// <param name="utilization">Fraction of cycles in which a multiplier works.</param>
    /// <returns>The ratio.</returns>
    public static double RelativePower(int threads, double utilization)
    {
        var stated = threads switch { 1 => 320.0, 2 => 429, _ => 723 } / 320;
        return stated * (IdlePower + ((1 - IdlePower) * utilization / StatedUtilization));
    }

    /// <summary>Cycles of a matrix product: ⌈m/16⌉·⌈n/16⌉·(cycles of a row + 16 + 16 − 2).</summary>
    /// <param name="positions">Rows of the result, m.</param>
    /// <param name="outputs">Columns of the result, n.</param>
    /// <param name="rowCycles">Cycles of one dot product: ⌈k / threads⌉ where slices are not filled up.</param>
    /// <returns>Cycles.</returns>
    public static long Cycles(long positions, long outputs, long rowCycles)
        => ((positions + Size - 1) / Size) * ((outputs + Size - 1) / Size) * (rowCycles + Size + Size - 2);
}

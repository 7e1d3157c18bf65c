using Subbyte.Formats;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// The format of one tensor (sections 2 and 3.2): fixed-point codes rounded half away from zero, and an error code beside each. A word stands
/// for <c>q·Δ + ε·Δ·2^−(1 + ErrorShift)</c>.
/// </summary>
public sealed record FpecFormat
{
    private const int FewestIntegerBits = -8;
    private const int MostIntegerBits = 15;
    private const int StartBits = 16;
    private const double Saturated = 1 << 18;

    /// <summary>Computation bits and step: the codes and their range.</summary>
    public required FixedPointFormat Words { get; init; }

    /// <summary>Use of the compensation bits.</summary>
    public CompensationMode Mode { get; init; } = CompensationMode.Dz;

    /// <summary>EMB: the estimate's magnitude is half a step · 2^−EMB.</summary>
    public int MagnitudeShift { get; init; } = 1;

    /// <summary>τ of mode DZ: errors below this share of half a step count as zero.</summary>
    public double Threshold { get; init; } = 0.25;

    /// <summary>What happens to zeros in modes D and DM.</summary>
    public ZeroCode Zero { get; init; }

    /// <summary>Whether no value is negative; negative ones count as zero then.</summary>
    public bool IsNonNegative { get; init; }

    /// <summary>Whether the words of a non-negative tensor have no sign bit: one computation bit less for the same codes.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>n: bits that are multiplied.</summary>
    public int ComputationBits => IsUnsigned ? Words.Bits - 1 : Words.Bits;

    /// <summary>Bits beside them: none, one or two.</summary>
    public int CompensationBits => Mode switch { CompensationMode.N => 0, CompensationMode.D => 1, _ => 2 };

    /// <summary>E: the unit of error codes is 2^−(1+E) steps.</summary>
    public int ErrorShift => Mode switch { CompensationMode.N => 0, CompensationMode.Dm => MagnitudeShift + 1, _ => MagnitudeShift };

    /// <summary>Largest |ε|.</summary>
    public int LargestError => Mode switch { CompensationMode.N => 0, CompensationMode.Dm => 2, _ => 1 };

    /// <summary>Whether error codes other than 0 occur.</summary>
    public bool IsCompensated => Mode != CompensationMode.N;

    /// <summary>Smallest code q.</summary>
    public int Lowest => IsNonNegative ? 0 : Words.Lowest;

    /// <summary>Errors below this many steps have ε = 0, whatever their code.</summary>
    internal double ZeroBelow => Mode switch { CompensationMode.N => double.PositiveInfinity, CompensationMode.Dz => Threshold / 2, _ => 0 };

    /// <summary>Errors (signed) below this many steps have ε = 0 where q = 0.</summary>
    internal double ZeroCodeBelow => (Mode, Zero) switch
    {
        (CompensationMode.N or CompensationMode.Dz, _) or (_, ZeroCode.Raw) => double.NegativeInfinity,
        (_, ZeroCode.Skip) => double.PositiveInfinity,
        _ when !IsNonNegative => double.NegativeInfinity,
        (CompensationMode.D, _) => Math.ScaleB(1, -2 - MagnitudeShift),
        _ => Math.ScaleB(1, -3 - MagnitudeShift),
    };

    /// <summary>Errors of this many steps or more have |ε| = 2.</summary>
    internal double DoubleFrom => Mode == CompensationMode.Dm ? 0.375 * Math.ScaleB(1, -MagnitudeShift) : double.PositiveInfinity;

    /// <summary>
    /// Fraction bits for a tensor (section 3.5): as many integer bits as 16-bit words need not to saturate, kept when words get shorter; the
    /// largest values of short words may saturate by up to half a step.
    /// </summary>
    /// <param name="maximum">Largest magnitude, finite, ≥ 0.</param>
    /// <param name="bits">n, 2 … 16.</param>
    /// <returns>n − 1 − integer bits.</returns>
    public static int FractionBits(double maximum, int bits)
    {
        var integer = maximum == 0 ? FewestIntegerBits : Math.Clamp(Math.ILogB(maximum), FewestIntegerBits, MostIntegerBits);
        while (integer < MostIntegerBits && maximum > Math.ScaleB(1, integer) - Math.ScaleB(1, integer + 1 - StartBits)) integer++;
        return bits - 1 - integer;
    }

    /// <summary>S: the sum of a dot product is in units of 2^−(FBx + FBw + S).</summary>
    /// <param name="activations">Format of the activations.</param>
    /// <param name="weights">Format of the weights.</param>
    /// <returns>0 when neither is compensated.</returns>
    public static int SumShift(FpecFormat activations, FpecFormat weights)
        => activations.IsCompensated || weights.IsCompensated ? 1 + Math.Max(activations.ErrorShift, weights.ErrorShift) : 0;

    /// <summary>Encodes a value (section 3.2).</summary>
    /// <param name="value">The value; NaN counts as 0.</param>
    /// <returns>Its word.</returns>
    public FpecWord Encode(double value)
    {
        var scaled = double.IsNaN(value) ? 0 : Math.Clamp(Math.ScaleB(value, Words.FractionBits), IsNonNegative ? 0 : -Saturated, Saturated);
        var rounded = Math.CopySign(Math.Floor(Math.Abs(scaled) + 0.5), scaled);
        var code = (int)Math.Clamp(rounded, Lowest, Words.Highest);
        return new FpecWord(code, Error(code, scaled - code));
    }

    /// <summary>Encodes an accumulator as the accelerator does between layers (section 3.2): a shift that rounds half away from zero.</summary>
    /// <param name="sum">The accumulator, |sum| &lt; 2^52.</param>
    /// <param name="fractionBits">Its fraction bits.</param>
    /// <returns>The word of <c>sum·2^−fractionBits</c>.</returns>
    public FpecWord Reencode(long sum, int fractionBits)
    {
        if (IsNonNegative && sum < 0) sum = 0;
        var drop = fractionBits - Words.FractionBits;
        if (drop <= 0)
        {
            var exact = (int)Math.Clamp(Math.ScaleB(sum, -drop), Lowest, Words.Highest);
            return new FpecWord(exact, Error(exact, Math.ScaleB(sum, -drop) - exact));
        }

        var magnitude = (Math.Abs(sum) + (1L << (drop - 1))) >> drop;
        var code = (int)Math.Clamp(sum < 0 ? -magnitude : magnitude, Lowest, Words.Highest);
        return new FpecWord(code, Error(code, Math.ScaleB(sum - ((long)code << drop), -drop)));
    }

    /// <summary>What a word stands for.</summary>
    /// <param name="word">The word.</param>
    /// <returns>The value with its error estimate.</returns>
    public double Decode(FpecWord word) => Math.ScaleB(word.Code + Math.ScaleB(word.Error, -1 - ErrorShift), -Words.FractionBits);

    private int Error(int code, double error)
    {
        var magnitude = Math.Abs(error);
        if (magnitude < ZeroBelow || (code == 0 && error < ZeroCodeBelow)) return 0;
        var size = magnitude >= DoubleFrom ? 2 : 1;
        return error < 0 ? -size : size;
    }
}

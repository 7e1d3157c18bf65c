using Subbyte.Formats;
using Subbyte.Methods.Fpec;

namespace Subbyte.Tests.Methods.Fpec;

/// <summary>Formats made for tests.</summary>
internal static class FpecFormats
{
    /// <summary>A format of integer and fraction bits.</summary>
    public static FpecFormat Of(CompensationMode mode, int emb, int integerBits, int fractionBits, ZeroCode zero = ZeroCode.Free, bool isNonNegative = false, double threshold = -1) => new()
    {
        Words = new FixedPointFormat(1 + integerBits + fractionBits, fractionBits),
        Mode = mode,
        MagnitudeShift = emb,
        Threshold = threshold < 0 ? Math.ScaleB(1, -1 - emb) : threshold,
        Zero = zero,
        IsNonNegative = isNonNegative,
    };

    public static CompensationMode Mode(string name) => Enum.Parse<CompensationMode>(name, ignoreCase: true);

    public static ZeroCode Zero(string name) => Enum.Parse<ZeroCode>(name, ignoreCase: true);

    /// <summary>A format drawn at random: every mode's options, 2 to 8 computation bits, steps from 2^-10 to 4.</summary>
    public static FpecFormat Random(Random random, CompensationMode mode)
    {
        var isNonNegative = random.Next(2) == 0;
        var isUnsigned = isNonNegative && random.Next(3) == 0;
        var emb = random.Next(3);
        return new FpecFormat
        {
            Words = new FixedPointFormat(random.Next(2, 9) + (isUnsigned ? 1 : 0), random.Next(-2, 11)),
            Mode = mode,
            MagnitudeShift = emb,
            Threshold = random.Next(10) / 8.0,
            Zero = (ZeroCode)random.Next(3),
            IsNonNegative = isNonNegative,
            IsUnsigned = isUnsigned,
        };
    }
}

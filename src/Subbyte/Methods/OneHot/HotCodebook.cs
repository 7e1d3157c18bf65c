using System.Numerics;
using Subbyte.Calibration;
using Subbyte.Formats;

namespace Subbyte.Methods.OneHot;

/// <summary>The magnitudes of k-hot codes (one-hot networks, sections 2 and 3.3): integers of seven bits with at most k ones, the nearest of which a value becomes, ties going up.</summary>
public static class HotCodebook
{
    /// <summary>Magnitude bits of a code.</summary>
    public const int MagnitudeBits = 7;

    private const int LargestMagnitude = (1 << MagnitudeBits) - 1;

    /// <summary>The codebook.</summary>
    /// <param name="k">Most hot digits, 1 … 7.</param>
    /// <param name="digits">What counts as hot.</param>
    /// <returns>Levels and thresholds.</returns>
    public static MagnitudeCodebook Of(int k, HotDigits digits = HotDigits.Binary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, MagnitudeBits);
        short[] levels = [.. Enumerable.Range(0, LargestMagnitude + 1).Where(magnitude => Hot(magnitude, digits) <= k).Select(magnitude => (short)magnitude)];
        return new MagnitudeCodebook(levels, [.. levels.Zip(levels.Skip(1), (low, high) => (low + high) / 2.0)]);
    }

    /// <summary>Bits that a stored code takes, sign included; 0 needs no code of its own as long as one is left over.</summary>
    /// <param name="codebook">The codebook.</param>
    /// <returns>4 for one-hot, 8 for 7-hot.</returns>
    public static int Bits(MagnitudeCodebook codebook)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        return BitOperations.Log2((uint)((2 * codebook.Levels.Length) - 2)) + 1;
    }

    private static int Hot(int magnitude, HotDigits digits)
        => digits == HotDigits.Binary ? BitOperations.PopCount((uint)magnitude) : SignedDigits.Encode(SignedDigitEncoding.Naf, magnitude, stackalloc SignedTerm[SignedDigits.MaximumTerms]);
}

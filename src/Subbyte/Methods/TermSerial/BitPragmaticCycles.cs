using System.Numerics;

namespace Subbyte.Methods.TermSerial;

/// <summary>
/// Cycles of Bit-Pragmatic (Albericio et al., MICRO 2017): activations go in term by term, weights whole. In a cycle every lane whose next term lies within
/// the reach of the first-stage shifters, counted from the smallest next exponent, consumes it.
/// </summary>
internal static class BitPragmaticCycles
{
    /// <summary>Cycles of one brick.</summary>
    /// <param name="exponents">Exponents of the lanes' terms, a bit each; overwritten.</param>
    /// <param name="firstStage">Bits of the first-stage shifter.</param>
    /// <returns>The cycles; an idle brick takes one.</returns>
    public static int Of(Span<uint> exponents, int firstStage)
    {
        var cycles = 0;
        for (var smallest = Smallest(exponents); smallest < 32; smallest = Smallest(exponents))
        {
            var end = smallest + (1 << firstStage);
            foreach (ref var lane in exponents)
            {
                if (BitOperations.TrailingZeroCount(lane) < end) lane &= lane - 1;
            }

            cycles++;
        }

        return Math.Max(1, cycles);
    }

    private static int Smallest(ReadOnlySpan<uint> exponents)
    {
        uint all = 0;
        foreach (var lane in exponents) all |= lane;
        return BitOperations.TrailingZeroCount(all);
    }
}

using System.Numerics;

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Trits as two planes of bits (section 3.6): the mask holds a bit where a trit is not 0, the sign where it is −1; bit 0 of word 0 is the first element, and
/// bits past the end are 0 in both.
/// </summary>
/// <param name="Mask">Bits of trits that are not 0.</param>
/// <param name="Sign">Bits of trits −1; 0 where the mask is.</param>
public sealed record TritPlanes(ulong[] Mask, ulong[] Sign)
{
    /// <summary>Packs trits.</summary>
    /// <param name="trits">−1, 0 or 1.</param>
    /// <returns>The planes.</returns>
    public static TritPlanes Pack(ReadOnlySpan<short> trits)
    {
        var words = (trits.Length + 63) / 64;
        var planes = new TritPlanes(new ulong[words], new ulong[words]);
        for (var i = 0; i < trits.Length; i++)
        {
            if (trits[i] != 0) planes.Mask[i / 64] |= 1UL << (i % 64);
            if (trits[i] < 0) planes.Sign[i / 64] |= 1UL << (i % 64);
        }

        return planes;
    }

    /// <summary>Unpacks trits.</summary>
    /// <param name="count">How many.</param>
    /// <returns>−1, 0 or 1 each.</returns>
    public short[] Unpack(int count)
        => [.. Enumerable.Range(0, count).Select(i => (short)(Bit(Mask, i) * (1 - (2 * Bit(Sign, i)))))];

    /// <summary>The dot product, by AND, exclusive OR and counts of bits (section 3.7).</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>Σ t·t'.</returns>
    public int Dot(TritPlanes other)
    {
        var sum = 0;
        for (var i = 0; i < Mask.Length; i++)
        {
            var both = Mask[i] & other.Mask[i];
            sum += BitOperations.PopCount(both) - (2 * BitOperations.PopCount(both & (Sign[i] ^ other.Sign[i])));
        }

        return sum;
    }

    private static int Bit(ulong[] words, int i) => (int)((words[i / 64] >> (i % 64)) & 1);
}

/// <summary>Multi-level words of trits in planes: the packed dot product of section 3.7, scale by scale.</summary>
public static class MltReference
{
    /// <summary>The dot product of multi-level operands.</summary>
    /// <param name="weights">Planes of the weights' levels.</param>
    /// <param name="weightScales">γ of the weights.</param>
    /// <param name="activations">Planes of the activations' levels.</param>
    /// <param name="activationScales">γ of the activations.</param>
    /// <returns>Σ_i Σ_j (γ_i·γ_j)·dot_ij in double, i outer, rounded once.</returns>
    public static float Dot(IReadOnlyList<TritPlanes> weights, ReadOnlySpan<float> weightScales, IReadOnlyList<TritPlanes> activations, ReadOnlySpan<float> activationScales)
    {
        double sum = 0;
        for (var i = 0; i < weights.Count; i++)
        {
            for (var j = 0; j < activations.Count; j++)
            {
                var factor = (double)weightScales[i] * activationScales[j];
                var term = factor * weights[i].Dot(activations[j]);
                sum += term;
            }
        }

        return (float)sum;
    }

    /// <summary>Five trits in a byte (section 3.6), <c>Σ (t_k + 1)·3^k</c>.</summary>
    /// <param name="trits">Up to five trits; missing ones are 0.</param>
    /// <returns>0 … 242.</returns>
    public static byte PackBase3(ReadOnlySpan<short> trits)
    {
        var value = 0;
        for (var k = 4; k >= 0; k--) value = (value * 3) + (k < trits.Length ? trits[k] : 0) + 1;
        return (byte)value;
    }

    /// <summary>The trits of a byte.</summary>
    /// <param name="packed">0 … 242.</param>
    /// <param name="trits">Takes up to five trits.</param>
    public static void UnpackBase3(byte packed, Span<short> trits)
    {
        int value = packed;
        for (var k = 0; k < trits.Length; k++, value /= 3) trits[k] = (short)((value % 3) - 1);
    }
}

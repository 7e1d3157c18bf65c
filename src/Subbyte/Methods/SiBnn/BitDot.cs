using System.Numerics;

namespace Subbyte.Methods.SiBnn;

/// <summary>
/// The paper's dot product on words of bits, in its three equal forms (section 3.6): activations A hold a bit where a = 1, weights P where w = +1; bit 0 of
/// word 0 is the first element, and bits past the end are 0.
/// </summary>
public static class BitDot
{
    /// <summary>The form by AND: 2·pc(A &amp; P) − pc(A).</summary>
    /// <param name="activations">A.</param>
    /// <param name="weights">P.</param>
    /// <returns>Σ a·w.</returns>
    public static int And(ReadOnlySpan<ulong> activations, ReadOnlySpan<ulong> weights)
    {
        var (both, ones) = (0, 0);
        for (var i = 0; i < activations.Length; i++)
        {
            both += BitOperations.PopCount(activations[i] & weights[i]);
            ones += BitOperations.PopCount(activations[i]);
        }

        return (2 * both) - ones;
    }

    /// <summary>The form of ±1 kernels: (K − 2·pc(A ^ P) + S) / 2, with S the sum of the weights.</summary>
    /// <param name="activations">A.</param>
    /// <param name="weights">P.</param>
    /// <param name="length">K, the number of elements.</param>
    /// <returns>Σ a·w.</returns>
    public static int Xnor(ReadOnlySpan<ulong> activations, ReadOnlySpan<ulong> weights, int length)
    {
        var (differ, positive) = (0, 0);
        for (var i = 0; i < activations.Length; i++)
        {
            differ += BitOperations.PopCount(activations[i] ^ weights[i]);
            positive += BitOperations.PopCount(weights[i]);
        }

        return (length - (2 * differ) + ((2 * positive) - length)) / 2;
    }

    /// <summary>The sparse form: words of A without a bit are skipped.</summary>
    /// <param name="activations">A.</param>
    /// <param name="weights">P.</param>
    /// <returns>Σ a·w.</returns>
    public static int Sparse(ReadOnlySpan<ulong> activations, ReadOnlySpan<ulong> weights)
    {
        var sum = 0;
        for (var i = 0; i < activations.Length; i++)
        {
            if (activations[i] == 0) continue;
            sum += (2 * BitOperations.PopCount(activations[i] & weights[i])) - BitOperations.PopCount(activations[i]);
        }

        return sum;
    }

    /// <summary>Packs bits.</summary>
    /// <param name="bits">The bits.</param>
    /// <returns>Words, 64 bits each.</returns>
    public static ulong[] Pack(ReadOnlySpan<bool> bits)
    {
        var words = new ulong[(bits.Length + 63) / 64];
        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[i]) words[i / 64] |= 1UL << (i % 64);
        }

        return words;
    }
}

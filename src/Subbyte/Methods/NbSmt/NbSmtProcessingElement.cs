namespace Subbyte.Methods.NbSmt;

/// <summary>
/// The processing element (sections 3.2 and 3.3), the scalar reference of the method: one 8b-8b multiplier made of two 5b×8b (four 5b×5b) ones
/// whose results are shifted and added; two (four) operand pairs reach it in each cycle and none of them waits.
/// </summary>
public static class NbSmtProcessingElement
{
    /// <summary>One cycle.</summary>
    /// <param name="policy">What is squeezed in a collision of two.</param>
    /// <param name="x">Activation of each thread, 0..255.</param>
    /// <param name="w">Weight of each thread, −128..127.</param>
    /// <param name="sum">Partial sum.</param>
    /// <returns>The new partial sum.</returns>
    public static long Cycle(SqueezePolicy policy, ReadOnlySpan<int> x, ReadOnlySpan<int> w, long sum)
    {
        var active = Active(policy, x, w);
        for (var thread = 0; thread < x.Length; thread++)
        {
            if (x[thread] == 0 || w[thread] == 0) continue;
            sum += active switch
            {
                1 => Whole(x[thread], w[thread]),
                2 => Collided(policy, x[thread], w[thread]),
                _ => Crowded(x[thread], w[thread]),
            };
        }

        return sum;
    }

    /// <summary>Threads that need the multiplier: both operands are not zero. A policy that does not look counts all of them.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="x">Activation of each thread.</param>
    /// <param name="w">Weight of each thread.</param>
    /// <returns>Their number.</returns>
    public static int Active(SqueezePolicy policy, ReadOnlySpan<int> x, ReadOnlySpan<int> w)
    {
        if (!policy.UsesIdleThreads) return x.Length;
        var active = 0;
        for (var thread = 0; thread < x.Length; thread++) active += x[thread] != 0 && w[thread] != 0 ? 1 : 0;
        return active;
    }

    /// <summary>A dot product, one cycle after the other.</summary>
    /// <param name="policy">What is squeezed in a collision of two.</param>
    /// <param name="threads">Which operands meet.</param>
    /// <param name="activations">Base codes [depth], 0..255.</param>
    /// <param name="weights">Weight codes [depth], −128..127.</param>
    /// <returns>The exact sum of what the multipliers deliver.</returns>
    public static long DotProduct(SqueezePolicy policy, ThreadArrangement threads, ReadOnlySpan<short> activations, ReadOnlySpan<short> weights)
    {
        long sum = 0;
        Span<int> x = stackalloc int[threads.Threads];
        Span<int> w = stackalloc int[threads.Threads];
        for (var cycle = 0; cycle < threads.Cycles; cycle++)
        {
            var operands = threads.Operands(cycle);
            for (var thread = 0; thread < operands.Length; thread++)
                (x[thread], w[thread]) = operands[thread] < 0 ? (0, 0) : (activations[operands[thread]], weights[operands[thread]]);
            sum = Cycle(policy, x, w, sum);
        }

        return sum;
    }

    /// <summary>The whole multiplier for one thread: both nibbles of the activation.</summary>
    private static int Whole(int x, int w) => (((x >> 4) * w) << 4) + ((x & 15) * w);

    /// <summary>Half of the multiplier for each of two threads: one nibble times the other operand.</summary>
    private static int Collided(SqueezePolicy policy, int x, int w)
    {
        var (narrowActivation, narrowWeight) = (Squeeze.IsNarrowActivation(x), Squeeze.IsNarrowWeight(w));
        if (policy.SqueezesWeight)
            return policy.Check == WidthCheck.Either && narrowActivation ? Multiply(new Nibble(x, 0), w) : Multiply(Squeeze.Weight(w), x);
        if (policy.Check == WidthCheck.Either && !narrowActivation && narrowWeight) return Multiply(new Nibble(w, 0), x);
        return Multiply(policy.Check == WidthCheck.None ? Squeeze.UpperActivation(x) : Squeeze.Activation(x), w);
    }

    /// <summary>A quarter of the multiplier for each of three or four threads: one nibble of either operand.</summary>
    private static int Crowded(int x, int w)
    {
        var (activation, weight) = (Squeeze.Activation(x), Squeeze.Weight(w));
        return (activation.Bits * weight.Bits) << (activation.Shift + weight.Shift);
    }

    private static int Multiply(Nibble nibble, int other) => (nibble.Bits * other) << nibble.Shift;
}

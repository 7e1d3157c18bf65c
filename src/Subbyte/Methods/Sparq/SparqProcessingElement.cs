using static Subbyte.Methods.Sparq.SparqWindow;

namespace Subbyte.Methods.Sparq;

/// <summary>Which weights the two multipliers of a processing element take: MuxCtrl.</summary>
public enum WeightSelect
{
    /// <summary>Each its own.</summary>
    Own,

    /// <summary>Both the first: the second activation is zero.</summary>
    First,

    /// <summary>Both the second: the first activation is zero.</summary>
    Second,
}

/// <summary>What reaches a processing element for one pair of activations: two n-bit operands with their left shifts, and MuxCtrl.</summary>
/// <param name="First">Operand of the first multiplier.</param>
/// <param name="Second">Operand of the second multiplier.</param>
/// <param name="Select">Which weights they meet.</param>
public readonly record struct PairOperands(Placement First, Placement Second, WeightSelect Select)
{
    /// <summary>How many of the two multiplications have an operand that is not zero.</summary>
    public int Useful => (First.Bits == 0 ? 0 : 1) + (Second.Bits == 0 ? 0 : 1);
}

/// <summary>
/// The processing element (section 6), the scalar reference of the method: two multipliers of an unsigned n-bit by a signed weight, a
/// shifter behind each and a selector before each; two multiply-accumulates a cycle.
/// </summary>
public static class SparqProcessingElement
{
    /// <summary>One cycle: <c>((d1·wa) ≪ s1) + ((d2·wb) ≪ s2) + sum</c>.</summary>
    /// <param name="operands">The prepared pair.</param>
    /// <param name="firstWeight">Weight of the pair's first activation.</param>
    /// <param name="secondWeight">Weight of the pair's second activation.</param>
    /// <param name="sum">Partial sum.</param>
    /// <returns>The new partial sum.</returns>
    public static long Cycle(PairOperands operands, int firstWeight, int secondWeight, long sum)
    {
        var a = operands.Select == WeightSelect.Second ? secondWeight : firstWeight;
        var b = operands.Select == WeightSelect.First ? firstWeight : secondWeight;
        return sum + ((long)(operands.First.Bits * a) << operands.First.Shift) + ((long)(operands.Second.Bits * b) << operands.Second.Shift);
    }

    /// <summary>A dot product, pair by pair of consecutive k (section 3.3); an odd last activation has a zero partner.</summary>
    /// <param name="unit">The trimming unit.</param>
    /// <param name="activations">Base codes [depth], 0..255.</param>
    /// <param name="weights">Weight codes [depth].</param>
    /// <returns>The exact sum.</returns>
    public static long DotProduct(TrimmingUnit unit, ReadOnlySpan<short> activations, ReadOnlySpan<short> weights)
    {
        long sum = 0;
        for (var k = 0; k < activations.Length; k += 2)
        {
            var hasPartner = k + 1 < activations.Length;
            var operands = unit.Prepare(activations[k], hasPartner ? activations[k + 1] : 0);
            sum = Cycle(operands, weights[k], hasPartner ? weights[k + 1] : 0, sum);
        }

        return sum;
    }

    /// <summary>
    /// A dot product with 2:4 sparse weights (section 3.4): the pair of each group of four is made of the activations of its non-zero
    /// weights, in order; what is missing is a pair of zeros.
    /// </summary>
    /// <param name="unit">The trimming unit.</param>
    /// <param name="activations">Base codes [depth], 0..255.</param>
    /// <param name="weights">Weight codes [depth], at most two of each aligned four not zero.</param>
    /// <returns>The exact sum.</returns>
    /// <exception cref="ArgumentException">A group has more than two weights that are not zero.</exception>
    public static long SparseDotProduct(TrimmingUnit unit, ReadOnlySpan<short> activations, ReadOnlySpan<short> weights)
    {
        long sum = 0;
        Span<short> x = stackalloc short[2];
        Span<short> w = stackalloc short[2];
        for (var group = 0; group < weights.Length; group += 4)
        {
            x.Clear();
            w.Clear();
            var kept = 0;
            for (var k = group; k < Math.Min(group + 4, weights.Length); k++)
            {
                if (weights[k] == 0) continue;
                if (kept == 2) throw new ArgumentException($"more than two of the weights {group}..{group + 3} are not zero", nameof(weights));
                (x[kept], w[kept]) = (activations[k], weights[k]);
                kept++;
            }

            sum = Cycle(unit.Prepare(x[0], x[1]), w[0], w[1], sum);
        }

        return sum;
    }
}

using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>
/// Lowered layers that the narrower forms do not hold, as packed sums of products: groups of weights with scales of their own, codes of more than eight bits, sums of
/// more than 32, activations that look at a neighbour.
/// </summary>
internal static class SumPacking
{
    /// <summary>Whether a layer needs this form.</summary>
    /// <param name="lowered">The layer.</param>
    /// <returns>True where a term sees neighbours, sums over a run, or has codes that are no bytes.</returns>
    public static bool IsNeeded(LoweredLayer lowered)
        => lowered.Input!.Range.Count > byte.MaxValue + 1
            || lowered.Groups.Any(group => group.Slice is not null || group.Terms.Any(term => term.Activation.Reach != CodeReach.Element || term.Activation.Range.Highest - Math.Min(0, term.Activation.Range.Lowest) > byte.MaxValue));

    /// <summary>Packs a layer.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="encoder">How the input becomes base codes.</param>
    /// <returns>The parts, or null where a code looks at more than one neighbour.</returns>
    public static SumParts? Pack(LoweredLayer lowered, ConvolutionGeometry geometry, BaseEncoder encoder)
    {
        var (operands, codes) = (new List<SumOperand>(), new List<IActivationCode>());
        var planes = new List<short[]>();
        var groups = new List<SumGroup>();
        foreach (var group in lowered.Groups)
        {
            var terms = new List<SumTerm>();
            foreach (var term in group.Terms)
            {
                var operand = codes.IndexOf(term.Activation);
                if (operand < 0)
                {
                    if (Operand(term.Activation, encoder) is not { } made) return null;
                    operand = operands.Count;
                    operands.Add(made);
                    codes.Add(term.Activation);
                }

                var plane = planes.FindIndex(weights => weights == term.Weights || weights.AsSpan().SequenceEqual(term.Weights));
                if (plane < 0)
                {
                    plane = planes.Count;
                    planes.Add(term.Weights);
                }

                terms.Add(new SumTerm(operand, plane, term.Coefficient));
            }

            groups.Add(new SumGroup(group.Slice?.First ?? 0, group.Slice?.Length ?? lowered.Layer.Depth, terms, group.Offsets, group.Scales));
        }

        return new SumParts { Geometry = geometry, Encoder = encoder, Operands = operands, Planes = planes, Groups = groups, Bias = lowered.Bias };
    }

    private static SumOperand? Operand(IActivationCode code, BaseEncoder encoder)
    {
        if (code is IPairCode pair && encoder.Lowest == 0) return new SumOperand(Widen(pair.Paired, encoder.Count), Widen(pair.Alone, encoder.Count), pair.Distance);
        if (code.Reach != CodeReach.Element) return null;
        var isIdentity = true;
        for (var i = 0; i < encoder.Count; i++) isIdentity &= code.Table[i] == encoder.Lowest + i;
        return new SumOperand(isIdentity ? [] : code.Table[..encoder.Count].ToArray(), [], 0);
    }

    private static short[] Widen(ReadOnlySpan<byte> table, int count)
    {
        var codes = new short[count];
        for (var i = 0; i < count; i++) codes[i] = table[i];
        return codes;
    }
}

namespace Subbyte.Runtime;

/// <summary>What the sums of a layer may become.</summary>
internal static class SumBounds
{
    /// <summary>The largest magnitude of a sum with its offset.</summary>
    /// <param name="parts">The layer.</param>
    /// <param name="operands">Its operands.</param>
    /// <returns>The bound; sums below 2³¹ may be made in 32 bits, which wrap.</returns>
    /// <exception cref="ArgumentException">It lies beyond 63 bits.</exception>
    public static long Of(SumParts parts, IReadOnlyList<SumOperandCodes> operands)
    {
        var bound = Int128.Zero;
        foreach (var group in parts.Groups)
        {
            for (var m = 0; m < group.Offsets.Length; m++)
            {
                var sum = Int128.Abs(group.Offsets[m]);
                foreach (var term in group.Terms)
                {
                    long weights = 0;
                    foreach (var weight in Row(parts, group, term, m)) weights += Math.Abs((int)weight);
                    var magnitude = Math.Max(Math.Abs(operands[term.Operand].Lowest), Math.Abs(operands[term.Operand].Highest));
                    sum += Int128.Abs(term.Coefficient) * magnitude * weights;
                }

                bound = Int128.Max(bound, sum);
            }
        }

        return bound <= long.MaxValue ? (long)bound : throw new ArgumentException("sums may leave 64 bits", nameof(parts));
    }

    /// <summary>The offsets of a group whose operands are shifted to be unsigned.</summary>
    /// <param name="parts">The layer.</param>
    /// <param name="group">The group.</param>
    /// <param name="operands">The layer's operands.</param>
    /// <returns>Offsets; they wrap as the sums do.</returns>
    public static long[] ShiftedOffsets(SumParts parts, SumGroup group, IReadOnlyList<SumOperandCodes> operands)
    {
        var offsets = (long[])group.Offsets.Clone();
        for (var m = 0; m < offsets.Length; m++)
        {
            foreach (var term in group.Terms)
            {
                foreach (var weight in Row(parts, group, term, m)) offsets[m] = unchecked(offsets[m] - ((long)term.Coefficient * operands[term.Operand].Shift * weight));
            }
        }

        return offsets;
    }

    private static ReadOnlySpan<short> Row(SumParts parts, SumGroup group, SumTerm term, int output) => parts.Planes[term.Plane].AsSpan((output * parts.Geometry.Depth) + group.First, group.Length);
}

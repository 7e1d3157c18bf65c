namespace Subbyte.Methods.Pruning;

/// <summary>
/// The 2:4 pattern of sparse tensor cores: at most two of each aligned group of four consecutive k are not zero. Groups run along the
/// channel-fastest k of a row, over kernel positions; the last group of a row may be short.
/// </summary>
public static class TwoOfFour
{
    /// <summary>Length of a group.</summary>
    public const int GroupLength = 4;

    /// <summary>How many of a group may stay.</summary>
    public const int Kept = 2;

    /// <summary>
    /// Zeroes all but the two largest magnitudes of each group; of equal magnitudes the earlier stays.
    /// </summary>
    /// <param name="row">Weights of one output channel [depth], k channel-fastest.</param>
    public static void Prune(Span<float> row)
    {
        for (var start = 0; start < row.Length; start += GroupLength)
        {
            var group = row.Slice(start, Math.Min(GroupLength, row.Length - start));
            for (var left = group.Length - group.Count(0f); left > Kept; left--) group[SmallestLeft(group)] = 0;
        }
    }

    /// <summary>Where the pattern is violated first.</summary>
    /// <param name="codes">Weight codes [outputs][depth].</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>The output channel and the first k of the group, or null when it holds everywhere.</returns>
    public static (int Output, int Group)? FirstViolation(ReadOnlySpan<short> codes, int depth)
    {
        for (var start = 0; start < codes.Length; start += depth)
        {
            var row = codes.Slice(start, depth);
            for (var group = 0; group < depth; group += GroupLength)
            {
                var length = Math.Min(GroupLength, depth - group);
                if (length - row.Slice(group, length).Count((short)0) > Kept) return (start / depth, group);
            }
        }

        return null;
    }

    /// <summary>
    /// Splits codes by where the other code that their group kept lies: element d holds, in place, those whose partner is at
    /// <c>k ⊕ d</c>; element 0 those that are alone. The four sum to <paramref name="codes"/>.
    /// </summary>
    /// <param name="codes">Weight codes [outputs][depth] that keep the pattern.</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>Four arrays [outputs][depth].</returns>
    public static short[][] SplitByPartner(ReadOnlySpan<short> codes, int depth)
    {
        short[][] split = [new short[codes.Length], new short[codes.Length], new short[codes.Length], new short[codes.Length]];
        for (var start = 0; start < codes.Length; start += depth)
        {
            var row = codes.Slice(start, depth);
            for (var k = 0; k < depth; k++)
            {
                if (row[k] != 0) split[PartnerDistance(row, k)][start + k] = row[k];
            }
        }

        return split;
    }

    // The last of the smallest magnitudes that are not zero.
    private static int SmallestLeft(ReadOnlySpan<float> group)
    {
        var smallest = 0;
        for (var i = 1; i < group.Length; i++)
        {
            if (group[i] != 0 && (group[smallest] == 0 || Math.Abs(group[i]) <= Math.Abs(group[smallest]))) smallest = i;
        }

        return smallest;
    }

    private static int PartnerDistance(ReadOnlySpan<short> row, int k)
    {
        for (var distance = 1; distance < GroupLength; distance++)
        {
            var partner = k ^ distance;
            if (partner < row.Length && row[partner] != 0) return distance;
        }

        return 0;
    }
}

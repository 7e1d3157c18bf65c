using Subbyte.Formats;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// Term revealing of one group of integers: a water line sinks from the largest exponent down, and the terms that surface are kept until
/// the budget is used up. At one level the lowest index comes first; signs play no part (SC 2020; the order of the authors' kernel).
/// </summary>
public static class RecedingWater
{
    /// <summary>Keeps the <paramref name="budget"/> largest terms of a group.</summary>
    /// <param name="digits">Terms of every magnitude that occurs.</param>
    /// <param name="group">Codes of the group, coded as sign and magnitude.</param>
    /// <param name="budget">Terms to keep, ≥ 0.</param>
    /// <param name="revealed">Receives the codes made of the kept terms; they may leave the range of the codes (127 becomes 128).</param>
    /// <param name="kept">Receives how many terms of each code are kept: always its first.</param>
    /// <returns>How many terms are kept in all: the smaller of the budget and the terms that there are.</returns>
    public static int Reveal(SignedDigitTable digits, ReadOnlySpan<short> group, int budget, Span<short> revealed, Span<byte> kept)
    {
        revealed[..group.Length].Clear();
        kept[..group.Length].Clear();
        var level = 0;
        foreach (var code in group)
        {
            if (digits.Terms(Math.Abs((int)code)) is [var first, ..]) level = Math.Max(level, first.Exponent);
        }

        var total = 0;
        for (; level >= 0; level--)
        {
            for (var j = 0; j < group.Length; j++)
            {
                var terms = digits.Terms(Math.Abs((int)group[j]));
                if (kept[j] == terms.Length || terms[kept[j]].Exponent != level) continue;
                if (total == budget) return total;
                revealed[j] += (short)(Math.Sign(group[j]) * terms[kept[j]].Value);
                kept[j]++;
                total++;
            }
        }

        return total;
    }
}

namespace Subbyte.Methods.TermSerial;

/// <summary>
/// Cycles of Laconic (Sharify et al., ISCA 2019): each lane works off the term pairs of its two operands, all lanes, filters and windows of a group of work
/// in lock step. The maximum over filters and windows of t(w)·t(a) is, lane by lane, the product of the two maxima.
/// </summary>
internal static class LaconicCycles
{
    /// <summary>The largest number of weight terms of each lane over the filters of each block.</summary>
    /// <param name="groups">The groups of work.</param>
    /// <param name="weightTerms">Terms of the weights of one group of the layer [outputs][depth].</param>
    /// <returns>Maxima [filter blocks][depth].</returns>
    public static byte[] FilterMaxima(LaneGroups groups, ReadOnlySpan<byte> weightTerms)
    {
        var maxima = new byte[groups.FilterBlocks * groups.Depth];
        for (var m = 0; m < groups.OutputsPerGroup; m++) Maximize(weightTerms.Slice(m * groups.Depth, groups.Depth), maxima.AsSpan(m / groups.Filters * groups.Depth, groups.Depth));
        return maxima;
    }

    /// <summary>Cycles of a block of windows.</summary>
    /// <param name="groups">The groups of work.</param>
    /// <param name="filterMaxima">See <see cref="FilterMaxima"/>.</param>
    /// <param name="windowMaxima">The largest number of activation terms of each lane over the windows [depth].</param>
    /// <returns>The cycles; an idle group takes one.</returns>
    public static long Of(LaneGroups groups, ReadOnlySpan<byte> filterMaxima, ReadOnlySpan<byte> windowMaxima)
    {
        long cycles = 0;
        for (var block = 0; block < groups.FilterBlocks; block++)
        {
            var filters = filterMaxima.Slice(block * groups.Depth, groups.Depth);
            for (var brick = 0; brick < groups.Bricks; brick++)
            {
                var (start, length) = groups.Brick(brick);
                var longest = 1;
                for (var k = start; k < start + length; k++) longest = Math.Max(longest, filters[k] * windowMaxima[k]);
                cycles += longest;
            }
        }

        return cycles;
    }

    /// <summary>Takes the larger of each pair.</summary>
    /// <param name="terms">Terms.</param>
    /// <param name="maxima">Maxima so far.</param>
    public static void Maximize(ReadOnlySpan<byte> terms, Span<byte> maxima)
    {
        for (var k = 0; k < terms.Length; k++) maxima[k] = Math.Max(maxima[k], terms[k]);
    }
}

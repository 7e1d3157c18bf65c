using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>
/// Finds the digits of weights that a training has left on sums of a few scales: for each output channel the scales among the magnitudes that occur, such
/// that every weight is a sum of them with digits −1, 0, 1.
/// </summary>
internal static class LevelRecovery
{
    private const float Tolerance = 2e-6f;

    /// <summary>The planes of a layer's weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="levels">Most planes, 1 … 4.</param>
    /// <param name="bits">Nominal bits of a digit.</param>
    /// <returns>The planes, or null where the weights lie elsewhere.</returns>
    public static IReadOnlyList<WeightPlane>? Of(DotProductLayer layer, int levels, int bits)
    {
        var planes = Enumerable.Range(0, levels).Select(_ => (Codes: new short[layer.Outputs * layer.Depth], Scales: new float[layer.Outputs])).ToArray();
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            if (Scales(row, levels) is not { } scales) return null;
            var words = Words(scales);
            for (var k = 0; k < row.Length; k++)
            {
                var digits = Nearest(words, row[k]).Digits;
                for (var level = 0; level < levels; level++) planes[level].Codes[(m * layer.Depth) + k] = level < digits.Length ? digits[level] : (short)0;
            }

            for (var level = 0; level < levels; level++) planes[level].Scales[m] = level < scales.Length ? scales[level] : 1;
        }

        return [.. planes.Select(plane => new WeightPlane(plane.Codes, plane.Scales, bits))];
    }

    /// <summary>The fewest scales, the largest first, whose sums are all of some magnitudes.</summary>
    /// <param name="row">Values.</param>
    /// <param name="levels">Most scales, 1 … 4.</param>
    /// <returns>The scales; null where there are none, 1 where all values are zero.</returns>
    public static float[]? Scales(ReadOnlySpan<float> row, int levels)
    {
        var magnitudes = new SortedSet<float>();
        var most = (int)Math.Pow(3, levels) / 2;
        foreach (var weight in row)
        {
            if (weight != 0) magnitudes.Add(Math.Abs(weight));
            if (magnitudes.Count > most) return null;
        }

        if (magnitudes.Count == 0) return [1];
        float[] occurring = [.. magnitudes.Reverse()];

        // A scale that no weight has alone is the difference of two that occur.
        var differences = occurring.SelectMany((a, i) => occurring.Skip(i + 1).Select(b => a - b)).Where(difference => difference > Tolerance * occurring[0]);
        foreach (var candidates in new[] { occurring, [.. occurring.Concat(differences).Distinct().OrderDescending()] })
        {
            for (var count = 1; count <= levels; count++)
            {
                if (Choose(candidates, occurring, new float[count], 0, 0) is { } found) return found;
            }
        }

        return null;
    }

    private static float[]? Choose(float[] candidates, float[] occurring, float[] chosen, int depth, int first)
    {
        if (depth == chosen.Length)
        {
            var words = Words(chosen);
            return Array.TrueForAll(occurring, magnitude => Math.Abs(Nearest(words, magnitude).Value - magnitude) <= Tolerance * occurring[0]) ? [.. chosen] : null;
        }

        for (var i = first; i < candidates.Length; i++)
        {
            chosen[depth] = candidates[i];
            if (Choose(candidates, occurring, chosen, depth + 1, i + 1) is { } found) return found;
        }

        return null;
    }

    /// <summary>All words of the scales, those with few digits first, so that they are found first among equal values.</summary>
    private static (float Value, short[] Digits)[] Words(float[] scales)
    {
        var count = (int)Math.Pow(3, scales.Length);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var digits = new short[scales.Length];
            double value = 0;
            for (var i = 0; i < digits.Length; i++, index /= 3)
            {
                digits[i] = (short)((index % 3) - 1);
                value += digits[i] * (double)scales[i];
            }

            return ((float)value, digits);
        }).OrderBy(word => word.digits.Count(digit => digit != 0))];
    }

    private static (float Value, short[] Digits) Nearest((float Value, short[] Digits)[] words, float weight)
    {
        var best = words[0];
        foreach (var word in words)
        {
            if (Math.Abs(word.Value - weight) < Math.Abs(best.Value - weight)) best = word;
        }

        return best;
    }
}

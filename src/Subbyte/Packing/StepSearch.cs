namespace Subbyte.Packing;

/// <summary>
/// Finds the steps of a code that is a function of one float, ascending or not: changes between close probes, each then narrowed down to the float at which the
/// code changes.
/// </summary>
internal static class StepSearch
{
    private const int Probes = 1 << 15;
    private const int MostSteps = 255;

    /// <summary>Finds the steps.</summary>
    /// <param name="code">Gives the codes of any number of values; none is NaN.</param>
    /// <returns>Where codes change, ascending, and the code below each and above the last; null where there are too many.</returns>
    public static (float[] Thresholds, short[] Codes)? Find(Func<float[], short[]> code)
    {
        int lowest = CodeThresholds.Key(float.NegativeInfinity), highest = CodeThresholds.Key(float.PositiveInfinity);
        var coarse = Enumerable.Range(0, Probes + 1).Select(i => (int)(lowest + (((long)highest - lowest) * i / Probes))).ToArray();
        if (Steps(coarse, code) is not { } first) return null;
        if (first.Keys.Count == 0) return ([], [.. first.Codes]);

        // Floats lie densest at 0; codes change evenly.
        double low = CodeThresholds.Value(first.Keys[0]), high = CodeThresholds.Value(first.Keys[^1]);
        var margin = (0.25 * (high - low)) + float.Epsilon;
        var fine = Enumerable.Range(0, Probes + 1).Select(i => CodeThresholds.Key((float)(low - margin + ((high - low + (2 * margin)) * i / Probes))));
        return Steps([.. coarse.Concat(fine).Concat(first.Keys).Order().Distinct()], code) is { } steps ? ([.. steps.Keys.Select(CodeThresholds.Value)], [.. steps.Codes]) : null;
    }

    private static (List<int> Keys, List<short> Codes)? Steps(int[] probes, Func<float[], short[]> code)
    {
        var known = code(Array.ConvertAll(probes, CodeThresholds.Value));
        var (keys, codes) = (new List<int>(), new List<short> { known[0] });
        var open = Enumerable.Range(1, probes.Length - 1).Where(i => known[i] != known[i - 1]).Select(i => new Change(probes[i - 1], known[i - 1], probes[i], known[i])).ToList();
        var found = new List<(int Key, short Code)>();
        while (open.Count > 0)
        {
            if (found.Count + open.Count > MostSteps) return null;
            var above = open.Select(change => change.High).ToArray();
            var below = open.Select(change => change.Low).ToArray();
            var last = open.Select(change => change.HighCode).ToArray();
            while (above.Zip(below).Any(pair => (long)pair.First - pair.Second > 1))
            {
                var middle = above.Zip(below, (a, b) => (int)((a + (long)b) >> 1)).ToArray();
                var there = code(Array.ConvertAll(middle, CodeThresholds.Value));
                for (var i = 0; i < middle.Length; i++)
                {
                    if (middle[i] == below[i]) continue;
                    if (there[i] == open[i].LowCode) below[i] = middle[i];
                    else (above[i], last[i]) = (middle[i], there[i]);
                }
            }

            found.AddRange(above.Zip(last));
            // More than one step may lie between two probes.
            open = [.. open.Select((change, i) => new Change(above[i], last[i], change.High, change.HighCode)).Where(change => change.LowCode != change.HighCode)];
        }

        foreach (var (key, next) in found.OrderBy(step => step.Key))
        {
            keys.Add(key);
            codes.Add(next);
        }

        return (keys, codes);
    }

    private readonly record struct Change(int Low, short LowCode, int High, short HighCode);
}

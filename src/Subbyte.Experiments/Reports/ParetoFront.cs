namespace Subbyte.Experiments.Reports;

/// <summary>The choices that no other choice beats: none is at least as good for less, or better for as little.</summary>
internal static class ParetoFront
{
    /// <summary>Finds the front.</summary>
    /// <param name="points">Cost (less is better) and value (more is better) of each choice.</param>
    /// <returns>Indices of the choices on the front, by ascending cost; of equal choices the first.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double Cost, double Value)> points)
    {
        var front = new List<int>();
        var best = double.NegativeInfinity;
        foreach (var index in Enumerable.Range(0, points.Count).OrderBy(i => points[i].Cost).ThenByDescending(i => points[i].Value).ThenBy(i => i))
        {
            if (!(points[index].Value > best)) continue;
            best = points[index].Value;
            front.Add(index);
        }

        return front;
    }
}

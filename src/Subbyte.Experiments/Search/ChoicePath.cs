namespace Subbyte.Experiments.Search;

/// <summary>
/// The choices that are best for some price of harm, if the harms of layers add: a walk from the least harm to the least cost on which each step
/// changes one layer, and no later step saves more for as much harm. It is the convex hull of a knapsack with one item chosen in each layer.
/// </summary>
internal static class ChoicePath
{
    /// <summary>Finds the path.</summary>
    /// <param name="layers">The options of each layer, at least one.</param>
    /// <returns>Candidates by layer, from the least harm to the least cost.</returns>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<IReadOnlyList<LayerOption>> layers)
    {
        var hulls = layers.Select(Hull).ToArray();
        var moves = hulls.SelectMany((hull, layer) => hull.Skip(1).Select((option, i) => (Layer: layer, Step: i, option.Candidate, Price: Price(hull[i], option))))
            .OrderBy(move => move.Price).ThenBy(move => move.Layer).ThenBy(move => move.Step);
        var current = hulls.Select(hull => hull[0].Candidate).ToArray();
        List<int[]> path = [[.. current]];
        foreach (var move in moves)
        {
            current[move.Layer] = move.Candidate;
            path.Add([.. current]);
        }

        return path;
    }

    /// <summary>Harm added for each unit of cost saved.</summary>
    /// <param name="from">The dearer option.</param>
    /// <param name="to">The cheaper option.</param>
    /// <returns>The price; negative where harm goes down too.</returns>
    public static double Price(LayerOption from, LayerOption to) => (to.Harm - from.Harm) / (from.Cost - to.Cost);

    /// <summary>The lower convex hull from the least harm (of these the cheapest) down to the least cost; prices do not fall along it.</summary>
    private static List<LayerOption> Hull(IReadOnlyList<LayerOption> options)
    {
        List<LayerOption> hull = [options.OrderBy(option => option.Harm).ThenBy(option => option.Cost).First()];
        while (true)
        {
            var last = hull[^1];
            var cheaper = options.Where(option => option.Cost < last.Cost).ToArray();
            if (cheaper.Length == 0) return hull;
            hull.Add(cheaper.OrderBy(option => Price(last, option)).ThenBy(option => option.Cost).ThenBy(option => option.Candidate).First());
        }
    }
}

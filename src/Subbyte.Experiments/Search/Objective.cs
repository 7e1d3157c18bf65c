using Subbyte.Costs;

namespace Subbyte.Experiments.Search;

/// <summary>The cost that a search makes small, a sum over layers.</summary>
/// <param name="Name">Name: bytes, energy, cycles, bit-operations, term-pairs, or an operation's.</param>
/// <param name="Of">The cost of a layer for one sample, or null where it does not count such a cost.</param>
/// <param name="Quantity">Its units.</param>
public sealed record Objective(string Name, Func<LayerCost, double?> Of, Quantity Quantity)
{
    private static readonly Dictionary<string, Objective> Known = new[]
    {
        new Objective("bytes", cost => cost.WeightStorageBits / 8, Quantity.Memory),
        new Objective("energy", cost => cost.EnergyPicojoules, Quantity.Energy),
        new Objective("cycles", cost => cost.Cycles, Quantity.Count),
        Operation("bit-operations", "bitOperations"),
        Operation("term-pairs", "termPairs.bound"),
    }.ToDictionary(objective => objective.Name, StringComparer.Ordinal);

    /// <summary>Names of the costs that every search knows; a method's own operations come on top.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Finds an objective.</summary>
    /// <param name="name">One of <see cref="Names"/>, or the name of an operation as JSON's <c>cost.operations</c> has it.</param>
    /// <returns>The objective; where no candidate counts the operation, the search says so.</returns>
    public static Objective Find(string name) => Known.TryGetValue(name, out var known) ? known : Operation(name, name);

    private static Objective Operation(string name, string key) => new(name, cost => cost.Operations.TryGetValue(key, out var count) ? count : null, key.StartsWith("picojoules.", StringComparison.Ordinal) ? Quantity.Energy : Quantity.Count);
}

using System.Text.Json.Serialization;
using Subbyte.Networks;

namespace Subbyte.Experiments.Search;

/// <summary>A network that a search tried.</summary>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Summary">How many layers got what.</param>
/// <param name="Origin">What made it: a candidate everywhere, a step of the path, a refinement.</param>
/// <param name="Cost">Its cost for one sample, the sum over layers.</param>
/// <param name="Trial">What it does to the samples that decide.</param>
public sealed record SearchPoint(string Recipe, string Summary, string Origin, double Cost, Trial Trial)
{
    /// <summary>Makes the recipe's network from layers that are lowered already; null to apply the recipe.</summary>
    [JsonIgnore]
    internal Func<CancellationToken, LowBitNetwork>? Network { get; init; }
}

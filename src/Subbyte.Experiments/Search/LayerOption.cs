namespace Subbyte.Experiments.Search;

/// <summary>One choice for one layer.</summary>
/// <param name="Candidate">The candidate, or <see cref="MixedRecipe.Float"/>.</param>
/// <param name="Cost">The layer's cost under it.</param>
/// <param name="Harm">What it alone does to the network's outputs: their divergence from fp32's in nats.</param>
internal readonly record struct LayerOption(int Candidate, double Cost, double Harm);

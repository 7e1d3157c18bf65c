namespace Subbyte.Experiments.Language;

/// <summary>What a run over a text is scored by.</summary>
/// <param name="Predictions">The likeliest next word, for each word.</param>
/// <param name="Losses">The negative log likelihood of the word that follows, in nats.</param>
public sealed record TokenScores(int[] Predictions, double[] Losses);

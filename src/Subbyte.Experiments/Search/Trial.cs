namespace Subbyte.Experiments.Search;

/// <summary>A network on the samples that decide.</summary>
/// <param name="Loss">What it loses against fp32: percentage points of accuracy (or agreement), for a text points of perplexity.</param>
/// <param name="Divergence">How far its outputs moved, in nats.</param>
/// <param name="Lost">Samples right under fp32 and wrong now.</param>
/// <param name="Gained">Samples wrong under fp32 and right now.</param>
public sealed record Trial(double Loss, double Divergence, int Lost, int Gained);

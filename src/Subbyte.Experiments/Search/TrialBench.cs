using Subbyte.Costs;
using Subbyte.Experiments.Language;
using Subbyte.Experiments.Reproduction;
using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments.Search;

/// <summary>What the layers of a network cost.</summary>
/// <param name="Layers">Cost by layer; of one that the recipe does not fit, that of fp32.</param>
/// <param name="Misfits">Why the recipe does not fit a layer, by layer.</param>
internal sealed record NetworkCosts(IReadOnlyDictionary<string, LayerCost> Layers, IReadOnlyDictionary<string, string> Misfits);

/// <summary>Tries networks on the samples that decide; what the store holds is not tried again.</summary>
/// <param name="task">Network and the samples that decide.</param>
/// <param name="samples">How many of them are used, or null for all; of a text, words of each of its streams.</param>
/// <param name="threads">Worker threads.</param>
/// <param name="store">Where results are kept.</param>
internal sealed class TrialBench(EvaluationTask task, int? samples, int threads, ResultStore store)
{
    /// <summary>The recipe's network.</summary>
    public const string Whole = "whole";

    /// <summary>The recipe's network before the passes that correct lowered layers.</summary>
    public const string WithoutPasses = "without passes";

    private const int CostSamples = 4;

    private readonly Workbench _bench = new(task, new EvaluationOptions { Threads = threads, Limit = samples, CostSamples = CostSamples });

    /// <summary>Samples used.</summary>
    public int Samples => _bench.Samples;

    /// <summary>Tries a network.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">Makes the network; called when the store does not know the result.</param>
    /// <param name="form">What the network is to the recipe: <see cref="Whole"/>, or <see cref="WithoutPasses"/>.</param>
    /// <param name="cancellation">Cancels the trial.</param>
    /// <returns>The trial.</returns>
    public Trial Try(Recipe recipe, Func<LowBitNetwork> network, string form, CancellationToken cancellation)
        => store.Get(_bench, recipe, ["trial", form], () => Judge(_bench.Baseline(null, cancellation), _bench.Execute(network(), null, cancellation)));

    /// <summary>Counts what each layer costs.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="fit">Makes the recipe's network and says which layers it does not fit; called when the store does not know the result.</param>
    /// <param name="cancellation">Cancels the count.</param>
    /// <returns>Costs by layer.</returns>
    public NetworkCosts Costs(Recipe recipe, Func<(LowBitNetwork Network, IReadOnlyDictionary<string, string> Misfits)> fit, CancellationToken cancellation) => store.Get(_bench, recipe, ["costs", $"{CostSamples}"], () =>
    {
        var (network, misfits) = fit();
        return new NetworkCosts(_bench.CountCosts(network, cancellation).ToDictionary(layer => layer.Name, layer => layer.Cost, StringComparer.Ordinal), misfits);
    });

    /// <summary>What a recipe makes of the network.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The network.</returns>
    public LowBitNetwork Apply(Recipe recipe, CancellationToken cancellation) => _bench.Apply(recipe, cancellation);

    private Trial Judge(NetworkRun baseline, NetworkRun run)
    {
        var divergence = OutputDivergence.Of(baseline, run);
        var flips = Scores.Compare(Right(baseline, baseline), Right(run, baseline));
        var loss = run.Tokens is { } tokens
            ? Perplexity.Of(tokens.Losses) - Perplexity.Of(baseline.Tokens!.Losses)
            : 100.0 * (flips.Lost - flips.Gained) / run.Samples;
        return new Trial(loss, double.IsNaN(divergence) ? double.PositiveInfinity : divergence, flips.Lost, flips.Gained);
    }

    private bool[] Right(NetworkRun run, NetworkRun baseline)
        => [.. Enumerable.Range(0, run.Samples).Select(sample => run.Prediction(sample) == (task.Data.HasLabels ? task.Data.Label(sample) : baseline.Prediction(sample)))];
}

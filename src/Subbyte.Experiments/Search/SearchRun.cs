using Subbyte.Experiments.Reproduction;
using Subbyte.Methods;

namespace Subbyte.Experiments.Search;

/// <summary>A whole search: decides, then evaluates once, on samples that decided nothing, fp32, the front and the best uniform recipe.</summary>
/// <param name="task">Network and samples.</param>
/// <param name="options">How reported samples are run.</param>
/// <param name="store">Where results are kept.</param>
public sealed class SearchRun(SearchTask task, EvaluationOptions options, ResultStore store)
{
    /// <summary>The workbench of the samples that are reported.</summary>
    public Workbench Workbench { get; } = new(task.Reported, options);

    /// <summary>Evaluates what a search found.</summary>
    /// <param name="outcome">What it found.</param>
    /// <param name="algorithm">Name of the algorithm.</param>
    /// <param name="objective">Name of the cost.</param>
    /// <param name="seed">Seed, which is noted.</param>
    /// <param name="step">Told of each recipe; gives what is told of its progress, or null.</param>
    /// <param name="cancellation">Stops the evaluation; what is done is kept.</param>
    /// <returns>The document.</returns>
    public ResultDocument Report(SearchOutcome outcome, string algorithm, string objective, int seed, Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        var front = outcome.Front();
        var results = new Dictionary<string, RecipeResult>(StringComparer.Ordinal);
        foreach (var point in Reported(outcome, front))
        {
            if (cancellation.IsCancellationRequested) break;
            var recipe = Recipe.Parse(point.Recipe);
            try
            {
                var progress = step($"reporting {point.Summary}");
                results[point.Recipe] = store.Get(Workbench, recipe, () => Workbench.Run(recipe, point.Network?.Invoke(cancellation) ?? Workbench.Apply(recipe, cancellation), progress, cancellation).Result);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return Workbench.Document("subbyte.search/1", seed, [.. results.Values]) with
        {
            Search = new SearchDescription
            {
                Algorithm = algorithm,
                Objective = objective,
                MaxLoss = outcome.MaxLoss,
                Deciding = new DataDescription(task.Deciding.Data.Spec, task.Deciding.Data.Split, task.Deciding.Data.Count, task.Deciding.Data.Sha256),
                IsComplete = outcome.IsComplete && !cancellation.IsCancellationRequested,
                Chosen = outcome.Chosen?.Recipe,
                Front = [.. front.Select(point => new FrontPoint(point.Recipe, point.Summary, point.Cost, point.Trial.Loss, Loss(results.GetValueOrDefault(point.Recipe)), point.Recipe == outcome.Chosen?.Recipe))],
                Candidates = outcome.Candidates,
                Layers = outcome.Layers,
                Trials = outcome.Points,
            },
        };
    }

    private static IEnumerable<SearchPoint> Reported(SearchOutcome outcome, IReadOnlyList<SearchPoint> front)
    {
        var fp32 = new SearchPoint("fp32", "fp32", SearchOrigins.Uniform, 0, new Trial(0, 0, 0, 0));
        SearchPoint?[] points = [fp32, .. front, outcome.BestUniform];
        return points.OfType<SearchPoint>().DistinctBy(point => point.Recipe, StringComparer.Ordinal);
    }

    private static double? Loss(RecipeResult? result)
        => result is null ? null : result.Metric == MetricNames.Perplexity ? result.Value - result.Baseline : 100 * (result.Baseline - result.Value);
}

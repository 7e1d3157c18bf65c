using Subbyte.Experiments.Reproduction;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Fpec;

namespace Subbyte.Experiments.Search;

/// <summary>
/// FPEC-Opt (Compensated-DNN, section 3.5): the design-time search for computation bits, the estimate's magnitude and thresholds that stay within an
/// allowed loss. The words shrink bit by bit from sixteen; a finer estimate pays for one more bit; then as many errors as possible count as zero.
/// Ours on top: the same from mode DZ, the cheapest of all, and single bits taken from the weights and activations of each layer.
/// </summary>
/// <param name="task">Network and samples.</param>
/// <param name="options">What is looked for; of the candidates, the first one's options that the search does not choose are kept.</param>
/// <param name="store">Where results are kept: a search that was stopped goes on where it was.</param>
public sealed class FpecSearch(SearchTask task, SearchOptions options, ResultStore store)
{
    /// <summary>Name of the algorithm.</summary>
    public const string Name = "fpec-opt";

    private const int StartBits = 16;
    private const int FewestBits = 2;
    private const int LargestShift = 2;
    private const double ThresholdStep = 0.125;

    private static readonly HashSet<string> Chosen = new(["bits", "mode", "emb", "threshold", "weights", "activations"], StringComparer.Ordinal);

    private readonly TrialBench _bench = new(task.Deciding, samples: null, options.Threads, store);
    private readonly IReadOnlyList<DotProductLayer> _layers = LayerList.Of(task.Deciding.Network);
    private readonly Dictionary<string, SearchPoint> _points = new(StringComparer.Ordinal);
    private readonly string _options = Kept(options.Candidates);
    private Action<EvaluationProgress>? _progress;

    /// <summary>The cost that the specification compares configurations by: energy of its processing element.</summary>
    public static Objective Objective { get; } = Objective.Find("picojoules.fpec");

    /// <summary>Searches.</summary>
    /// <param name="step">Told of each stage; gives what is told of its progress, or null.</param>
    /// <param name="cancellation">Stops the search; what it has found so far is returned.</param>
    /// <returns>What was found.</returns>
    public SearchOutcome Run(Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        var isComplete = true;
        try
        {
            _progress = step("plain fixed point");
            Shrink(new FpecConfiguration(StartBits, CompensationMode.N, 0), SearchOrigins.Uniform, cancellation);
            _progress = step("direction of errors");
            var found = new List<FpecConfiguration?> { Sparse(Shrink(new FpecConfiguration(StartBits, CompensationMode.D, 0), SearchOrigins.Path, cancellation), cancellation) };
            _progress = step("direction or zero");
            foreach (var shift in new[] { 0, 1 }) found.Add(Sparse(Shrink(new FpecConfiguration(StartBits, CompensationMode.Dz, shift), SearchOrigins.Path, cancellation), cancellation));
            _progress = step("layer by layer");
            if (found.OfType<FpecConfiguration>().OrderBy(found => Try(found, SearchOrigins.Path, cancellation).Cost).FirstOrDefault() is { } best) Refine(best, cancellation);
        }
        catch (OperationCanceledException)
        {
            isComplete = false;
        }

        return new SearchOutcome([.. _points.Values], options.MaxLoss) { IsComplete = isComplete };
    }

    /// <summary>Steps 4 to 8: one bit less in all tensors, and where that loses too much, with a finer estimate.</summary>
    private FpecConfiguration? Shrink(FpecConfiguration start, string origin, CancellationToken cancellation)
    {
        bool Holds(FpecConfiguration tried) => tried.Bits >= FewestBits && this.Holds(tried, origin, cancellation);
        if (!Holds(start)) return null;
        var best = start;
        while (true)
        {
            while (Holds(best with { Bits = best.Bits - 1 })) best = best with { Bits = best.Bits - 1 };
            var finer = best with { Bits = best.Bits - 1, MagnitudeShift = best.MagnitudeShift + 1 };
            if (best.Mode == CompensationMode.N || finer.MagnitudeShift > LargestShift || !Holds(finer)) return best;
            best = finer;
        }
    }

    /// <summary>Steps 9 to 11: mode DZ, and the largest threshold that holds.</summary>
    private FpecConfiguration? Sparse(FpecConfiguration? found, CancellationToken cancellation)
    {
        if (found is null) return null;
        var best = found;
        for (var threshold = Math.ScaleB(1, -1 - found.MagnitudeShift); threshold <= 1; threshold += ThresholdStep)
        {
            var sparser = found with { Mode = CompensationMode.Dz, Threshold = threshold };
            if (!Holds(sparser, SearchOrigins.Path, cancellation)) break;
            best = sparser;
        }

        return best;
    }

    /// <summary>One pass over the layers, most energy first: a bit less for the weights, then for the activations.</summary>
    private void Refine(FpecConfiguration best, CancellationToken cancellation)
    {
        var costs = _bench.Costs(Recipe(best), () => (_bench.Apply(Recipe(best), cancellation), NoMisfits), cancellation).Layers;
        foreach (var layer in _layers.OrderByDescending(layer => options.Objective.Of(costs[layer.Name]) ?? 0).ThenBy(layer => layer.Index))
        {
            foreach (var (weights, activations) in new[] { (1, 0), (0, 1) })
            {
                var less = best.Take(layer.Name, weights, activations);
                if (_points.Count >= options.Trials) return;

                // Where a rule keeps the bits (the image's, the last layer's fewest) nothing gets cheaper.
                if (best.Bits > FewestBits && Holds(less, SearchOrigins.Refined, cancellation) && Try(less, SearchOrigins.Refined, cancellation).Cost < Try(best, SearchOrigins.Refined, cancellation).Cost) best = less;
            }
        }
    }

    private bool Holds(FpecConfiguration tried, string origin, CancellationToken cancellation) => Try(tried, origin, cancellation).Trial.Loss <= options.MaxLoss;

    private SearchPoint Try(FpecConfiguration configuration, string origin, CancellationToken cancellation)
    {
        var recipe = Recipe(configuration);
        if (_points.TryGetValue(recipe.Text, out var known)) return known;
        _progress?.Invoke(new EvaluationProgress(_points.Count, Math.Max(_points.Count + 1, options.Trials)));
        cancellation.ThrowIfCancellationRequested();
        var trial = _bench.Try(recipe, () => _bench.Apply(recipe, cancellation), TrialBench.Whole, cancellation);
        var costs = _bench.Costs(recipe, () => (_bench.Apply(recipe, cancellation), NoMisfits), cancellation).Layers;
        var cost = _layers.Sum(layer => options.Objective.Of(costs[layer.Name]) ?? throw new UserErrorException($"fpec counts no {options.Objective.Name}, but {string.Join(", ", costs[layer.Name].Operations.Keys)}"));
        return _points[recipe.Text] = new SearchPoint(recipe.Text, configuration.Summary, origin, cost, trial);
    }

    private Recipe Recipe(FpecConfiguration configuration) => configuration.Recipe(_options, [.. _layers.Select(layer => layer.Name)], options.With);

    private static Dictionary<string, string> NoMisfits => new(StringComparer.Ordinal);

    /// <summary>Options of the given recipe that the search does not choose.</summary>
    private static string Kept(IReadOnlyList<Recipe> candidates)
    {
        if (candidates.Count == 0) return "";
        if (candidates is not [{ Steps: [{ Method.Name: FpecMethod.Name } step] }]) throw new UserErrorException($"the algorithm {Name} searches the formats of one fpec step; give --methods fpec with the options that it is to keep, or none");
        var colon = step.Canonical.IndexOf(':', StringComparison.Ordinal);
        return string.Join(',', step.Canonical[(colon + 1)..].Split(',').Where(option => !Chosen.Contains(option.Split('=')[0])));
    }
}

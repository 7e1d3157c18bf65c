using Subbyte.Experiments.Reproduction;
using Subbyte.Networks;

namespace Subbyte.Experiments.Search;

/// <summary>
/// Chooses a candidate for each layer so that a cost is small and the network loses no more than is allowed. Every layer is tried under every
/// candidate alone, which prices each choice in harm for cost; the path of best prices is searched for the last network that holds, and from there
/// layers are made cheaper one at a time as long as the whole network, tried each time, holds.
/// </summary>
/// <param name="task">Network and samples.</param>
/// <param name="options">What is looked for.</param>
/// <param name="store">Where results are kept: a search that was stopped goes on where it was.</param>
public sealed class MixedSearch(SearchTask task, SearchOptions options, ResultStore store)
{
    // About what two cores emulate in a minute, layers under candidates together.
    private const double Work = 2.5e12;
    private const int FewestSamples = 16;
    private const int MostSamples = 256;

    private readonly SearchSpace _space = new(task.Deciding, options);
    private readonly TrialBench _bench = new(task.Deciding, samples: null, options.Threads, store);
    private readonly List<SearchPoint> _points = [];
    private readonly Dictionary<string, SearchPoint> _tried = new(StringComparer.Ordinal);
    private readonly List<CandidateFigures> _candidates = [];
    private readonly List<LayerFigures> _layers = [];
    private double[][] _costs = [];
    private double[] _floatCosts = [];
    private int _trials;

    /// <summary>Searches.</summary>
    /// <param name="step">Told of each stage; gives what is told of its progress, or null.</param>
    /// <param name="cancellation">Stops the search; what it has found so far is returned.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="UserErrorException">No candidate fits the network, or none counts the cost.</exception>
    public SearchOutcome Run(Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        var isComplete = true;
        try
        {
            Screen(step("candidates on the whole network"), cancellation);
            var choices = Measure(step("candidates layer by layer"), cancellation);
            Walk(choices, step("mixed recipes"), cancellation);
        }
        catch (OperationCanceledException)
        {
            isComplete = false;
        }

        return new SearchOutcome(_points, options.MaxLoss) { Candidates = _candidates, Layers = _layers, IsComplete = isComplete };
    }

    /// <summary>Every candidate on the whole network, and what it costs in each layer.</summary>
    private void Screen(Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        int[] allFloat = [.. _space.Layers.Select(_ => MixedRecipe.Float)];
        _floatCosts = Costs(_bench.Costs(_space.Recipe(allFloat), () => (_space.Network(allFloat, hasPasses: false, cancellation), none), cancellation));
        _costs = new double[_space.Candidates.Count][];
        var everywhere = new List<(double Cost, Trial? Trial, string? Reason)>();
        for (var candidate = 0; candidate < _costs.Length; candidate++)
        {
            progress?.Invoke(new EvaluationProgress(candidate, _costs.Length));
            var costs = _bench.Costs(_space.InEveryLayer(candidate), () => _space.Fit(candidate, cancellation), cancellation);
            _costs[candidate] = Costs(costs);
            everywhere.Add(costs.Misfits.Count > 0 ? (_costs[candidate].Where(double.IsFinite).Sum(), null, costs.Misfits.Values.First()) : Everywhere(candidate, cancellation));
        }

        for (var candidate = 0; candidate < _costs.Length; candidate++)
        {
            var (cost, trial, reason) = everywhere[candidate];
            var counts = _costs[candidate].Any(double.IsFinite);
            var beaten = !options.ScreensCandidates || trial is null ? null : Beaten(everywhere, candidate);
            var why = counts ? beaten : reason ?? $"it counts no {options.Objective.Name}";
            _candidates.Add(new CandidateFigures(_space.Candidates[candidate].Recipe.Text, counts ? cost : null, trial, why is null, why ?? reason));
        }

        if (!_candidates.Any(candidate => candidate.IsKept)) throw new UserErrorException($"no candidate can be used: {_candidates[0].Recipe}: {_candidates[0].Reason}");
    }

    private (double Cost, Trial? Trial, string? Reason) Everywhere(int candidate, CancellationToken cancellation)
    {
        var recipe = _space.Everywhere(candidate);
        LowBitNetwork Network() => _space.NetworkEverywhere(candidate, cancellation);
        var trial = _bench.Try(recipe, Network, TrialBench.Whole, cancellation);
        var cost = Costs(_bench.Costs(recipe, () => (Network(), new Dictionary<string, string>(StringComparer.Ordinal)), cancellation)).Sum();
        if (double.IsFinite(cost)) Add(new SearchPoint(recipe.Text, recipe.Text, SearchOrigins.Uniform, cost, trial) { Network = stop => _space.NetworkEverywhere(candidate, stop) });
        return (_costs[candidate].Sum(), trial, null);
    }

    /// <summary>Which candidate is at least as cheap and clearly less harmful, or clearly cheaper and no more harmful.</summary>
    private string? Beaten(List<(double Cost, Trial? Trial, string? Reason)> everywhere, int candidate)
    {
        var (cost, trial, _) = everywhere[candidate];
        for (var other = 0; other < everywhere.Count; other++)
        {
            if (everywhere[other].Trial is not { } rival || other == candidate) continue;
            var (cheaper, milder) = (everywhere[other].Cost / cost, rival.Divergence / trial!.Divergence);
            if ((cheaper <= 1 && milder <= 0.67) || (cheaper <= 0.9 && milder <= 1)) return $"{_space.Candidates[other].Recipe.Text} is cheaper and harms less";
        }

        return null;
    }

    /// <summary>Every kept candidate in every layer, the other layers in fp32.</summary>
    private IReadOnlyList<LayerOption>[] Measure(Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var kept = Enumerable.Range(0, _costs.Length).Where(candidate => _candidates[candidate].IsKept).ToArray();
        var count = _space.Layers.Count;
        var macs = Math.Max(1.0, _space.Layers.Sum(layer => (double)layer.Macs));
        var samples = (int)Math.Clamp(Work / (macs * kept.Length * count * task.Deciding.StepSamples), FewestSamples, MostSamples);
        var bench = new TrialBench(task.Deciding, Math.Min(samples, _bench.Samples / task.Deciding.StepSamples), options.Threads, store);
        var choices = new List<LayerOption>[count];
        for (var layer = 0; layer < count; layer++)
        {
            choices[layer] = [];
            if (double.IsFinite(_floatCosts[layer])) choices[layer].Add(new LayerOption(MixedRecipe.Float, _floatCosts[layer], 0));
        }

        // Candidate by candidate, so that few layers need be held lowered at once.
        foreach (var (candidate, layer) in kept.SelectMany(candidate => Enumerable.Range(0, count).Select(layer => (candidate, layer))))
        {
            progress?.Invoke(new EvaluationProgress((Array.IndexOf(kept, candidate) * count) + layer, kept.Length * count));
            if (!double.IsFinite(_costs[candidate][layer])) continue;
            int[] choice = [.. Enumerable.Range(0, count).Select(other => other == layer ? candidate : MixedRecipe.Float)];
            var trial = bench.Try(_space.Recipe(choice), () => _space.Network(choice, hasPasses: false, cancellation), TrialBench.WithoutPasses, cancellation);
            choices[layer].Add(new LayerOption(candidate, _costs[candidate][layer], trial.Divergence));
        }

        _layers.AddRange(choices.Select((options, layer) => new LayerFigures(_space.Layers[layer].Name, [.. options.Select(option => new LayerFigure(Name(option.Candidate), option.Cost, option.Harm))])));
        return choices.FirstOrDefault(options => options.Count == 0) is null ? choices : throw new UserErrorException($"no candidate that counts {options.Objective.Name} fits layer '{_space.Layers[Array.FindIndex(choices, options => options.Count == 0)].Name}'; name more with --methods");
    }

    private void Walk(IReadOnlyList<LayerOption>[] choices, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var path = ChoicePath.Of(choices);
        bool Holds(int[] choice, string origin)
        {
            progress?.Invoke(new EvaluationProgress(Math.Min(_trials, options.Trials), options.Trials));
            return Try(choice, choices, origin, cancellation).Trial.Loss <= options.MaxLoss;
        }

        // The last step of the path that holds; loss is taken to grow along it, which it nearly does.
        var (holds, fails) = (-1, path.Count);
        if (Holds(path[^1], SearchOrigins.Path)) holds = path.Count - 1;
        else if (Holds(path[0], SearchOrigins.Path)) (holds, fails) = (0, path.Count - 1);
        while (holds >= 0 && fails - holds > 1 && holds < path.Count - 1 && _trials < options.Trials)
        {
            var middle = (holds + fails) / 2;
            if (Holds(path[middle], SearchOrigins.Path)) holds = middle;
            else fails = middle;
        }

        var last = Math.Max(holds, 0);
        foreach (var index in new[] { last / 4, last / 2, 3 * last / 4, last + ((path.Count - last) / 8), last + ((path.Count - last) / 4), last + ((path.Count - last) / 2) })
        {
            if (_trials < options.Trials) Holds(path[Math.Min(index, path.Count - 1)], SearchOrigins.Path);
        }

        if (holds >= 0) Refine([.. path[holds]], choices, choice => Holds(choice, SearchOrigins.Refined));
    }

    /// <summary>Makes one layer after the other cheaper, at the best price first, as long as the network holds.</summary>
    private void Refine(int[] current, IReadOnlyList<LayerOption>[] choices, Func<int[], bool> holds)
    {
        var failed = new HashSet<(int Layer, int Candidate)>();
        while (_trials < options.Trials)
        {
            var moves = choices.SelectMany((options, layer) =>
            {
                var from = options.First(option => option.Candidate == current[layer]);
                return options.Where(option => option.Cost < from.Cost && !failed.Contains((layer, option.Candidate))).Select(option => (Layer: layer, To: option, Price: ChoicePath.Price(from, option)));
            }).ToArray();
            if (moves.Length == 0) return;
            var (changed, to, _) = moves.OrderBy(move => move.Price).ThenBy(move => move.Layer).ThenBy(move => move.To.Cost).First();
            int[] next = [.. current];
            next[changed] = to.Candidate;
            if (holds(next)) current = next;
            else failed.UnionWith(choices[changed].Where(option => option.Harm >= to.Harm).Select(option => (changed, option.Candidate)));
        }
    }

    private SearchPoint Try(int[] choice, IReadOnlyList<LayerOption>[] choices, string origin, CancellationToken cancellation)
    {
        var recipe = _space.Recipe(choice);
        if (_tried.TryGetValue(recipe.Text, out var known)) return known;
        _trials++;
        var cost = choice.Select((candidate, layer) => choices[layer].First(option => option.Candidate == candidate).Cost).Sum();
        var trial = _bench.Try(recipe, () => _space.Network(choice, hasPasses: true, cancellation), TrialBench.Whole, cancellation);
        return Add(new SearchPoint(recipe.Text, _space.Summary(choice), origin, cost, trial) { Network = stop => _space.Network(choice, hasPasses: true, stop) });
    }

    private SearchPoint Add(SearchPoint point)
    {
        _points.Add(point);
        return _tried[point.Recipe] = point;
    }

    private double[] Costs(NetworkCosts costs)
        => [.. _space.Layers.Select(layer => costs.Misfits.ContainsKey(layer.Name) ? double.NaN : options.Objective.Of(costs.Layers[layer.Name]) ?? double.NaN)];

    private string Name(int candidate) => candidate == MixedRecipe.Float ? "fp32" : _space.Candidates[candidate].Recipe.Text;
}

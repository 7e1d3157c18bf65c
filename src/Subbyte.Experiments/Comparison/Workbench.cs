using Subbyte.Calibration;
using Subbyte.Costs;
using Subbyte.Experiments.Language;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Prediction;

namespace Subbyte.Experiments;

/// <summary>What a recipe made, beside its result: the low-bit network, to be exported or looked at.</summary>
/// <param name="Result">The result.</param>
/// <param name="Network">The network.</param>
/// <param name="Run">Its outputs.</param>
public sealed record RecipeOutcome(RecipeResult Result, LowBitNetwork Network, NetworkRun Run);

/// <summary>
/// One network on one set of data: runs fp32 once, then any number of recipes on the same samples with the same calibration, and scores each
/// against fp32.
/// </summary>
/// <param name="task">Network and data.</param>
/// <param name="options">How to run.</param>
public sealed class Workbench(EvaluationTask task, EvaluationOptions options)
{
    private readonly Calibrator? _calibrator = task.CalibrationSamples is null ? null : new Calibrator(task.CalibrationSamples, task.CalibrationCount, options.Threads);
    private readonly int _count = (int)Math.Min((options.Limit ?? int.MaxValue) * (long)task.StepSamples, task.Data.Count);
    private int[]? _labels;
    private NetworkRun? _baseline;
    private IReadOnlyList<Lowering.DotProductLayer>? _layers;

    /// <summary>Network and data.</summary>
    public EvaluationTask Task { get; } = task;

    /// <summary>Samples on which costs that depend on data are counted.</summary>
    public int CostSamples => options.CostSamples;

    /// <summary>Samples on which the noise of each layer is measured.</summary>
    public int NoiseSamples => options.NoiseSamples;

    /// <summary>Samples evaluated.</summary>
    public int Samples => _count;

    /// <summary>The dot-product layers of the fp32 network, batch norms folded.</summary>
    public IReadOnlyList<Lowering.DotProductLayer> Layers => _layers ??= LayerList.Of(Task.Network);

    /// <summary>Runs a recipe over the data and scores it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="UserErrorException">The recipe does not fit the network, or the data do not.</exception>
    public RecipeOutcome Run(Recipe recipe, Action<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        => Run(recipe, Apply(recipe, cancellation), progress, cancellation);

    /// <summary>Runs what a recipe made of the network over the data and scores it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">What it makes of the task's network.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="UserErrorException">The data do not fit the network.</exception>
    public RecipeOutcome Run(Recipe recipe, LowBitNetwork network, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var isBaseline = recipe.Steps.Count == 0;
        if (!isBaseline) Baseline(null, cancellation);
        var run = isBaseline ? Baseline(progress, cancellation) : Execute(network, progress, cancellation);
        var (noise, costs) = (MeasureNoise(network, cancellation), CountCosts(network, cancellation));
        return new RecipeOutcome(Score(recipe, network, run, noise, costs), network, run);
    }

    /// <summary>The document that a verb writes.</summary>
    /// <param name="schema">Schema name and version.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="results">Results.</param>
    /// <returns>The document.</returns>
    public ResultDocument Document(string schema, int seed, IReadOnlyList<RecipeResult> results) => new()
    {
        Schema = schema,
        Seed = seed,
        Model = new ModelDescription(Path.GetFileName(Task.ModelFile), Task.ModelSha256, Layers.Sum(layer => layer.Macs), Task.Network.Parameters, Task.Preprocessing.ToString()),
        Data = new DataDescription(Task.Data.Spec, Task.Data.Split, _count, Task.Data.Sha256),
        Calibration = Task.Calibration is null ? null : new CalibrationDescription(Task.Calibration.Spec, Math.Min(Task.CalibrationCount, Task.Calibration.Count), Task.Calibration.Sha256, Task.CalibrationOverlap),
        Machine = MachineDescription.Of(options.Threads),
        Results = results,
    };

    /// <summary>The fp32 network over the data, run once.</summary>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Its outputs.</returns>
    public NetworkRun Baseline(Action<EvaluationProgress>? progress, CancellationToken cancellation)
        => _baseline ??= Execute(Recipe.Float.Apply(Task.Network, null, cancellation), progress, cancellation);

    /// <summary>Applies a recipe to the network, with the task's calibration samples.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The low-bit network.</returns>
    public LowBitNetwork Apply(Recipe recipe, CancellationToken cancellation = default) => recipe.Apply(Task.Network, _calibrator, cancellation);

    /// <summary>Runs a network over the task's samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Its outputs.</returns>
    /// <exception cref="UserErrorException">The labels do not fit the network's outputs.</exception>
    public NetworkRun Execute(LowBitNetwork network, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        if (_labels is null && Task.Data.HasLabels)
        {
            Task.Data.CheckLabels(Task.OutputLength, Task.Network.Name);
            _labels = [.. Enumerable.Range(0, _count).Select(Task.Data.Label)];
        }

        if (Task.IsText) return TokenRun.Execute(network, Task.Data, _count, options.Threads, progress, cancellation);
        return NetworkRun.Execute(network, Task.Samples, _count, options.Threads, progress, cancellation);
    }

    private Dictionary<string, LayerNoiseSample> MeasureNoise(LowBitNetwork network, CancellationToken cancellation)
    {
        var total = new Dictionary<string, LayerNoiseSample>(StringComparer.Ordinal);
        if (network.Layers.Count == 0 || options.NoiseSamples == 0) return total;
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false });
        var samples = new IReadOnlyDictionary<string, LayerNoiseSample>[Math.Min(options.NoiseSamples, _count)];
        var next = -1;
        Threading.Run(options.Threads, () =>
        {
            var frame = new ExecutionFrame(plan);
            var noise = new LayerNoise(plan);
            for (var sample = Interlocked.Increment(ref next); sample < samples.Length && !cancellation.IsCancellationRequested; sample = Interlocked.Increment(ref next))
            {
                frame.Read(Task.Samples, sample);
                frame.Run(noise);
                samples[sample] = new Dictionary<string, LayerNoiseSample>(noise.Sample, StringComparer.Ordinal);
            }
        });
        cancellation.ThrowIfCancellationRequested();
        // Added in sample order, so that the sums do not depend on which thread ran which sample.
        foreach (var (name, layer) in samples.SelectMany(sample => sample)) total[name] = total.GetValueOrDefault(name) + layer;
        return total;
    }

    /// <summary>Counts what each layer costs, on a few of the task's samples where that depends on data.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <param name="masks">Told what predictions skip, or null.</param>
    /// <returns>Names and costs for one sample, in execution order.</returns>
    public IReadOnlyList<(string Name, LayerCost Cost)> CountCosts(LowBitNetwork network, CancellationToken cancellation, IMaskObserver? masks = null)
    {
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false });
        var costs = new LayerCosts(plan, Layers, masks);
        var samples = costs.NeedsSamples ? Math.Min(options.CostSamples, _count) : 0;
        if (samples == 0) return costs.Count(0);
        var frame = new ExecutionFrame(plan);
        for (var sample = 0; sample < samples; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            frame.Read(Task.Samples, sample);
            frame.Run(costs);
        }

        return costs.Count(samples);
    }

    private RecipeResult Score(Recipe recipe, LowBitNetwork network, NetworkRun run, Dictionary<string, LayerNoiseSample> noise, IReadOnlyList<(string Name, LayerCost Cost)> costs)
    {
        var baseline = _baseline!;
        var agreement = Scores.Agreement(baseline, run);
        var hits = _labels is null ? [.. Enumerable.Range(0, run.Samples).Select(sample => run.Prediction(sample) == baseline.Prediction(sample))] : Scores.Hits(run, _labels);
        var baselineHits = _labels is null ? [.. Enumerable.Repeat(true, run.Samples)] : Scores.Hits(baseline, _labels);
        var correct = hits.Count(hit => hit);
        double Share(IEnumerable<bool> right) => right.Count(hit => hit) / (double)Math.Max(1, run.Samples);
        var (low, high) = run.Tokens is { } tokens ? Perplexity.Interval95(tokens.Losses) : Scores.Interval95(correct, run.Samples);
        return new RecipeResult
        {
            Recipe = recipe.Text,
            CanonicalRecipe = recipe.Canonical,
            Metric = run.Tokens is not null ? MetricNames.Perplexity : _labels is null ? MetricNames.Agreement : MetricNames.Top1,
            Value = run.Tokens is null ? Share(hits) : Perplexity.Of(run.Tokens.Losses),
            Correct = correct,
            Confidence95 = [low, high],
            Top5 = _labels is not null && run.Tokens is null && run.OutputLength > 10 ? Share(Scores.Hits(run, _labels, 5)) : null,
            Baseline = baseline.Tokens is null ? Share(baselineHits) : Perplexity.Of(baseline.Tokens.Losses),
            Flips = Scores.Compare(baselineHits, hits),
            Samples = run.Samples,
            Agreement = agreement,
            MeanSquaredError = Scores.MeanSquaredError(baseline, run),
            Cost = Cost(LayerCost.Sum(costs.Select(layer => layer.Cost))),
            Layers = [.. costs.Select(layer => Layer(layer.Name, layer.Cost, network, noise))],
            Seconds = run.Seconds,
            SamplesPerSecond = run.Samples / Math.Max(1e-9, run.Seconds),
        };
    }

    private static CostResult Cost(LayerCost cost)
        => new(cost.Macs, cost.Operations, cost.Cycles, cost.EnergyPicojoules, cost.WeightBits, cost.ActivationBits, cost.WeightBytes);

    private LayerResult Layer(string name, LayerCost cost, LowBitNetwork network, Dictionary<string, LayerNoiseSample> noise)
    {
        var layer = Layers.First(candidate => candidate.Name == name);
        var lowered = network.Layers.GetValueOrDefault(name);
        var measured = noise.GetValueOrDefault(name);
        var decibels = measured.SignalToNoiseDecibels;
        return new LayerResult(
            name,
            layer.Kind.ToString(),
            layer.Positions,
            layer.Outputs,
            layer.Depth,
            layer.Macs,
            lowered?.Method ?? "fp32",
            double.IsFinite(decibels) ? decibels : null,
            measured.Signal == 0 ? 0 : measured.Noise / measured.Signal,
            measured.Inputs == 0 ? 0 : measured.Saturated / (double)measured.Inputs,
            cost.WeightBits,
            cost.Cycles,
            cost.EnergyPicojoules,
            lowered?.Note);
    }
}

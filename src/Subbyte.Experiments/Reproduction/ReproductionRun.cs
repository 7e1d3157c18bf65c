using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Experiments.Reproduction.Statistics;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Runs the experiments of a paper; results that the store holds are taken from it.</summary>
/// <param name="list">The experiments.</param>
/// <param name="store">Where results are kept.</param>
/// <param name="threads">Worker threads.</param>
public sealed class ReproductionRun(ExperimentList list, ResultStore store, int threads)
{
    private readonly Dictionary<Bench, Workbench> _workbenches = [];
    private readonly TrainedNetworks _trained = new(store, threads);

    /// <summary>Runs the experiments.</summary>
    /// <param name="name">Name of the paper.</param>
    /// <param name="quick">Whether only the quick ones are run.</param>
    /// <param name="step">Told of each experiment; gives what is told of its progress, or null.</param>
    /// <param name="cancellation">Ends the run after the last figure that is complete.</param>
    /// <returns>The figures.</returns>
    public ReproductionDocument Execute(string name, bool quick, Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        var figures = new List<ReproducedFigure>();
        foreach (var experiment in list.Experiments.Where(experiment => !quick || experiment.Quick))
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                figures.Add(Run(experiment, step(experiment.Name), cancellation));
            }
            catch (OperationCanceledException) when (figures.Count > 0)
            {
                break;
            }
        }

        return new ReproductionDocument(name, list.Title, figures);
    }

    private ReproducedFigure Run(Experiment experiment, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        if (experiment.Missing is { } reason) return Figure(experiment, null, Verdict.Skipped, reason);
        if (experiment.Statistic is { } statistic) return Judge(experiment, DrawnStatistics.Value(statistic));
        Workbench workbench;
        try
        {
            if (experiment.Train is not null) return Trained(experiment, progress, cancellation);
            workbench = Open(experiment);
        }
        catch (UserErrorException missing)
        {
            return Figure(experiment, null, Verdict.Skipped, $"{missing.Message} (docs/reproducing.md says where networks and data come from)");
        }

        return Judge(experiment, experiment.Swept.Average(one => new Measurement(one, workbench, store, progress, cancellation).Value()));
    }

    /// <summary>The mean over seeds of what the recipe's network measures, less that of the other's, over that of the third's; and its spread.</summary>
    private ReproducedFigure Trained(Experiment experiment, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        int[] seeds = [.. Enumerable.Range(1, experiment.Seeds ?? 1)];
        var values = Each(one => one.Recipe);
        if (experiment.Against is not null) values = [.. values.Zip(Each(one => one.Against!), (value, zero) => value - zero)];
        if (experiment.Over is null) return Judge(experiment, values.Average(), Spread(values));
        var whole = Each(one => one.Over!).Average() - (experiment.Against is null ? 0 : Each(one => one.Against!).Average());
        return Judge(experiment, values.Average() / whole);

        // One figure a seed, the mean over what is swept.
        double[] Each(Func<Experiment, string> recipe) => [.. seeds.Select(seed => experiment.Swept.Average(one => Value(recipe(one), seed)))];

        double Value(string recipe, int seed)
        {
            var (method, applied) = TrainedNetworks.Parts(recipe);
            var value = Measured(applied);
            return experiment.RelativeTo is { } start ? value - Measured(start) : value;

            double Measured(string text)
            {
                var single = experiment with { Recipe = text, Against = null, Over = null, Sweep = [] };
                return new Measurement(single, _trained.Bench(experiment, method, seed, cancellation), store, progress, cancellation).Value();
            }
        }
    }

    /// <summary>The standard deviation of a figure's seeds, n − 1 in the denominator; null for one seed.</summary>
    private static double? Spread(double[] values)
    {
        if (values.Length < 2) return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static ReproducedFigure Judge(Experiment experiment, double here, double? spread = null)
    {
        var verdict = experiment.Judge(here);
        return Figure(experiment, here, verdict, verdict == Verdict.Deviates ? experiment.Deviation : null) with { Spread = spread };
    }

    private static ReproducedFigure Figure(Experiment experiment, double? here, Verdict verdict, string? reason)
        => new(experiment.Name, experiment.Group, experiment.Formula, experiment.Measured, experiment.Expected ?? experiment.AtLeast ?? experiment.AtMost, experiment.AtLeast, experiment.AtMost, experiment.Wanted, here, experiment.Margin, verdict, reason);

    private Workbench Open(Experiment experiment)
    {
        var samples = experiment.CalibrationSamples ?? Calibrator.DefaultSamples;
        var key = new Bench(experiment.Workload ?? "", experiment.Calibrate, experiment.CalibrationRecords, samples, experiment.Limit, experiment.CostSamples);
        if (_workbenches.TryGetValue(key, out var known)) return known;
        var workload = Workload.Find(key.Workload);
        var task = EvaluationTask.Load(workload.ModelPath, workload.FindPreprocessing(), workload.OpenData(), Calibration(workload, key), samples);
        // Nothing here asks for the noise that each layer adds.
        var options = new EvaluationOptions { Threads = threads, Limit = key.Limit, NoiseSamples = 0 };
        return _workbenches[key] = new Workbench(task, key.CostSamples is { } count ? options with { CostSamples = count } : options);
    }

    private static DataSet? Calibration(Workload workload, Bench key)
    {
        if ((key.Calibrate ?? workload.Calibrate) is not { } spec) return null;
        var records = key.Records is { } chosen ? $"{(spec.Contains('#', StringComparison.Ordinal) ? ':' : '#')}{chosen}" : "";
        return DataSpec.Open(spec + records, workload.BaseFolder, workload.ModelPath);
    }

    private sealed record Bench(string Workload, string? Calibrate, string? Records, int CalibrationSamples, int? Limit, int? CostSamples);
}

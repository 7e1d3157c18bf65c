using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Methods;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Runs the experiments of a paper; results that the store holds are taken from it.</summary>
/// <param name="list">The experiments.</param>
/// <param name="store">Where results are kept.</param>
/// <param name="threads">Worker threads.</param>
public sealed class ReproductionRun(ExperimentList list, ResultStore store, int threads)
{
    private readonly Dictionary<(string Workload, string? Records, int? Limit), Workbench> _workbenches = [];

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
        Workbench workbench;
        try
        {
            workbench = Open(experiment);
        }
        catch (UserErrorException missing)
        {
            return Figure(experiment, null, Verdict.Skipped, missing.Message);
        }

        var here = Value(experiment, store.Get(workbench, Recipe.Parse(experiment.Recipe), progress, cancellation));
        if (experiment.Against is { } against) here -= Value(experiment, store.Get(workbench, Recipe.Parse(against), progress, cancellation));
        var verdict = experiment.Judge(here);
        return Figure(experiment, here, verdict, verdict == Verdict.Deviates ? experiment.Deviation : null);
    }

    private static ReproducedFigure Figure(Experiment experiment, double? here, Verdict verdict, string? reason)
        => new(experiment.Name, experiment.Against is null ? experiment.Recipe : $"{experiment.Recipe}  −  {experiment.Against}", experiment.Operation ?? experiment.Measure.ToString().ToLowerInvariant(), experiment.Expected ?? experiment.AtLeast ?? experiment.AtMost, experiment.Wanted, here, experiment.Tolerance, verdict, reason);

    private Workbench Open(Experiment experiment)
    {
        var key = (experiment.Workload, experiment.CalibrationRecords, experiment.Limit);
        if (_workbenches.TryGetValue(key, out var known)) return known;
        var workload = Workload.Find(experiment.Workload);
        var task = EvaluationTask.Load(workload.ModelPath, workload.FindPreprocessing(), workload.OpenData(), Calibration(workload, experiment.CalibrationRecords), list.CalibrationSamples);
        return _workbenches[key] = new Workbench(task, new EvaluationOptions { Threads = threads, Limit = experiment.Limit });
    }

    private static DataSet? Calibration(Workload workload, string? records)
        => records is null || workload.Calibrate is not { } spec
            ? workload.OpenCalibration()
            : DataSpec.Open($"{spec}{(spec.Contains('#', StringComparison.Ordinal) ? ':' : '#')}{records}", workload.BaseFolder, workload.ModelPath);

    private static double Value(Experiment experiment, RecipeResult result) => experiment.Measure switch
    {
        Measure.Correct => result.Correct,
        Measure.Top1 => 100 * result.Value,
        Measure.Agreement => 100 * result.Agreement,
        Measure.Cycles => result.Cost.Cycles,
        _ => result.Cost.Operations.TryGetValue(experiment.Operation ?? "", out var count)
            ? count
            : throw new UserErrorException($"experiment '{experiment.Name}': recipe '{experiment.Recipe}' counts no operation '{experiment.Operation}', but {string.Join(", ", result.Cost.Operations.Keys)}"),
    };
}

using Subbyte.Data;

namespace Subbyte.Experiments.Search;

/// <summary>
/// The samples of a search: some calibrate, others decide, and others again are reported, once, at the end. Samples that decide are never
/// reported.
/// </summary>
/// <param name="Deciding">The network on the samples that decide.</param>
/// <param name="Reported">The network on the samples that are reported.</param>
/// <param name="Remark">How the samples were divided, in words.</param>
public sealed record SearchTask(EvaluationTask Deciding, EvaluationTask Reported, string Remark)
{
    // About what two cores emulate in three minutes.
    private const double Work = 6e12;
    private const int TypicalTrials = 150;
    private const int FewestSamples = 100;
    private const int MostSamples = 2000;

    /// <summary>Divides the samples of a task: where no data are named to decide, the last calibration samples do, and the others calibrate.</summary>
    /// <param name="task">Network, data to report, calibration data.</param>
    /// <param name="decide">Data that decide, or null.</param>
    /// <param name="samples">Samples that decide (of a text, words of each of its streams); null for as many as the network's size suggests.</param>
    /// <returns>The divided task.</returns>
    /// <exception cref="UserErrorException">There is no calibration data, too little of it, or samples that decide would be reported too.</exception>
    public static SearchTask Of(EvaluationTask task, DataSet? decide, int? samples)
    {
        var pool = task.Calibration ?? throw new UserErrorException("a search needs samples that calibrate and decide; name some with --calibrate");
        var streams = task.StepSamples;
        var wanted = samples ?? DefaultSamples(task);
        var deciding = decide is null ? Last(pool, wanted, streams) : decide.Slice(0, Math.Min(wanted * streams, decide.Count));
        var calibrating = decide is null ? pool.Slice(0, pool.Count - deciding.Count) : pool;
        var shared = deciding.CountSharedSamples(task.Data);
        if (shared == deciding.Count || (shared > 0 && task.IsText))
            throw new UserErrorException($"{shared} of the {deciding.Count} samples that decide are among those that are reported ({task.Data.Spec}); name other ones with --data, --calibrate or --decide, for example {task.Data.Spec.Split('#')[0]}#0-499 and #500-999");
        if (shared > 0) deciding = deciding.Without(task.Data);
        var count = task.CalibrationCount / streams;
        var (first, second) = (task.On(deciding, calibrating, count), task.On(task.Data, calibrating, count));
        return new SearchTask(first, second, $"{first.CalibrationCount} samples calibrate ({calibrating.Spec}), {deciding.Count} decide ({deciding.Spec}{(decide is null ? ", its last ones" : "")}), none of which is reported{(shared > 0 ? $" ({shared} more were, and are left out)" : "")}");
    }

    private static DataSet Last(DataSet pool, int wanted, int streams)
    {
        var steps = pool.Count / streams;
        if (steps < 2) throw new UserErrorException($"{pool.Spec} has {pool.Count} samples, and a search needs some that calibrate and others that decide; name more with --calibrate");
        var deciding = Math.Min(wanted, Math.Max(1, steps * 2 / 3));
        return pool.Slice((steps - deciding) * streams, deciding * streams);
    }

    private static int DefaultSamples(EvaluationTask task)
    {
        var macs = Math.Max(1.0, LayerList.Of(task.Network).Sum(layer => (double)layer.Macs));
        return (int)Math.Clamp(Work / TypicalTrials / macs / task.StepSamples, FewestSamples, MostSamples);
    }
}

using System.CommandLine;
using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Experiments;
using Subbyte.Networks;

namespace Subbyte.Cli;

/// <summary>Options that name a network and its data, given one by one or by a workload.</summary>
internal sealed class TaskOptions
{
    private const string ModelText = "the ONNX file, or a word language model's .npz";

    private readonly Option<string?> _from = new("--from") { Description = ModelText, HelpName = "MODEL" };
    private readonly Argument<string?> _model = new("MODEL") { Description = ModelText, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _data = new("--data") { Description = "data to evaluate, such as cifar10:PATH#test, mnist:DIR, images:DIR, wikitext:DIR#valid, set:FILE.yaml, npz:FILE or glyphs", HelpName = "DATA" };
    private readonly Option<string?> _calibrate = new("--calibrate") { Description = "data that methods may look at; never the evaluated set", HelpName = "DATA" };
    private readonly Option<int> _calibrationSamples = new("--calibration-samples") { Description = "calibration samples used; of a text, words of each of its streams", DefaultValueFactory = _ => Calibration.Calibrator.DefaultSamples, HelpName = "N" };
    private readonly Option<string?> _preprocess = new("--preprocess") { Description = "how raw values become inputs: order=RGB,scale=…,mean=a/b/c,std=a/b/c; for photos also resize=N,crop=N", HelpName = "TEXT" };
    private readonly Option<string?> _workload = new("--workload") { Description = "a workload file or the name of a built-in one, instead of MODEL and --data", HelpName = "FILE|NAME" };
    private readonly Option<int?> _limit = new("--limit") { Description = "only the first N samples; of a text, the first N words of each of its streams", HelpName = "N" };

    /// <summary>Whether the network is named by an option, <c>--from</c>, because the verb's argument is something else.</summary>
    public bool ModelIsOption { get; init; }

    /// <summary>Whether calibration data may stand for the data to evaluate.</summary>
    public bool DataIsOptional { get; init; }

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        if (ModelIsOption) verb.Options.Add(_from);
        else verb.Arguments.Add(_model);
        foreach (var option in new Option[] { _data, _calibrate, _calibrationSamples, _preprocess, _workload, _limit }) verb.Options.Add(option);
    }

    /// <summary>Whether the command line names a network at all.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>False when the embedded default is meant.</returns>
    public bool NamesModel(ParseResult parsed) => Model(parsed) is not null || parsed.GetValue(_workload) is not null;

    /// <summary>Whether the command line names data.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>False when there is a network alone.</returns>
    public bool NamesData(ParseResult parsed) => parsed.GetValue(_data) is not null || parsed.GetValue(_workload) is not null;

    /// <summary>The network's file.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Its path, or null when a workload names it or nothing does.</returns>
    public string? Model(ParseResult parsed) => ModelIsOption ? parsed.GetValue(_from) : parsed.GetValue(_model);

    /// <summary>The limit on samples.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The limit, or null.</returns>
    public int? Limit(ParseResult parsed)
    {
        var limit = parsed.GetValue(_limit);
        return limit is < 1 ? throw new UserErrorException($"--limit must be at least 1, not {limit}") : limit;
    }

    /// <summary>Loads the network and opens the data.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="common">Common options.</param>
    /// <param name="needsCalibration">Whether some recipe looks at calibration data.</param>
    /// <returns>The task.</returns>
    /// <exception cref="UserErrorException">Something is missing or does not fit.</exception>
    public EvaluationTask Load(ParseResult parsed, CommonValues common, bool needsCalibration)
    {
        var workload = parsed.GetValue(_workload) is { } name ? Workload.Find(name) : null;
        var model = Model(parsed) ?? workload?.ModelPath ?? throw new UserErrorException("no network: give MODEL and --data, or --workload");
        var spec = parsed.GetValue(_data) ?? workload?.Data ?? (DataIsOptional ? parsed.GetValue(_calibrate) : null) ?? throw new UserErrorException("no data: give --data (such as cifar10:PATH, mnist:DIR, set:FILE.yaml) or --workload");
        var preprocessing = parsed.GetValue(_preprocess) is { } text ? Preprocessing.Parse(text) : workload?.FindPreprocessing();
        var count = parsed.GetValue(_calibrationSamples);
        if (count < 1) throw new UserErrorException($"--calibration-samples must be at least 1, not {count}");
        var data = DataSpec.Open(spec, workload?.BaseFolder, model);
        var calibration = needsCalibration ? OpenCalibration(parsed.GetValue(_calibrate) ?? workload?.Calibrate, spec, workload?.BaseFolder, model, common) : null;
        var task = EvaluationTask.Load(model, preprocessing, data, calibration, count);
        if (task.CalibrationOverlap > 0 && !DataIsOptional)
        {
            common.Remark(workload?.StatesOverlap == true
                ? $"note: {task.CalibrationOverlap} calibration samples are evaluated too, as the workload states"
                : $"warning: {task.CalibrationOverlap} calibration samples are evaluated too, which flatters the result; calibrate on other records, for example the training split");
        }

        return task;
    }

    /// <summary>Opens data beside those of <see cref="Load"/>, found as they are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="spec">The data.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="UserErrorException">The data cannot be opened.</exception>
    public DataSet Open(ParseResult parsed, string spec)
    {
        var workload = parsed.GetValue(_workload) is { } name ? Workload.Find(name) : null;
        return DataSpec.Open(spec, workload?.BaseFolder, parsed.GetValue(_model) ?? workload?.ModelPath);
    }

    private static DataSet OpenCalibration(string? given, string data, string? folder, string model, CommonValues common)
    {
        if (given is not null) return DataSpec.Open(given, folder, model);
        var train = data.Split('#')[0] + "#train";
        try
        {
            var set = DataSpec.Open(train, folder, model);
            common.Remark($"calibration: {train} (give --calibrate to choose)");
            return set;
        }
        catch (UserErrorException failure)
        {
            throw new UserErrorException($"the recipes need calibration data, and {train} cannot be used: {failure.Message}; give --calibrate DATA", failure);
        }
    }
}

using System.Text.Json.Serialization;
using Subbyte.Data;

namespace Subbyte.Experiments;

/// <summary>How packed networks are evaluated.</summary>
/// <param name="Threads">Worker threads.</param>
/// <param name="Limit">Only so many samples, or null.</param>
/// <param name="Top">Classes kept of each sample.</param>
public sealed record PackedEvaluationOptions(int Threads, int? Limit, int Top);

/// <summary>The largest outputs of a sample.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Label">Its label, where there are labels.</param>
/// <param name="Classes">Classes, largest output first; the lower class on ties.</param>
/// <param name="Outputs">Their outputs.</param>
public sealed record PackedPrediction(int Sample, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Label, IReadOnlyList<int> Classes, IReadOnlyList<float> Outputs);

/// <summary>A row of the CSV table.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Label">Its label, or null.</param>
/// <param name="Rank">1 for the largest output.</param>
/// <param name="Class">The class.</param>
/// <param name="Output">Its output.</param>
public sealed record PackedRow(int Sample, int? Label, int Rank, int Class, float Output);

/// <summary>The packed network that was run.</summary>
/// <param name="File">Its file.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Bytes of the file.</param>
/// <param name="Macs">Multiply-accumulates a sample.</param>
public sealed record PackedModelDescription(string File, string Sha256, string Name, long Bytes, long Macs);

/// <summary>What came out.</summary>
/// <param name="Recipe">The recipe that the file says.</param>
/// <param name="CanonicalRecipe">The same.</param>
/// <param name="Metric"><c>top1</c>, or <c>none</c> without labels.</param>
/// <param name="Value">A fraction, or null without labels.</param>
/// <param name="Correct">Samples that were right.</param>
/// <param name="Confidence95">95 % interval of the value.</param>
/// <param name="Samples">Samples.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="SamplesPerSecond">Samples a second.</param>
/// <param name="Predictions">The largest outputs of each sample.</param>
public sealed record PackedResult(string? Recipe, string? CanonicalRecipe, string Metric, double? Value, int? Correct, double[]? Confidence95, int Samples, double Seconds, double SamplesPerSecond, IReadOnlyList<PackedPrediction> Predictions);

/// <summary>What <c>subbyte run</c> writes.</summary>
public sealed record PackedEvaluation
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.run/1";

    /// <summary>Version of Subbyte.</summary>
    public string Version { get; } = typeof(PackedEvaluation).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The network.</summary>
    public required PackedModelDescription Model { get; init; }

    /// <summary>The data.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>The one result.</summary>
    public required IReadOnlyList<PackedResult> Results { get; init; }

    /// <summary>Runs a packed network over data.</summary>
    /// <param name="model">The network.</param>
    /// <param name="data">The data.</param>
    /// <param name="preprocess">How raw values become inputs, or null for what the file says.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The document.</returns>
    /// <exception cref="UserErrorException">The data do not fit.</exception>
    public static PackedEvaluation Run(PackedModel model, DataSet data, string? preprocess, PackedEvaluationOptions options, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        if (data.Streams > 0) throw new UserErrorException($"{data.Spec} is a text; packed networks take samples that stand alone");
        var network = model.Network;
        var samples = PreprocessedSamples.Fit(data, model.Preprocessing(preprocess), network.Values[network.Input].Dimensions.ToArray(), network.Name);
        var count = Math.Min(options.Limit ?? int.MaxValue, data.Count);
        if (data.HasLabels) data.CheckLabels(network.Values[network.Output].Length, network.Name);
        int[]? labels = data.HasLabels ? [.. Enumerable.Range(0, count).Select(data.Label)] : null;
        var run = PackedRun.Execute(model, samples, count, options.Threads, progress, cancellation);
        int? correct = labels is null ? null : Scores.Hits(run, labels).Count(hit => hit);
        var interval = correct is null ? default : Scores.Interval95(correct.Value, run.Samples);
        var recipe = network.Metadata.GetValueOrDefault(PackedModel.RecipeKey);
        return new PackedEvaluation
        {
            Model = new PackedModelDescription(Path.GetFileName(model.Path), model.Sha256, network.Name, model.Bytes, network.Steps.Sum(step => step.Macs)),
            Data = new DataDescription(data.Spec, data.Split, count, data.Sha256),
            Machine = MachineDescription.Of(options.Threads),
            Results =
            [
                new PackedResult(
                    recipe,
                    recipe,
                    labels is null ? "none" : MetricNames.Top1,
                    correct / (double)Math.Max(1, run.Samples),
                    correct,
                    correct is null ? null : [interval.Low, interval.High],
                    run.Samples,
                    run.Seconds,
                    run.Samples / Math.Max(1e-9, run.Seconds),
                    [.. Enumerable.Range(0, run.Samples).Select(sample => Prediction(run, sample, labels?[sample], options.Top))]),
            ],
        };
    }

    /// <summary>The predictions as rows of a table.</summary>
    /// <returns>A row a class.</returns>
    public IEnumerable<PackedRow> Rows()
        => Results.SelectMany(result => result.Predictions).SelectMany(prediction => prediction.Classes.Select((c, rank) => new PackedRow(prediction.Sample, prediction.Label, rank + 1, c, prediction.Outputs[rank])));

    private static PackedPrediction Prediction(NetworkRun run, int sample, int? label, int top)
    {
        var output = run.Output(sample).ToArray();
        int[] classes = [.. Enumerable.Range(0, output.Length).OrderByDescending(c => output[c]).Take(top)];
        return new PackedPrediction(sample, label, classes, [.. classes.Select(c => output[c])]);
    }
}

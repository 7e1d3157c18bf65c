using System.Text.Json.Serialization;
using Subbyte.Data;
using Subbyte.Experiments.Language;

namespace Subbyte.Experiments;

/// <summary>How packed networks are evaluated.</summary>
/// <param name="Threads">Worker threads.</param>
/// <param name="Limit">Only so many samples, or null.</param>
/// <param name="Top">Classes kept of each sample.</param>
public sealed record PackedEvaluationOptions(int Threads, int? Limit, int Top);

/// <summary>The largest outputs of a sample.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="File">Its file, where each sample is one of its own.</param>
/// <param name="Label">Its label, where there are labels.</param>
/// <param name="Classes">Classes, largest output first; the lower class on ties.</param>
/// <param name="Outputs">Their outputs.</param>
public sealed record PackedPrediction(int Sample, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Label, IReadOnlyList<int> Classes, IReadOnlyList<float> Outputs);

/// <summary>A row of the CSV table.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="File">Its file, or null.</param>
/// <param name="Label">Its label, or null.</param>
/// <param name="Rank">1 for the largest output.</param>
/// <param name="Class">The class.</param>
/// <param name="Output">Its output.</param>
public sealed record PackedRow(int Sample, string? File, int? Label, int Rank, int Class, float Output);

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
/// <param name="Metric"><c>top1</c>, of a text <c>perplexity</c>, or <c>none</c> without labels.</param>
/// <param name="Value">A fraction, of a text its perplexity, or null without labels.</param>
/// <param name="Correct">Samples that were right; of a text, words that were thought likeliest.</param>
/// <param name="Confidence95">95 % interval of the value.</param>
/// <param name="Samples">Samples.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="SamplesPerSecond">Samples a second.</param>
/// <param name="Predictions">The largest outputs of each sample; of a text, those of its beginning.</param>
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
        var count = (int)Math.Min((options.Limit ?? int.MaxValue) * (long)Math.Max(1, data.Streams), data.Count);
        var run = data.Streams > 0 ? RunText(model, data, count, options.Threads, progress, cancellation) : RunSamples(model, data, preprocess, count, options.Threads, progress, cancellation);
        int[]? labels = data.HasLabels ? [.. Enumerable.Range(0, count).Select(data.Label)] : null;
        var network = model.Network;
        return new PackedEvaluation
        {
            Model = new PackedModelDescription(Path.GetFileName(model.Path), model.Sha256, network.Name, model.Bytes, network.Steps.Sum(step => step.Macs)),
            Data = new DataDescription(data.Spec, data.Split, count, data.Sha256),
            Machine = MachineDescription.Of(options.Threads),
            Results = [Score(network.Metadata.GetValueOrDefault(PackedModel.RecipeKey), run, data, labels, options.Top)],
        };
    }

    /// <summary>The predictions as rows of a table.</summary>
    /// <returns>A row a class.</returns>
    public IEnumerable<PackedRow> Rows()
        => Results.SelectMany(result => result.Predictions).SelectMany(prediction => prediction.Classes.Select((c, rank) => new PackedRow(prediction.Sample, prediction.File, prediction.Label, rank + 1, c, prediction.Outputs[rank])));

    private static NetworkRun RunSamples(PackedModel model, DataSet data, string? preprocess, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var network = model.Network;
        if (network.States.Count > 0) throw new UserErrorException($"'{network.Name}' carries a state from run to run, {data.Spec} is no text; give wikitext:DIR");
        var samples = PreprocessedSamples.Fit(data, model.Preprocessing(preprocess), network.Values[network.Input].Dimensions.ToArray(), network.Name);
        if (data.HasLabels) data.CheckLabels(network.Values[network.Output].Length, network.Name);
        return PackedRun.Execute(model, samples, count, threads, progress, cancellation);
    }

    private static NetworkRun RunText(PackedModel model, DataSet data, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var network = model.Network;
        var (input, output) = (network.Values[network.Input].Length, network.Values[network.Output].Length);
        if (!network.TakesNumbers || input != 1) throw new UserErrorException($"{data.Spec} is a text, '{network.Name}' takes {input} values a run and no words; give the data that the network was made for");
        if (output != data.ClassCount) throw new UserErrorException($"'{network.Name}' gives {output} values for a word, the vocabulary has {data.ClassCount} words; give the vocabulary that the network was trained with");
        using var session = model.Open(new Runtime.SessionOptions { ConcurrentRuns = threads });
        return TokenRun.Execute((first, streams) => new PackedStreams(session, data, first, streams), data, count, threads, progress, cancellation);
    }

    private static PackedResult Score(string? recipe, NetworkRun run, DataSet data, int[]? labels, int top)
    {
        int? correct = labels is null ? null : Scores.Hits(run, labels).Count(hit => hit);
        (double Low, double High)? interval = run.Tokens is { } tokens ? Perplexity.Interval95(tokens.Losses) : correct is { } right ? Scores.Interval95(right, run.Samples) : null;
        return new PackedResult(
            recipe,
            recipe,
            run.Tokens is not null ? MetricNames.Perplexity : labels is null ? "none" : MetricNames.Top1,
            run.Tokens is not null ? Perplexity.Of(run.Tokens.Losses) : correct / (double)Math.Max(1, run.Samples),
            correct,
            interval is { } ends ? [ends.Low, ends.High] : null,
            run.Samples,
            run.Seconds,
            run.Samples / Math.Max(1e-9, run.Seconds),
            [.. Enumerable.Range(0, run.OutputLength == 0 ? 0 : run.Outputs.Length / run.OutputLength).Select(sample => Prediction(run, sample, data.File(sample), labels?[sample], top))]);
    }

    private static PackedPrediction Prediction(NetworkRun run, int sample, string? file, int? label, int top)
    {
        var output = run.Output(sample).ToArray();
        int[] classes = [.. Enumerable.Range(0, output.Length).OrderByDescending(c => output[c]).Take(top)];
        return new PackedPrediction(sample, file, label, classes, [.. classes.Select(c => output[c])]);
    }
}

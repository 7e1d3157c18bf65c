using System.CommandLine;
using Subbyte.Data;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte run</c>: a packed network on data.</summary>
internal static class RunVerb
{
    private const int MostTop = 1000;

    private const string Description = """
        Runs a packed network (.subbyte) on data: a set with labels is scored, photos and unlabelled data get their top classes, a text its
        perplexity. --csv writes the classes of every sample (of a text, of its beginning).

        Examples:
          subbyte run resnet20.subbyte --data cifar10:data/cifar10#test --json result.json
          subbyte run mobilenet.subbyte --data photos --top 5 --csv classes.csv
          subbyte run mobilenet.subbyte --data cat.jpg --top 5
          subbyte run words.subbyte --data wikitext:data/wikitext-2,vocab=words.vocab.txt#valid
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var file = new Argument<string>("FILE") { Description = "the .subbyte file" };
        var data = new Option<string>("--data") { Description = "data to run on, such as cifar10:PATH#test, mnist:DIR, images:DIR, npz:FILE, a folder of photos, or one photo", Required = true, HelpName = "DATA" };
        var preprocess = new Option<string?>("--preprocess") { Description = "how raw values become inputs; the file says it otherwise", HelpName = "TEXT" };
        var limit = new Option<int?>("--limit") { Description = "only the first N samples; of a text, the first N words of each of its streams", HelpName = "N" };
        var top = new Option<int>("--top") { Description = "classes a sample in the CSV table", DefaultValueFactory = _ => 1, HelpName = "K" };
        var verb = new Command("run", Description) { file, data, preprocess, limit, top };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var classes = parsed.GetValue(top);
            if (classes is < 1 or > MostTop) throw new UserErrorException($"--top must lie in 1..{MostTop}, not {classes}");
            if (parsed.GetValue(limit) is < 1) throw new UserErrorException($"--limit must be at least 1, not {parsed.GetValue(limit)}");
            var model = PackedModel.Load(parsed.GetValue(file)!);
            var given = parsed.GetValue(data)!;
            var set = DataSpec.Open(IsPath(given) ? $"images:{given}" : given, null, model.Path);
            var document = Terminal.WithProgress(values.Quiet, step => PackedEvaluation.Run(model, set, parsed.GetValue(preprocess), new PackedEvaluationOptions(values.Threads, parsed.GetValue(limit), classes), step(model.Network.Name), cancellation));
            if (values.PrintsTable) Print(document);
            values.WriteJson(() => DocumentJson.Write(document, omitNulls: true));
            values.WriteCsv(document.Rows());
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    /// <summary>Whether data are named by the path of photos alone.</summary>
    private static bool IsPath(string data) => !data.Contains(':', StringComparison.Ordinal) && Path.Exists(data);

    private static void Print(PackedEvaluation document)
    {
        var result = document.Results[0];
        var score = result.Metric == MetricNames.Perplexity ? $"perplexity {result.Value:0.00} (95 % interval {result.Confidence95![0]:0.0} to {result.Confidence95[1]:0.0}) over {result.Samples} words"
            : result.Value is { } value ? $"{result.Metric} {Quantity.Percent(value, 2)} ({result.Correct} of {result.Samples}, 95 % interval {Quantity.Percent(result.Confidence95![0], 1)} to {Quantity.Percent(result.Confidence95[1], 1)})"
            : $"{result.Samples} samples without labels";
        Console.Out.WriteLine($"{document.Model.Name}: {score}, {result.SamplesPerSecond:0.0} samples/s");
        if (result.Value is not null) return;
        foreach (var prediction in result.Predictions) Console.Out.WriteLine($"  {prediction.File ?? $"sample {prediction.Sample}"}: {string.Join(", ", prediction.Classes.Zip(prediction.Outputs, (c, output) => $"{c} ({output:G4})"))}");
    }
}

using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Experiments.TrainingRuns;
using Subbyte.Training;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte train</c>: trains or fine-tunes a network by a recipe file, resumes what was interrupted.</summary>
internal static class TrainVerb
{
    private const string Description = """
        Trains or fine-tunes a network by a recipe: a YAML file that names network, data, methods, optimizer and schedule. The folder keeps
        checkpoints, metrics, the networks as ONNX and a report; the same command goes on after an interruption and ends with the same bits.

        Examples:
          subbyte train mnist-lenet5 --out runs/lenet5
          subbyte train recipes/cifar10-resnet20.yaml --out runs/resnet20 --epochs 1 --limit 2000
          subbyte train my.yaml --out runs/my --dry-run
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var recipe = new Argument<string?>("RECIPE") { Description = "a recipe file, or the name of a built-in recipe", Arity = ArgumentArity.ZeroOrOne };
        var recipeOption = new Option<string?>("--recipe") { Description = "the same as RECIPE", HelpName = "FILE|NAME" };
        var output = new Option<string?>("--out") { Description = "folder of the run; a run in it goes on", HelpName = "DIR" };
        var epochs = new Option<int?>("--epochs") { Description = "epochs, in place of the recipe's", HelpName = "N" };
        var limit = new Option<int?>("--limit") { Description = "only the first N samples of each set", HelpName = "N" };
        var interval = new Option<double>("--checkpoint-seconds") { Description = "seconds between checkpoints inside an epoch; 0 for one after each step", DefaultValueFactory = _ => 20, HelpName = "S" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the plan and stop" };
        var noReport = new Option<bool>("--no-report") { Description = "write no report.html" };
        var verb = new Command("train", Description) { recipe, recipeOption, output, epochs, limit, interval, dryRun, noReport };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var named = parsed.GetValue(recipe) ?? parsed.GetValue(recipeOption)
                ?? throw new UserErrorException($"no recipe: give a file or one of {string.Join(", ", RecipeFiles.BuiltIn)}");
            if (parsed.GetValue(limit) is < 1) throw new UserErrorException($"--limit must be at least 1, not {parsed.GetValue(limit)}");
            if (parsed.GetValue(epochs) is < 1) throw new UserErrorException($"--epochs must be at least 1, not {parsed.GetValue(epochs)}");
            var task = TrainingTask.Open(With(TrainingRecipe.Find(named), values, parsed.GetValue(epochs)), parsed.GetValue(limit));
            var session = new TrainingSession(task, values.Threads);
            if (parsed.GetValue(dryRun))
            {
                Console.Out.Write(TrainingPlanText.Of(task, session));
                return Task.FromResult(ExitCodes.Done);
            }

            var folder = parsed.GetValue(output) ?? throw new UserErrorException("no folder for the run: give --out DIR");
            var seconds = parsed.GetValue(interval);
            if (seconds is not (>= 0 and <= 1e6)) throw new UserErrorException($"--checkpoint-seconds must lie in 0..1000000, not {seconds}");
            return Task.FromResult(Run(task, session, values, folder, TimeSpan.FromSeconds(seconds), !parsed.GetValue(noReport), cancellation));
        });
        return verb;
    }

    private static TrainingRecipe With(TrainingRecipe recipe, CommonValues values, int? epochs)
    {
        if (epochs is { } count) recipe = recipe with { Options = recipe.Options with { Epochs = count } };
        if (!values.SeedIsGiven) return recipe;
        var seed = unchecked((ulong)values.Seed);
        return recipe with { Options = recipe.Options with { Seed = seed }, Sizes = recipe.Sizes with { Seed = seed } };
    }

    private static int Run(TrainingTask task, TrainingSession session, CommonValues values, string path, TimeSpan interval, bool writesReport, CancellationToken cancellation)
    {
        OutputFolders.RequireWritable(path);
        using var display = new TrainingDisplay(values.Quiet);
        var folder = new RunFolder(path, task.Identity, EpochEnded) { Interval = interval };
        if (task.Overlap > 0) values.Remark($"warning: {task.Overlap} training samples are tested too, which flatters the result");
        if (folder.HasCheckpoint) values.Remark($"going on from {folder.CheckpointFile}");
        folder.WriteText("recipe.yaml", task.Recipe.Text);
        var result = session.Train(folder, display, cancellation);
        if (!result.IsComplete)
        {
            values.Remark($"stopped in epoch {result.History.Count + 1}; the same command goes on");
            return ExitCodes.Cancelled;
        }

        var file = File.Exists(folder.BestFile) && task.Validation is not null ? folder.BestFile : folder.LastFile;
        var document = session.Score(result, Path.GetFileName(file), cancellation);
        folder.WriteText("result.json", document.ToJson());
        Report(folder, result.History, document);
        Print(values, document, file);
        if (writesReport && values.PrintsTable) Console.Out.WriteLine(folder.ReportFile);
        values.WriteJson(document.ToJson);
        values.WriteCsv(document.Results.Select(row => new ResultRow(row)));
        return ExitCodes.Done;

        void EpochEnded(RunFolder run, IReadOnlyList<EpochMetrics> history)
        {
            display.EpochEnded(history[^1]);
            Report(run, history, document: null);
        }

        void Report(RunFolder run, IReadOnlyList<EpochMetrics> history, ResultDocument? document)
        {
            if (writesReport) run.WriteReport(stream => TrainingReport.Write(task, session, history, document, stream));
        }
    }

    private static void Print(CommonValues values, ResultDocument document, string file)
    {
        if (!values.PrintsTable) return;
        var (result, training) = (document.Results[0], document.Training!);
        var value = result.Metric == MetricNames.Perplexity ? $"{result.Value:0.00}" : $"{result.Value:P2} ({result.Correct}/{result.Samples})";
        Console.Out.WriteLine($"{document.Data.Spec}: {result.Metric} {value} after epoch {training.Epoch} of {training.Epochs}, {training.Seconds:0} s");
        Console.Out.WriteLine(file);
    }
}

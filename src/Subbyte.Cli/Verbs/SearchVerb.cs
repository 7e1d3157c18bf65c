using System.CommandLine;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Search;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte search</c>: a recipe for each layer that costs little and loses no more than is allowed.</summary>
internal static class SearchVerb
{
    private static readonly string Description = $"""
        Searches a mixed recipe, a method for each layer, that makes a cost small and loses no more accuracy than is allowed. Part of the
        calibration samples calibrate and part decide; the figures that are reported come from --data, which decides nothing. Prints the
        front of cost and loss, and the chosen recipe. Results are kept, so a search that was stopped goes on where it was.
        Without a network it trains a small one on data that it draws itself.

        Costs: {string.Join(", ", Objective.Names)}, or an operation of a method by its name in JSON

        Examples:
          subbyte search
          subbyte search resnet20.onnx --data cifar10:data/cifar10#test --calibrate cifar10:data/cifar10#train --max-loss 0.5
          subbyte search --workload cifar10-resnet20 --objective bytes --methods "int8; int4; uniform:w=3,a=8; bit-split:w=4" --out runs/small
          subbyte search --workload mnist-mlp --algorithm fpec-opt --max-loss 0.5
          subbyte search --workload kws01-dscnn --data set:kws01#500-999 --calibrate set:kws01#0-499 --with output-correction
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task, search) = (new CommonOptions { HasTable = true }, new TaskOptions(), new SearchArguments());
        var verb = new Command("search", Description);
        task.AddTo(verb);
        search.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var options = search.Read(parsed) with { Threads = values.Threads };
            if (search.IsDryRun(parsed))
            {
                foreach (var candidate in options.Candidates) Console.Out.WriteLine(candidate.Canonical);
                return Task.FromResult(ExitCodes.Done);
            }

            if (search.Folder(parsed) is { } folder) OutputFolders.RequireWritable(folder);
            var loaded = task.NamesModel(parsed) ? task.Load(parsed, values, needsCalibration: true) : EmbeddedDefault.Prepare(values, cancellation);
            var divided = SearchTask.Of(loaded, search.Decide(parsed) is { } spec ? task.Open(parsed, spec) : null, search.DecideSamples(parsed));
            values.Remark(divided.Remark);
            var store = new ResultStore(search.Store(parsed));
            var run = new SearchRun(divided, new EvaluationOptions { Threads = values.Threads, Limit = task.Limit(parsed) }, store);
            var document = Terminal.WithProgress(values.Quiet, step =>
            {
                var outcome = search.Run(parsed, divided, options, store, step, cancellation);
                return run.Report(outcome, search.Algorithm(parsed), options.Objective.Name, values.Seed, step, cancellation);
            });
            if (values.PrintsTable) Print(document, options.Objective);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Search!.Front);
            if (search.Folder(parsed) is { } output) WriteFolder(output, document, run.Workbench, values);
            return Task.FromResult(document.Search.IsComplete ? ExitCodes.Done : ExitCodes.Cancelled);
        });
        return verb;
    }

    private static void Print(ResultDocument document, Objective objective)
    {
        var search = document.Search!;
        var results = document.Results.ToDictionary(result => result.Recipe, StringComparer.Ordinal);
        var isText = document.Results.Count > 0 && document.Results[0].Metric == MetricNames.Perplexity;
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "", "layers", objective.Name, "loss decided", "loss reported", "lost/gained", isText ? MetricNames.Perplexity : "accuracy" }) table.AddColumn(new TableColumn(heading) { Alignment = heading == "layers" ? Justify.Left : Justify.Right });
        foreach (var point in search.Front)
        {
            var result = results.GetValueOrDefault(point.Recipe);
            table.AddRow(point.IsChosen ? "→" : "", Terminal.Plain(point.Summary), objective.Quantity.Format(point.Cost), Signed(point.DecidedLoss), point.ReportedLoss is { } loss ? Signed(loss) : "", result is null ? "" : $"−{result.Flips.Lost} +{result.Flips.Gained}", result is null ? "" : isText ? $"{result.Value:0.00}" : $"{result.Value:P2}");
        }

        Terminal.Out.Write(table);
        Console.Out.WriteLine($"{search.Trials.Count} networks were tried on {search.Deciding.Samples} samples that decide; loss is in {(isText ? "points of perplexity" : "percentage points")} against fp32 on the same samples");
        if (!search.IsComplete) Console.Out.WriteLine("the search was stopped; the same command goes on where it was");
        Console.Out.WriteLine(search.Chosen is { } chosen ? $"chosen: {chosen}" : $"no network that was tried stays within a loss of {search.MaxLoss.ToString(CultureInfo.InvariantCulture)}");
        if (search.Front.FirstOrDefault(point => point.IsChosen) is { ReportedLoss: { } reported } && reported > search.MaxLoss)
            Console.Out.WriteLine($"on the reported samples it loses {reported.ToString("0.##", CultureInfo.InvariantCulture)}, more than was allowed: let more samples decide (--decide-samples, --decide), or allow less");
    }

    private static string Signed(double loss) => loss.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    private static void WriteFolder(string folder, ResultDocument document, Workbench workbench, CommonValues values)
    {
        if (document.Search!.Chosen is { } chosen) Write(Path.Combine(folder, "recipe.txt"), stream => stream.Write(Encoding.UTF8.GetBytes(chosen + "\n")), values);
        Write(Path.Combine(folder, "search.json"), stream => stream.Write(Encoding.UTF8.GetBytes(document.ToJson())), values);
        Write(Path.Combine(folder, "report.html"), stream => ComparisonReport.Write(document, workbench.Layers, stream), values);
    }

    private static void Write(string path, Action<Stream> content, CommonValues values)
    {
        Files.WriteAtomically(path, content);
        values.Remark($"written: {Path.GetFullPath(path)}");
    }
}

using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte reproduce</c>: a paper's figures beside ours.</summary>
internal static class ReproduceVerb
{
    private static readonly string Description = $"""
        Runs the experiments of a paper on the networks and data at hand and prints each figure beside the one that should come out: it holds,
        it deviates for a reason that is written down, it fails, or it is skipped because something is missing. Ends with code 1 when one fails.
        Results are kept, so a run that was stopped goes on where it was.

        Papers: {string.Join(", ", ExperimentList.Names)}

        Examples:
          subbyte reproduce sparq
          subbyte reproduce term-revealing --quick --json figures.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var name = new Argument<string>("NAME") { Description = "the paper" };
        var quick = new Option<bool>("--quick") { Description = "a form that ends within five minutes" };
        var strict = new Option<bool>("--strict") { Description = "a figure that deviates counts as failed" };
        var store = new Option<string>("--store") { Description = "folder where results are kept", DefaultValueFactory = _ => ResultStore.DefaultFolder, HelpName = "DIR" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the experiments, and stop" };
        var verb = new Command("reproduce", Description) { name, quick, strict, store, dryRun };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var list = ExperimentList.Find(parsed.GetValue(name)!);
            if (parsed.GetValue(dryRun))
            {
                foreach (var experiment in list.Experiments.Where(experiment => experiment.Quick || !parsed.GetValue(quick))) Console.Out.WriteLine($"{experiment.Name}: {experiment.Recipe} on {experiment.Workload}, {experiment.Wanted}");
                return Task.FromResult(ExitCodes.Done);
            }

            var run = new ReproductionRun(list, new ResultStore(parsed.GetValue(store)!), values.Threads);
            var document = Terminal.WithProgress(values.Quiet, step => run.Execute(parsed.GetValue(name)!, parsed.GetValue(quick), step, cancellation));
            if (values.PrintsTable) Print(document);
            values.WriteJson(() => DocumentJson.Write(document));
            values.WriteCsv(document.Experiments);
            if (cancellation.IsCancellationRequested) return Task.FromResult(ExitCodes.Cancelled);
            var failed = document.Count(Verdict.Fails) + (parsed.GetValue(strict) ? document.Count(Verdict.Deviates) : 0);
            return Task.FromResult(failed > 0 ? ExitCodes.CheckFailed : ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(ReproductionDocument document)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("experiment", "measure", "wanted", "here", "verdict");
        foreach (var figure in document.Experiments)
        {
            var here = figure.Here?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
            table.AddRow(Terminal.Plain(figure.Name), figure.Measure, figure.Wanted, here, $"{figure.Verdict.ToString().ToLowerInvariant()}{(figure.Reason is null ? "" : Terminal.Plain(": " + figure.Reason))}");
        }

        Terminal.Out.WriteLine(document.Title);
        Terminal.Out.Write(table);
        Console.Out.WriteLine($"{document.Count(Verdict.Holds)} hold, {document.Count(Verdict.Deviates)} deviate, {document.Count(Verdict.Fails)} fail, {document.Count(Verdict.Skipped)} skipped");
    }
}

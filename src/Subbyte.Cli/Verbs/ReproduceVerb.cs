using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte reproduce</c>: a paper's figures beside ours.</summary>
internal static class ReproduceVerb
{
    private const string All = "all";

    private static readonly string Description = $"""
        Runs the experiments of a paper on the networks and data at hand and prints each figure beside the one that should come out: it holds,
        it deviates for a reason that is written down, it fails, or it is skipped because something is missing. Ends with code 1 when one fails.
        Results are kept, so a run that was stopped goes on where it was. Writes reproduction-NAME.html. Without a name it lists the papers.

        Papers: {string.Join(", ", ExperimentList.Names)}; 'all' runs every one, FILE.yaml a list of your own.

        Examples:
          subbyte reproduce sparq
          subbyte reproduce term-revealing --quick --json figures.json
          subbyte reproduce all --out reports
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var name = new Argument<string?>("NAME") { Description = "the paper, all, or a list in a YAML file", Arity = ArgumentArity.ZeroOrOne };
        var quick = new Option<bool>("--quick") { Description = "a form that ends within five minutes" };
        var strict = new Option<bool>("--strict") { Description = "a figure that deviates counts as failed" };
        var store = new Option<string>("--store") { Description = "folder where results are kept", DefaultValueFactory = _ => ResultStore.DefaultFolder, HelpName = "DIR" };
        var folder = new Option<string>("--out") { Description = "folder of the report", DefaultValueFactory = _ => ".", HelpName = "DIR" };
        var noReport = new Option<bool>("--no-report") { Description = "write no report" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the experiments, and stop" };
        var verb = new Command("reproduce", Description) { name, quick, strict, store, folder, noReport, dryRun };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            if (parsed.GetValue(name) is not { } wanted) return Task.FromResult(ListPapers());
            var names = wanted == All ? ExperimentList.Names : [wanted];
            var lists = names.Select(ExperimentList.Find).ToArray();
            if (parsed.GetValue(dryRun)) return Task.FromResult(PrintPlan(lists, parsed.GetValue(quick)));
            var reports = parsed.GetValue(noReport) ? null : parsed.GetValue(folder)!;
            if (reports is not null) OutputFolders.RequireWritable(reports);
            var results = new ResultStore(parsed.GetValue(store)!);
            var documents = new List<ReproductionDocument>();
            for (var i = 0; i < lists.Length && !cancellation.IsCancellationRequested; i++)
            {
                var run = new ReproductionRun(lists[i], results, values.Threads);
                var document = Terminal.WithProgress(values.Quiet, step => run.Execute(Path.GetFileNameWithoutExtension(names[i]), parsed.GetValue(quick), step, cancellation));
                documents.Add(document);
                if (values.PrintsTable) Print(document);
                if (reports is not null) WriteReport(reports, document, values);
            }

            if (wanted == All) values.WriteJson(() => DocumentJson.Write(documents));
            else values.WriteJson(() => DocumentJson.Write(documents[0]));
            values.WriteCsv(documents.SelectMany(document => document.Experiments));
            if (cancellation.IsCancellationRequested) return Task.FromResult(ExitCodes.Cancelled);
            var failed = documents.Sum(document => document.Count(Verdict.Fails) + (parsed.GetValue(strict) ? document.Count(Verdict.Deviates) : 0));
            return Task.FromResult(failed > 0 ? ExitCodes.CheckFailed : ExitCodes.Done);
        });
        return verb;
    }

    private static int ListPapers()
    {
        foreach (var name in ExperimentList.Names)
        {
            var list = ExperimentList.Find(name);
            Console.Out.WriteLine($"{name,-18} {list.Title}: {list.Experiments.Count()} figures");
        }

        return ExitCodes.Done;
    }

    private static int PrintPlan(IEnumerable<ExperimentList> lists, bool quick)
    {
        foreach (var experiment in lists.SelectMany(list => list.Experiments).Where(experiment => experiment.Quick || !quick))
            Console.Out.WriteLine($"{experiment.Name}: {experiment.Formula}{(experiment.Statistic is null ? $" on {experiment.Workload}" : "")}, {experiment.Measured}, {experiment.Wanted}");
        return ExitCodes.Done;
    }

    private static void Print(ReproductionDocument document)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("experiment", "measure", "wanted", "here", "verdict");
        foreach (var figure in document.Experiments)
            table.AddRow(Terminal.Plain(figure.Name), Terminal.Plain(figure.Measure), figure.Wanted, figure.Found, $"{figure.Verdict.ToString().ToLowerInvariant()}{(figure.Reason is null ? "" : Terminal.Plain(": " + figure.Reason))}");
        Terminal.Out.WriteLine(document.Title);
        Terminal.Out.Write(table);
        Console.Out.WriteLine($"{document.Count(Verdict.Holds)} hold, {document.Count(Verdict.Deviates)} deviate, {document.Count(Verdict.Fails)} fail, {document.Count(Verdict.Skipped)} skipped");
    }

    private static void WriteReport(string folder, ReproductionDocument document, CommonValues values)
    {
        var path = Path.GetFullPath(Path.Combine(folder, $"reproduction-{document.Name}.html"));
        Files.WriteAtomically(path, stream => ReproductionReport.Write(document, stream));
        if (values.PrintsTable) Console.Out.WriteLine($"report: {path}");
        else values.Remark($"report: {path}");
    }
}

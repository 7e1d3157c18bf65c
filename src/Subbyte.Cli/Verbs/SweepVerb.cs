using System.CommandLine;
using System.Text;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Sweeps;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte sweep</c>: recipes on several networks and data sets.</summary>
internal static class SweepVerb
{
    private static readonly string Description = $"""
        Runs recipes on several networks and data sets, as a YAML file says, and writes a page of tables. Results are kept, so a run that was
        stopped goes on where it was. What needs absent data is skipped, and the page says which.

        Sweeps: {string.Join(", ", Sweep.Names)}; FILE.yaml is one of your own: title, recipes, and sections with a workload each.

        Examples:
          subbyte sweep results --markdown docs/results.md
          subbyte sweep mine.yaml --json sweep.json --csv sweep.csv
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var name = new Argument<string>("NAME") { Description = "the sweep, or a YAML file" };
        var markdown = new Option<string?>("--markdown") { Description = "write the page to FILE", HelpName = "FILE" };
        var store = new Option<string>("--store") { Description = "folder where results are kept", DefaultValueFactory = _ => ResultStore.DefaultFolder, HelpName = "DIR" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print what would be run, and stop" };
        var verb = new Command("sweep", Description) { name, markdown, store, dryRun };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var sweep = Sweep.Find(parsed.GetValue(name)!);
            if (parsed.GetValue(dryRun))
            {
                foreach (var section in sweep.Sections) Console.Out.WriteLine($"{section.Title} ({section.Workload}): fp32; {string.Join("; ", section.Recipes)}");
                return Task.FromResult(ExitCodes.Done);
            }

            if (parsed.GetValue(markdown) is { } file) OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var run = new SweepRun(sweep, new ResultStore(parsed.GetValue(store)!), values.Threads, values.Seed);
            var document = Terminal.WithProgress(values.Quiet, step => run.Execute(parsed.GetValue(name)!, step, cancellation));
            if (values.PrintsTable) Print(document);
            if (parsed.GetValue(markdown) is { } path && !cancellation.IsCancellationRequested)
            {
                var page = SweepPage.Write(sweep, document, $"subbyte sweep {parsed.GetValue(name)} --markdown {path}");
                Files.WriteAtomically(path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
                values.Remark($"page: {Path.GetFullPath(path)}");
            }

            values.WriteJson(() => DocumentJson.Write(document, omitNulls: true));
            values.WriteCsv(document.Sections.SelectMany(section => section.Comparison?.Results.Select(result => new SweepRow(section.Workload, result)) ?? []));
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(SweepDocument document)
    {
        foreach (var section in document.Sections)
        {
            Terminal.Out.WriteLine(section.Title);
            if (section.Comparison is { } comparison) ResultTable.Print(comparison);
            else Terminal.Out.WriteLine($"not run: {section.Skipped}");
            foreach (var recipe in section.LeftOut) Terminal.Out.WriteLine($"'{recipe.Recipe}' is left out: {recipe.Reason}");
        }
    }

    /// <summary>A result with its workload as a row of plain values.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="result">The result.</param>
    private sealed class SweepRow(string workload, RecipeResult result) : ResultRow(result)
    {
        public string Workload => workload;
    }
}

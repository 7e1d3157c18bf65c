using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Methods.Training;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte compare</c>: several recipes on one network and one set of data, fp32 first.</summary>
internal static class CompareVerb
{
    private const string Description = """
        Compares recipes on one network and one set of data; fp32 is always the first row. Writes report.html.
        Without a network it trains a small one on data that it draws itself and compares every method on it.

        Examples:
          subbyte compare
          subbyte compare resnet20.onnx --data cifar10:data/cifar10#test --calibrate cifar10:data/cifar10#train \
                  --methods "int8; fxp:bits=8; tr:group=8,budget=12; sparq:window=5opt"
          subbyte compare --workload cifar10-resnet20 --methods "int8; int4; int4 + output-correction" --out runs/first --json result.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions { HasTable = true }, new TaskOptions());
        var methods = new Option<string?>("--methods") { Description = "recipes separated by semicolons; every method's examples when absent", HelpName = "\"A; B\"" };
        var folder = new Option<string>("--out") { Description = "folder of report.html", DefaultValueFactory = _ => ".", HelpName = "DIR" };
        var noReport = new Option<bool>("--no-report") { Description = "write no report" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print what would be compared, and stop" };
        var verb = new Command("compare", Description) { methods, folder, noReport, dryRun };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var namesRecipes = parsed.GetValue(methods) is not null;
            var recipes = parsed.GetValue(methods) is { } text ? Recipe.ParseMany(text) : Showcase();
            if (parsed.GetValue(dryRun))
            {
                foreach (var recipe in recipes.Prepend(Recipe.Float)) Console.Out.WriteLine(recipe.Canonical);
                return Task.FromResult(ExitCodes.Done);
            }

            var report = parsed.GetValue(noReport) ? null : Path.Combine(parsed.GetValue(folder)!, "report.html");
            if (report is not null) OutputFolders.RequireWritable(parsed.GetValue(folder)!);
            var loaded = task.NamesModel(parsed) ? task.Load(parsed, values, needsCalibration: true) : EmbeddedDefault.Prepare(values, cancellation);
            var workbench = new Workbench(loaded, new EvaluationOptions { Threads = values.Threads, Limit = task.Limit(parsed) });
            var document = Compare(workbench, recipes, namesRecipes, values, cancellation);
            if (values.PrintsTable) ResultTable.Print(document);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Results.Select(result => new ResultRow(result)));
            if (report is not null) WriteReport(report, document, workbench, values);
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Done);
        });
        return verb;
    }

    /// <summary>Every method's examples.</summary>
    /// <returns>Recipes.</returns>
    public static IReadOnlyList<Recipe> Showcase()
        => [.. MethodRegistry.Default.Methods.SelectMany(method => method.Showcase.Count > 0 || method.Capability is (not ILayerMethod) or ITrainingMethod ? method.Showcase : [method.Name]).Distinct(StringComparer.Ordinal).Select(Recipe.Parse)];

    /// <summary>Runs the recipes; when cancelled, what is done is kept. Examples that do not fit the network are left out, and named.</summary>
    private static ResultDocument Compare(Workbench workbench, IReadOnlyList<Recipe> recipes, bool mustFit, CommonValues values, CancellationToken cancellation)
    {
        var results = new List<RecipeResult>();
        Terminal.WithProgress(values.Quiet, step =>
        {
            foreach (var recipe in recipes.Where(recipe => recipe.Steps.Count > 0).Prepend(Recipe.Float))
            {
                try
                {
                    results.Add(workbench.Run(recipe, step(recipe.Text), cancellation).Result);
                }
                catch (OperationCanceledException) when (results.Count > 0)
                {
                    break;
                }
                catch (UserErrorException misfit) when (!mustFit && recipe.Steps.Count > 0)
                {
                    values.Remark($"'{recipe.Text}' is left out: {misfit.Message}");
                }
            }

            return results.Count;
        });
        return workbench.Document("subbyte.compare/1", values.Seed, results);
    }

    private static void WriteReport(string path, ResultDocument document, Workbench workbench, CommonValues values)
    {
        Files.WriteAtomically(path, stream => ComparisonReport.Write(document, workbench.Layers, stream));
        if (values.PrintsTable) Console.Out.WriteLine($"report: {Path.GetFullPath(path)}");
        else values.Remark($"report: {Path.GetFullPath(path)}");
    }
}

using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Methods;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte eval</c>: one network, one recipe, one set of data.</summary>
internal static class EvalVerb
{
    private const string Description = """
        Evaluates a network on data, in fp32 or under one recipe.

        Examples:
          subbyte eval resnet20.onnx --data cifar10:data/cifar10/test_batch.bin
          subbyte eval resnet20.onnx --data cifar10:data/cifar10#test --calibrate cifar10:data/cifar10#train --method "tr:group=8,budget=12"
          subbyte eval --workload cifar10-resnet20 --json result.json
          subbyte eval lstm.npz --data wikitext:data/wikitext-2#valid
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions { HasTable = true }, new TaskOptions());
        var method = new Option<string>("--method") { Description = "the recipe", DefaultValueFactory = _ => "fp32", HelpName = "RECIPE" };
        var verb = new Command("eval", Description) { method };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var recipe = Recipe.Parse(parsed.GetValue(method)!);
            var workbench = new Workbench(task.Load(parsed, values, !recipe.IsFloat), new EvaluationOptions { Threads = values.Threads, Limit = task.Limit(parsed) });
            var outcome = Terminal.WithProgress(values.Quiet, step => workbench.Run(recipe, step(recipe.Text), cancellation));
            var document = workbench.Document("subbyte.eval/1", values.Seed, [outcome.Result]);
            if (values.PrintsTable) ResultTable.Print(document);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Results.Select(result => new ResultRow(result)));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }
}

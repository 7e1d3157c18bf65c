using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte check</c>: what of a network and of recipes cannot be done, all at once and before any work.</summary>
internal static class CheckVerb
{
    private const string Description = """
        Names, before any work, every node that cannot be executed and every recipe that cannot be applied or exported, with the reason and
        the way out. Ends with code 1 when something cannot be done.

        Examples:
          subbyte check resnet20.onnx
          subbyte check resnet20.onnx --methods "int8; tr:group=8,budget=12; sparq:window=5opt"
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions();
        var model = new Argument<string>("MODEL") { Description = "the ONNX file, or a word language model's .npz" };
        var methods = new Option<string?>("--methods", "--method") { Description = "recipes separated by semicolons", HelpName = "\"A; B\"" };
        var verb = new Command("check", Description) { model, methods };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var path = parsed.GetValue(model)!;
            var recipes = parsed.GetValue(methods)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
            var check = NetworkCheck.Of(Path.GetFileName(path), NetworkFile.Load(path), recipes, values.Seed, cancellation);
            if (values.PrintsTable) Print(check);
            values.WriteJson(() => DocumentJson.Write(check));
            return Task.FromResult(check.Holds ? ExitCodes.Done : ExitCodes.CheckFailed);
        });
        return verb;
    }

    private static void Print(NetworkCheck check)
    {
        foreach (var node in check.Nodes) Console.Out.WriteLine(node.OpType.Length == 0 ? node.Reason : $"node '{node.Node}' ({node.OpType}, opset {node.Opset}): {Detail(node.Reason)}");
        foreach (var recipe in check.Recipes)
        {
            Console.Out.WriteLine($"{recipe.Recipe}: {recipe.Problem ?? (recipe.NotExportable is null ? "can be applied and exported" : $"can be applied, but not exported: {recipe.NotExportable}")}");
            foreach (var note in recipe.Notes.GroupBy(note => note.Value, StringComparer.Ordinal))
                Console.Out.WriteLine($"  {note.Count()} {(note.Count() == 1 ? "layer" : "layers")} ({string.Join(", ", note.Take(3).Select(layer => layer.Key))}{(note.Count() > 3 ? " …" : "")}): {note.Key}");
        }

        Console.Out.WriteLine(check.Holds ? $"{check.Model}: every node can be executed" : $"{check.Model}: {check.Nodes.Count} places cannot be executed, {check.Recipes.Count(recipe => recipe.Problem is not null)} recipes cannot be applied");
    }

    /// <summary>The reason without the node that it names at its beginning.</summary>
    private static string Detail(string reason)
    {
        var end = reason.StartsWith("node '", StringComparison.Ordinal) ? reason.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? reason : reason[(end + 3)..];
    }
}

using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Onnx.Export;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte quantize</c>: a low-bit network as ONNX that any ONNX Runtime executes.</summary>
internal static class QuantizeVerb
{
    private const string Description = """
        Applies a recipe and writes the low-bit network as standard ONNX. Uniform layers become QuantizeLinear/DequantizeLinear pairs,
        others model-local functions of ordinary operators. --verify runs the file in the real ONNX Runtime beside our executor.

        Examples:
          subbyte quantize resnet20.onnx --method int8 --data cifar10:data/cifar10#test --calibrate cifar10:data/cifar10#train --out resnet20.int8.onnx
          subbyte quantize --workload cifar10-resnet20 --method "tr:group=8,budget=12" --out tr.onnx --verify --limit 1000
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions(), new TaskOptions { DataIsOptional = true });
        var method = new Option<string>("--method") { Description = "the recipe", Required = true, HelpName = "RECIPE" };
        var output = new Option<string>("--out") { Description = "the ONNX file to write", Required = true, HelpName = "FILE" };
        var verify = new Option<bool>("--verify") { Description = "run the file in ONNX Runtime on the data and compare" };
        var runtime = new Option<string?>("--onnxruntime") { Description = "folder that holds node_modules/onnxruntime-node", HelpName = "DIR" };
        var canonical = new Option<bool>("--canonical") { Description = "write uniform layers so that other tools fuse them into integer kernels; results then differ from ours in the last place" };
        var verb = new Command("quantize", Description) { method, output, verify, runtime, canonical };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var recipe = Recipe.Parse(parsed.GetValue(method)!);
            var path = parsed.GetValue(output)!;
            OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var wanted = parsed.GetValue(verify);
            var ort = wanted ? OnnxRuntimeProcess.Find(parsed.GetValue(runtime)) ?? throw new UserErrorException($"--verify {OnnxRuntimeProcess.HowToFind}") : null;
            var loaded = task.Load(parsed, values, !recipe.IsFloat);
            var workbench = new Workbench(loaded, new EvaluationOptions { Threads = values.Threads, Limit = task.Limit(parsed) });
            var network = WithPreprocessing(workbench.Apply(recipe, cancellation), loaded);
            var export = LowBitExporter.Export(network, parsed.GetValue(canonical));
            export.Save(path);
            (ExportVerification Exact, ExportVerification Default)? checks = ort is null ? null : Verify(ort, workbench, network, path, values, cancellation);
            Report(values, loaded, recipe, export, path, checks);
            return Task.FromResult(checks?.Exact.Holds == false ? ExitCodes.CheckFailed : ExitCodes.Done);
        });
        return verb;
    }

    private static LowBitNetwork WithPreprocessing(LowBitNetwork network, EvaluationTask task)
    {
        var metadata = new Dictionary<string, string>(network.Network.Metadata, StringComparer.Ordinal) { [Preprocessing.MetadataKey] = task.Preprocessing.ToString() };
        return network.With(network.Network with { Metadata = metadata });
    }

    private static (ExportVerification Exact, ExportVerification Default) Verify(OnnxRuntimeProcess ort, Workbench workbench, LowBitNetwork network, string path, CommonValues values, CancellationToken cancellation)
        => Terminal.WithProgress(values.Quiet, step =>
        {
            var run = workbench.Execute(network, step("our executor"), cancellation);
            values.Remark("running ONNX Runtime");
            return (ExportVerification.Run(ort, path, workbench.Task, network.Network, run, exact: true, cancellation), ExportVerification.Run(ort, path, workbench.Task, network.Network, run, exact: false, cancellation));
        });

    private static void Report(CommonValues values, EvaluationTask task, Recipe recipe, OnnxExport export, string path, (ExportVerification Exact, ExportVerification Default)? checks)
    {
        if (values.PrintsTable)
        {
            var forms = export.Forms.Values.GroupBy(form => form, StringComparer.Ordinal).Select(group => $"{group.Count()} layers as {group.Key}");
            Console.Out.WriteLine($"{path}: {Quantity.Memory.Format(new FileInfo(path).Length)} (source {Quantity.Memory.Format(new FileInfo(task.ModelFile).Length)}), opset {export.Network.Opsets[""]}; {string.Join(", ", forms)}");
            if (checks is { } found)
            {
                Console.Out.WriteLine(Line("ONNX Runtime, exact products", found.Exact));
                Console.Out.WriteLine(Line("ONNX Runtime, default", found.Default));
            }
        }

        values.WriteJson(() => DocumentJson.Write(
            new
            {
                schema = "subbyte.quantize/1",
                recipe = recipe.Text,
                canonicalRecipe = recipe.Canonical,
                source = Path.GetFileName(task.ModelFile),
                sha256 = task.ModelSha256,
                file = Path.GetFileName(path),
                bytes = new FileInfo(path).Length,
                opset = export.Network.Opsets[""],
                layers = export.Forms,
                verified = checks is { } both ? new { exact = both.Exact, @default = both.Default } : null,
            }));
    }

    private static string Line(string name, ExportVerification check)
        => $"{name}: {check.SameTop1} of {check.Samples} predictions agree ({check.Agreement:P2}), largest difference {check.LargestDifference:G3}, {check.NearTies} of {check.Samples - check.SameTop1} others are near-ties"
            + (check.Perplexities is [var ours, var theirs] ? $"; perplexity {theirs:0.000}, ours {ours:0.000}" : "");
}

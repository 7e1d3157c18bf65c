using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte pack</c>: a low-bit network as one file for the packed runtime.</summary>
internal static class PackVerb
{
    private const string Description = """
        Applies a recipe and writes the low-bit network as a .subbyte file, weights in the width that they have. 'subbyte run' and the
        runtime library execute it; the answers are those of 'subbyte eval' with the same recipe, bit for bit.

        Examples:
          subbyte pack resnet20.onnx --method int4 --calibrate cifar10:data/cifar10#train --out resnet20.subbyte
          subbyte pack --workload cifar10-resnet20 --method "uniform:w=2,a=8" --out ternary.subbyte
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions(), new TaskOptions { DataIsOptional = true });
        var method = new Option<string>("--method") { Description = "the recipe", DefaultValueFactory = _ => "fp32", HelpName = "RECIPE" };
        var output = new Option<string>("--out") { Description = "the .subbyte file to write", Required = true, HelpName = "FILE" };
        var shares = new Option<bool>("--share-bytes") { Description = "store ternary weights five to a byte: 1.6 bits each in place of 2; speed is the same" };
        var verb = new Command("pack", Description) { method, output, shares };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var recipe = Recipe.Parse(parsed.GetValue(method)!);
            var path = parsed.GetValue(output)!;
            OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (task.Model(parsed) is { } given && PackedModel.IsOne(given)) throw new UserErrorException($"{given} is packed already; 'subbyte run' runs it");
            var loaded = task.Load(parsed, values, !recipe.IsFloat);
            var workbench = new Workbench(loaded, new EvaluationOptions { Threads = values.Threads, Limit = task.Limit(parsed) });
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [Preprocessing.MetadataKey] = loaded.Preprocessing.ToString(),
                [PackedModel.RecipeKey] = recipe.Canonical,
            };
            var packed = NetworkPacker.Pack(workbench.Apply(recipe, cancellation), metadata);
            if (parsed.GetValue(shares)) packed = packed.SharingBytes();
            var bytes = packed.ToFile();
            Files.WriteAtomically(path, stream => stream.Write(bytes));
            Report(values, loaded, recipe, packed, path, bytes.Length, loaded.IsText ? new OnnxSizes(null, null) : OnnxSizes.Of(loaded.Network, cancellation));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void Report(CommonValues values, EvaluationTask task, Recipe recipe, PackedNetwork packed, string path, int bytes, OnnxSizes sizes)
    {
        var products = packed.Steps.Where(step => step.Weights > 0).ToArray();
        if (values.PrintsTable)
        {
            Console.Out.WriteLine($"{path}: {Quantity.Memory.Format(bytes)} (weights and biases in fp32 {Quantity.Memory.Format(packed.FloatBytes)}, in INT8 {Quantity.Memory.Format(packed.Int8Bytes)}; {Path.GetFileName(task.ModelFile)} {Quantity.Memory.Format(new FileInfo(task.ModelFile).Length)})");
            if (sizes is { Float: { } fp32, Int8: { } int8 }) Console.Out.WriteLine($"  the network as ONNX: fp32 {Quantity.Memory.Format(fp32)} ({fp32 / (double)bytes:0.0} times this file), INT8 {Quantity.Memory.Format(int8)} ({int8 / (double)bytes:0.0} times)");
            foreach (var group in products.GroupBy(step => step.Description, StringComparer.Ordinal))
                Console.Out.WriteLine($"  {group.Count()} layers as {group.Key}, {group.Sum(step => step.WeightBits) / (double)group.Sum(step => step.Weights):0.00} bits a weight");
        }

        values.WriteJson(() => DocumentJson.Write(
            new
            {
                schema = "subbyte.pack/1",
                recipe = recipe.Text,
                canonicalRecipe = recipe.Canonical,
                source = Path.GetFileName(task.ModelFile),
                sha256 = task.ModelSha256,
                file = Path.GetFileName(path),
                bytes,
                sourceBytes = new FileInfo(task.ModelFile).Length,
                onnxFloatBytes = sizes.Float,
                onnxInt8Bytes = sizes.Int8,
                floatBytes = packed.FloatBytes,
                int8Bytes = packed.Int8Bytes,
                layers = products.Select(step => new { name = step.Name, kind = step.Description, weights = step.Weights, weightBits = step.WeightBits / (double)step.Weights }),
            }));
    }
}

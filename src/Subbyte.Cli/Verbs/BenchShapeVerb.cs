using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Training;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench shape</c>: built-in networks, packed, before anybody has trained them.</summary>
internal static class BenchShapeVerb
{
    private const int LargestSize = 1024;

    private static readonly string Description = $"""
        Times a built-in network with drawn weights, packed under recipes, with one thread, beside ONNX Runtime on its float form: what a method
        would make of the shape, before it is trained. Networks: {string.Join(", ", BuiltInNetworks.Names)}.

        Examples:
          subbyte bench shape resnet18 --method "si-bnn:except=*shortcut*; sttn:except=*shortcut*" --against onnxruntime
          subbyte bench shape resnet20 --size 32 --classes 10 --method "int4; uniform:w=2,a=8"
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var network = new Argument<string>("NETWORK") { Description = "a built-in network" };
        network.AcceptOnlyFromAmong([.. BuiltInNetworks.Names]);
        var methods = new Option<string>("--method", "--methods") { Description = "recipes to pack under, separated by semicolons", DefaultValueFactory = _ => "int8; int4", HelpName = "\"A; B\"" };
        var size = new Option<int>("--size") { Description = "height and width of an image", DefaultValueFactory = _ => 224, HelpName = "N" };
        var classes = new Option<int>("--classes") { Description = "number of classes", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var (against, folder, milliseconds, report) = (BenchVerb.Against(), BenchVerb.Folder(), BenchVerb.Milliseconds(), BenchVerb.Report());
        var verb = new Command("shape", Description) { network, methods, size, classes, against, folder, milliseconds, report };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            if (parsed.GetValue(size) is not (>= 8 and <= LargestSize)) throw new UserErrorException($"--size must lie in 8..{LargestSize}, not {parsed.GetValue(size)}");
            if (parsed.GetValue(classes) is not (>= 2 and <= 100_000)) throw new UserErrorException($"--classes must lie in 2..100000, not {parsed.GetValue(classes)}");
            var options = new ShapeBenchmarkOptions
            {
                Network = parsed.GetValue(network)!,
                Size = parsed.GetValue(size),
                Classes = parsed.GetValue(classes),
                Recipes = Recipe.ParseMany(parsed.GetValue(methods)!),
                Milliseconds = BenchVerb.Time(parsed.GetValue(milliseconds)),
                OnnxRuntime = BenchVerb.Rival(parsed.GetValue(against), parsed.GetValue(folder)),
                Seed = unchecked((ulong)values.Seed),
            };
            if (options.Recipes.Count == 0) throw new UserErrorException("--method names no recipe");
            var page = BenchVerb.Page(parsed.GetValue(report));
            values.Remark($"timing {options.Network} at {options.Size} × {options.Size}");
            var results = ShapeBenchmark.Run(options, cancellation);
            if (values.PrintsTable) BenchNetworkVerb.Print(results);
            var document = new BenchmarkDocument<NetworkTiming> { Kind = "shape", Model = options.Network, Machine = MachineDescription.Of(1), Results = results };
            values.WriteJson(document.ToJson);
            values.WriteCsv(results);
            if (page is not null) Files.WriteAtomically(page, stream => BenchmarkReport.Write(document, stream));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }
}

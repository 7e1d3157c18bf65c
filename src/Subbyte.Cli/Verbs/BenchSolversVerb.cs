using System.CommandLine;
using Spectre.Console;
using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Methods.BitSplit;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Onnx;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench solvers</c>: how long it takes to find the weights of Bit-Split.</summary>
internal static class BenchSolversVerb
{
    private const string Description = """
        Times Bit-Split on every inner layer of a network, all channels on --threads; and some channels of each layer with one thread beside
        the same algorithm value by value, the second moments of the input included. Inputs are noise, since only time is looked at.

        Examples:
          subbyte bench solvers resnet20.onnx
          subbyte bench solvers resnet20.onnx --bits 3 --patches 6000 --channels 8 --json solvers.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var model = new Argument<string>("MODEL") { Description = "the ONNX file" };
        var bits = new Option<int>("--bits") { Description = "bits of a weight", DefaultValueFactory = _ => 4, HelpName = "N" };
        var patches = new Option<int>("--patches") { Description = "most patches of a layer", DefaultValueFactory = _ => 12_000, HelpName = "N" };
        var channels = new Option<int>("--channels") { Description = "channels of a layer that are solved value by value too", DefaultValueFactory = _ => 4, HelpName = "N" };
        var samples = new Option<int>("--calibration-samples") { Description = "samples of noise that patches are drawn from", DefaultValueFactory = _ => 64, HelpName = "N" };
        var verb = new Command("solvers", Description) { model, bits, patches, channels, samples };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var options = new BitSplitOptions { WeightBits = Within("--bits", parsed.GetValue(bits), 2, 8), Patches = Within("--patches", parsed.GetValue(patches), 1, 1_000_000) };
            var ofLayer = Within("--channels", parsed.GetValue(channels), 1, 10_000);
            var file = parsed.GetValue(model)!;
            var network = BatchNormFolding.Apply(OnnxNetwork.Load(file));
            var count = Within("--calibration-samples", parsed.GetValue(samples), 1, 4096);
            var noise = new NormalSamples(ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray(), count, seed: 1);
            values.Remark($"solving {Path.GetFileName(file)}");
            var results = SolverBenchmark.Run(new Calibrator(noise, count, values.Threads).For(network).Layers, options, ofLayer, cancellation);
            if (values.PrintsTable) Print(results);
            values.WriteJson(new BenchmarkDocument<SolverTiming> { Kind = "solvers", Model = Path.GetFileName(file), Machine = MachineDescription.Of(values.Threads), Results = results }.ToJson);
            values.WriteCsv(results);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static int Within(string option, int value, int lowest, int highest)
        => value >= lowest && value <= highest ? value : throw new UserErrorException($"{option} must lie in {lowest}..{highest}, not {value}");

    private static void Print(IReadOnlyList<SolverTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "layer", "outputs", "depth", "patches", "s", "channels", "s, one thread", "value by value, s", "times slower" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading == "layer" ? Justify.Left : Justify.Right });
        foreach (var result in results)
            table.AddRow(Terminal.Plain(result.Layer), $"{result.Outputs}", $"{result.Depth}", $"{result.Patches}", $"{result.Seconds:0.000}", $"{result.Channels}", $"{result.SecondsOfChannels:0.000}", $"{result.NaiveSeconds:0.000}", BenchVerb.Ratio(result.Ratio));
        Terminal.Out.Write(table);
        var (ours, naive) = (results.Sum(result => result.SecondsOfChannels), results.Sum(result => result.NaiveSeconds));
        Terminal.Out.WriteLine($"{results.Count} layers in {results.Sum(result => result.Seconds):0.00} s; the same channels on one thread {ours:0.00} s, value by value {naive:0.00} s: {BenchVerb.Ratio(naive / ours)}");
    }
}

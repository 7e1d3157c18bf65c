using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Onnx;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench network</c>: whole networks.</summary>
internal static class BenchNetworkVerb
{
    private const string Description = """
        Times a network in fp32 and under recipes, with one thread, and shows where the time goes: each node's shortest time, the kernel that
        was chosen, and its share of the machine's limit. Methods are calibrated on noise, since only speed is looked at. A packed network
        is timed with --threads N as well, beside what N threads make of the machine's multiply-add peak, and with --beside against another
        packed one: a pruned network's speed-up then stands beside what its zeros promise.

        Examples:
          subbyte bench network resnet20.onnx
          subbyte bench network resnet20.onnx --method "int8; int4; tr" --against onnxruntime --json network.json
          subbyte bench network resnet20.subbyte --source resnet20.onnx --against onnxruntime --report bench.html
          subbyte bench network resnet20.subbyte --threads 2
          subbyte bench network pruned.subbyte --beside dense.subbyte
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var model = new Argument<string>("MODEL") { Description = "the ONNX file, or a packed .subbyte" };
        var methods = new Option<string>("--method", "--methods") { Description = "recipes timed beside fp32, separated by semicolons", DefaultValueFactory = _ => "int8", HelpName = "\"A; B\"" };
        var batch = BenchVerb.Batch();
        var source = new Option<string?>("--source") { Description = "the ONNX file that a packed network was made of, for ONNX Runtime to run", HelpName = "MODEL" };
        var (against, folder, milliseconds) = (BenchVerb.Against(), BenchVerb.Folder(), BenchVerb.Milliseconds());
        var beside = new Option<string?>("--beside") { Description = "another packed network, timed in turns with a packed MODEL", HelpName = "FILE" };
        var report = BenchVerb.Report();
        var verb = new Command("network", Description) { model, methods, batch, source, beside, against, folder, milliseconds, report };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var options = new NetworkBenchmarkOptions
            {
                Batch = BenchVerb.Samples(parsed.GetValue(batch)),
                Milliseconds = BenchVerb.Time(parsed.GetValue(milliseconds)),
                Recipes = Recipe.ParseMany(parsed.GetValue(methods)!),
                OnnxRuntime = BenchVerb.Rival(parsed.GetValue(against), parsed.GetValue(folder)),
            };
            var file = parsed.GetValue(model)!;
            var page = BenchVerb.Page(parsed.GetValue(report));
            var threads = values.ThreadsAreGiven ? values.Threads : 1;
            if (threads > 1 && !PackedModel.IsOne(file)) throw new UserErrorException("--threads is for packed networks; others are timed with one thread");
            if (parsed.GetValue(beside) is not null && !PackedModel.IsOne(file)) throw new UserErrorException("--beside is for packed networks: give MODEL.subbyte");
            values.Remark($"timing {Path.GetFileName(file)}");
            var results = PackedModel.IsOne(file)
                ? PackedBenchmark.Run(PackedModel.Load(file), parsed.GetValue(source) is { } origin ? OnnxNetwork.Load(origin) : null, parsed.GetValue(beside) is { } other ? PackedModel.Load(other) : null, threads, options.Milliseconds, options.OnnxRuntime, cancellation)
                : NetworkBenchmark.Run(OnnxNetwork.Load(file), options, cancellation);
            if (values.PrintsTable) Print(results);
            var document = new BenchmarkDocument<NetworkTiming> { Kind = "network", Model = Path.GetFileName(file), Machine = MachineDescription.Of(threads), Results = results };
            values.WriteJson(document.ToJson);
            values.WriteCsv(results);
            if (page is not null) Files.WriteAtomically(page, stream => BenchmarkReport.Write(document, stream));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    /// <summary>Prints the results, and the layers of each that has them.</summary>
    /// <param name="results">The results.</param>
    public static void Print(IReadOnlyList<NetworkTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "by", "format", "ms", "median", "90 %", "99 %", "runs", "samples/s", "GMAC/s", "vs fp32", "vs int8", "vs exact int8" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading is "by" or "format" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var result in results)
        {
            table.AddRow(
                result.Runner,
                Terminal.Plain(result.Format),
                $"{result.Milliseconds:0.000}",
                $"{result.MedianMilliseconds:0.000}",
                $"{result.Percentile90Milliseconds:0.000}",
                $"{result.Percentile99Milliseconds:0.000}",
                $"{result.Repeats}",
                $"{result.SamplesPerSecond:0}",
                $"{result.GigaMacsPerSecond:0.0}",
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeFp32),
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeInt8),
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeExactInt8));
        }

        Terminal.Out.Write(table);
        Console.Out.WriteLine("milliseconds are the shortest run, the median and what 90 and 99 of 100 do not exceed; 'vs' is ONNX Runtime's shortest run by this one");
        if (results[0].FileBytes is { } bytes) Console.Out.WriteLine($"{Quantity.Memory.Format(bytes)} of file, {Quantity.Memory.Format(results[0].RunBytes ?? 0)} of memory a run");
        foreach (var result in results.Where(result => result.Sparsity is not null)) PrintSparsity(result, results);
        foreach (var result in results.Where(result => result.SpeedupOverOneThread is not null))
            Console.Out.WriteLine($"{result.Threads} threads: {result.SpeedupOverOneThread:0.00} times one; the multiply-add peak scales {result.PeakSpeedupOfThreads:0.00} times in this run, so {result.SpeedupOverOneThread / result.PeakSpeedupOfThreads:P0} of that");
        foreach (var result in results.Where(result => result.Layers.Count > 0)) PrintLayers(result);
    }

    private static void PrintSparsity(NetworkTiming result, IReadOnlyList<NetworkTiming> results)
    {
        var zeros = result.Sparsity!;
        if (result.SpeedupOverOther is { } speedup) Console.Out.WriteLine($"{result.Format} is {speedup:0.00} times as fast as {results.First(other => other.Runner == "subbyte" && other != result && other.Threads == 1).Format}");
        Console.Out.WriteLine($"{result.Format}, zeros by multiply-accumulates: {zeros.ZeroWeights:P1} of the weights (they promise {zeros.PotentialOfWeights:0.0} times the speed), {zeros.ZeroDigits:P1} of the digits ({zeros.PotentialOfDigits:0.0} times), {zeros.ZeroWords:P1} of the 64-bit words ({zeros.PotentialOfWords:0.0} times)");
    }

    private static void PrintLayers(NetworkTiming result)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Terminal.Plain(result.Format)) }.AddColumns("node", "kernel", "µs", "GMAC/s", "of peak");
        for (var i = 2; i < table.Columns.Count; i++) table.Columns[i].Alignment = Justify.Right;
        foreach (var layer in result.Layers)
            table.AddRow(Terminal.Plain(layer.Name), layer.Kernel ?? "", $"{1000 * layer.Milliseconds:0.0}", layer.GigaMacsPerSecond is { } rate ? $"{rate:0.0}" : "", BenchVerb.Share(layer.ShareOfPeak));
        Terminal.Out.Write(table);
    }
}

using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Onnx;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench methods</c>: what bit-exact emulation of each method costs.</summary>
internal static class BenchMethodsVerb
{
    private const string Default = """
        int4; fxp:bits=8; fxp:bits=16; log:bits=4; one-hot; k-hot:k=2; k-hot:k=3; tr:group=8,budget=12; sparq:window=5opt; bit-split; fpec:bits=6; fpec:bits=6,mode=d;
        nb-smt; nb-smt:policy=S; nb-smt:policy=S+Aw; nb-smt:policy=S+W; nb-smt:policy=S+aW; nb-smt:policy=A; nb-smt:policy=Aw; nb-smt:policy=W; nb-smt:policy=aW;
        nb-smt:threads=4; nb-smt:threads=4,policy=S; nb-smt:threads=4,policy=S+Aw; nb-smt:threads=4,policy=S+W; nb-smt:threads=4,policy=S+aW; nb-smt:threads=4,split=k-halves
        """;

    private const string Description = """
        Times the bit-exact emulation of methods beside our own INT8 evaluation of the same network, in turns, with one thread; and beside
        that the same layers value by value without vectors: by the method's processing element where it has one (nb-smt, fpec), else as its
        sum of products. Methods are calibrated on noise, since only speed is looked at.

        Examples:
          subbyte bench methods resnet20.onnx
          subbyte bench methods resnet20.onnx --methods "nb-smt:threads=4; fpec" --isa avx2 --json methods.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var model = new Argument<string>("MODEL") { Description = "the ONNX file" };
        var methods = new Option<string>("--method", "--methods") { Description = "recipes, separated by semicolons; one of each kind when absent", HelpName = "\"A; B\"" };
        var (batch, milliseconds) = (BenchVerb.Batch(), BenchVerb.Milliseconds());
        var verb = new Command("methods", Description) { model, methods, batch, milliseconds };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var (size, time) = (BenchVerb.Samples(parsed.GetValue(batch)), BenchVerb.Time(parsed.GetValue(milliseconds)));
            var recipes = Recipe.ParseMany(parsed.GetValue(methods) ?? Default);
            var file = parsed.GetValue(model)!;
            var network = OnnxNetwork.Load(file);
            values.Remark($"timing {Path.GetFileName(file)}");
            var results = MethodBenchmark.Run(network, recipes, size, time, cancellation);
            if (values.PrintsTable) Print(results);
            values.WriteJson(new BenchmarkDocument<MethodTiming> { Kind = "methods", Model = Path.GetFileName(file), Machine = MachineDescription.Of(1), Results = results }.ToJson);
            values.WriteCsv(results);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(IReadOnlyList<MethodTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "recipe", "ms", "median", "runs", "samples/s", "× INT8", "median × INT8", "value by value, ms", "of it run", "times slower" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading == "recipe" ? Justify.Left : Justify.Right, NoWrap = heading == "recipe" });
        foreach (var result in results)
        {
            table.AddRow(
                Terminal.Plain(result.Recipe),
                $"{result.Milliseconds:0.000}",
                $"{result.MedianMilliseconds:0.000}",
                $"{result.Repeats}",
                $"{result.SamplesPerSecond:0}",
                $"{result.TimesInt8:0.00}",
                $"{result.MedianTimesInt8:0.00}",
                $"{result.NaiveMilliseconds:0.0}",
                BenchVerb.Share(result.NaiveShare),
                $"{result.NaiveTimes:0}");
        }

        Terminal.Out.Write(table);
        Console.Out.WriteLine("milliseconds are the shortest run; value by value: layers alone, one thread, no vectors, from the part of their positions that was run");
    }
}

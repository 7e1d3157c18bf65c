using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Rtl;
using Subbyte.Hardware.Topologies;
using Subbyte.Methods;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte rtl</c>: a method's processing element as Verilog, with a testbench and vectors of a real layer.</summary>
internal static class RtlVerb
{
    private const string Description = """
        Writes a method's processing element as Verilog with a self-checking testbench, vectors of a layer and a Makefile: 'make icarus' or
        'make verilator' builds it, runs it and prints a line that begins with PASS or FAIL. Sums and cycles are held to the C# model.
        METHOD is a recipe, such as int8 (the conventional element), sparq, nb-smt:threads=4, tr, fpec or one-hot. Without a network a layer is drawn.

        Examples:
          subbyte rtl tr --from resnet20.onnx --layer 5 --data cifar10:data/cifar10 --out rtl && make -C rtl icarus
          subbyte rtl nb-smt:threads=2 --array 8x8 --from resnet20.onnx --layer layer1.0.conv1 --data cifar10:data/cifar10 --out rtl
          subbyte rtl tr --block group-budget --out rtl --run verilator
        """;

    private const int DrawnPositions = 64;

    // A testbench should end within a minute in an interpreting simulator.
    private const long MostCycles = 16_000_000;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions(), new TaskOptions { ModelIsOption = true });
        var method = new Argument<string>("METHOD") { Description = "the recipe" };
        var layer = new Option<string>("--layer") { Description = "the layer's name, or its index in execution order", DefaultValueFactory = _ => "1", HelpName = "L" };
        var block = new Option<string>("--block") { Description = "element: the processing element; pair: two conventional ones in one; modes: a term MAC term-revealed, conventional and term-revealed again, switched at run time; hese-encoder or group-budget: what stands before term MACs", DefaultValueFactory = _ => "element", HelpName = "BLOCK" };
        block.AcceptOnlyFromAmong("element", "pair", "modes", "hese-encoder", "group-budget");
        var array = new Option<string?>("--array") { Description = "a systolic array of that many rows and columns around the element", HelpName = "RxC" };
        var positions = new Option<int?>("--positions") { Description = "output positions of the layer; all of one sample, or fewer where simulation would take long", HelpName = "N" };
        var folder = new Option<string>("--out") { Description = "folder of the files", Required = true, HelpName = "DIR" };
        var run = new Option<string?>("--run") { Description = "also run the testbench: icarus or verilator; code 1 when it says FAIL", HelpName = "SIMULATOR" };
        run.AcceptOnlyFromAmong("icarus", "verilator");
        var verb = new Command("rtl", Description) { method, layer, block, array, positions, folder, run };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var recipe = Recipe.Parse(parsed.GetValue(method)!);
            if (recipe.IsFloat) throw new UserErrorException("fp32 has no RTL; give a method such as int8, sparq, nb-smt, tr, fpec or one-hot");
            var size = parsed.GetValue(array) is { } text ? ArraySize.Parse(text) : (ArraySize?)null;
            var most = parsed.GetValue(positions);
            if (most is < 1 or > 1 << 20) throw new UserErrorException($"--positions must lie in 1..{1 << 20}, not {most}");
            OutputFolders.RequireWritable(parsed.GetValue(folder)!);
            var captured = task.NamesModel(parsed)
                ? LayerCapture.Of(task.Load(parsed, values, needsCalibration: true), recipe, parsed.GetValue(layer)!, most, values.Threads, cancellation)
                : Drawn(recipe, most ?? DrawnPositions, values.Seed);
            var bench = Bench(parsed.GetValue(block)!, captured, size, most is null);
            bench.Write(parsed.GetValue(folder)!);
            Console.Out.WriteLine($"{bench.Name}: layer {captured.Layer.Name}, {bench.Sums} results, {bench.Cycles} cycles, in {parsed.GetValue(folder)}");
            values.WriteJson(() => DocumentJson.Write(new { schema = "subbyte.rtl/1", block = bench.Name, layer = captured.Layer.Name, recipe = recipe.Canonical, sums = bench.Sums, cycles = bench.Cycles, files = bench.Files.Keys.Order(StringComparer.Ordinal) }));
            if (parsed.GetValue(run) is not { } simulator) return Task.FromResult(ExitCodes.Done);
            var verdict = CoSimulation.Run(parsed.GetValue(folder)!, Enum.Parse<RtlSimulator>(simulator, ignoreCase: true));
            Console.Out.WriteLine(verdict);
            return Task.FromResult(verdict.StartsWith("PASS", StringComparison.Ordinal) ? ExitCodes.Done : ExitCodes.CheckFailed);
        });
        return verb;
    }

    private static RtlLayer Drawn(Recipe recipe, int positions, int seed)
    {
        var shape = new TopologyLayer("drawn", new MatrixShape(positions, 16, 9 * 16), 16 * 9 * 16) { KernelHeight = 3, KernelWidth = 3 };
        var layer = DrawnLayer.Of(shape, index: 1, isLast: false, seed);
        var draft = recipe.Draft(layer) ?? throw new UserErrorException($"'{recipe.Text}' covers no layer; leave 'layers=' and 'except=' out, or give --from");
        return new RtlLayer(draft, draft.Activations is null ? [] : DrawnLayer.Rows(layer, draft.Activations, seed));
    }

    private static RtlBench Bench(string block, RtlLayer layer, ArraySize? array, bool mayShorten)
    {
        if (block == "hese-encoder") return EncoderBench.OfEncoder(layer);
        if (block == "group-budget") return EncoderBench.OfRevealer(layer);
        IReadOnlyList<RtlElement> phases = block switch
        {
            "pair" => [RtlElements.PairOf(layer.Draft)],
            "modes" => RtlElements.ModesOf(layer.Draft),
            _ => [RtlElements.Of(layer.Draft)],
        };
        if (mayShorten)
        {
            var cyclesOfPosition = layer.Filters * phases.Sum(element => (long)element.Steps * element.Beat) / (array is { } size ? Math.Max(1, size.Elements / 4) : 1);
            var positions = (int)Math.Clamp(MostCycles / Math.Max(1, cyclesOfPosition), 1, layer.Positions);
            layer = layer with { Rows = layer.Rows[..(positions * layer.Layer.Depth)] };
        }

        return RtlBench.OfPhases(layer, phases, array ?? new ArraySize(1, 1));
    }
}

using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;
using Subbyte.Methods;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte simulate</c>: what a systolic array or tile does with a network, layer by layer.</summary>
internal static class SimulateVerb
{
    private const string Description = """
        Simulates an accelerator on a network, layer by layer: cycles, utilization, energy and traffic beside the paper's baseline. Without data the
        activations are drawn, half of them zero; of a topology with --method the weights too.

        Examples:
          subbyte simulate --topology resnet18 --array 32x32 --dataflow ws
          subbyte simulate --topology Resnet18.csv --config scale.cfg --json cycles.json
          subbyte simulate resnet20.onnx --method nb-smt:threads=2 --array 16x16 --data cifar10:data/cifar10 --out runs/simulation
          subbyte simulate --topology resnet18 --method laconic
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task, array) = (new CommonOptions { HasTable = true }, new TaskOptions(), new ArrayOptions());
        var topology = new Option<string?>("--topology") { Description = $"shapes instead of a network: a SCALE-Sim topology CSV, or one of {string.Join(", ", Topology.BuiltIn)}", HelpName = "FILE|NAME" };
        var method = new Option<string?>("--method") { Description = "the recipe; uniform eight bits when absent", HelpName = "RECIPE" };
        var folder = new Option<string?>("--out") { Description = "folder of report.html; without it there is none", HelpName = "DIR" };
        var verb = new Command("simulate", Description) { topology, method, folder };
        task.AddTo(verb);
        array.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var simulator = array.Read(parsed);
            var recipe = parsed.GetValue(method) is { } text ? Recipe.Parse(text) : null;
            if (parsed.GetValue(topology) is not null && task.NamesModel(parsed)) throw new UserErrorException("give a network or --topology, not both");
            if (parsed.GetValue(folder) is { } reports) OutputFolders.RequireWritable(reports);
            var document = parsed.GetValue(topology) is { } shapes ? OfTopology(Topology.Load(shapes), recipe, simulator, values, cancellation)
                : task.NamesData(parsed) ? OfData(task.Load(parsed, values, recipe?.IsFloat != true), task.Limit(parsed), recipe, simulator, values, cancellation)
                : OfNetwork(task.Model(parsed) ?? throw new UserErrorException("no network: give MODEL, --workload or --topology"), recipe, simulator, values, cancellation);
            if (values.PrintsTable) SimulationTable.Print(document);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Results.Append(document.Total).Select(result => new SimulationRow(result)));
            if (parsed.GetValue(folder) is { } page) WriteReport(Path.Combine(page, "report.html"), document, values);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void WriteReport(string path, SimulationDocument document, CommonValues values)
    {
        Files.WriteAtomically(path, stream => SimulationReport.Write(document, stream));
        if (values.PrintsTable) Console.Out.WriteLine($"report: {Path.GetFullPath(path)}");
        else values.Remark($"report: {Path.GetFullPath(path)}");
    }

    private static SimulationDocument OfTopology(Topology topology, Recipe? recipe, ArraySimulator simulator, CommonValues values, CancellationToken cancellation)
    {
        var layers = new NetworkSimulation(simulator).Run(topology, recipe, values.Seed, values.Threads, cancellation);
        return Document(layers, recipe, simulator, values) with { Topology = topology.Name };
    }

    private static SimulationDocument OfNetwork(string file, Recipe? recipe, ArraySimulator simulator, CommonValues values, CancellationToken cancellation)
    {
        var network = NetworkFile.Load(file);
        var layers = new NetworkSimulation(simulator).Run(network, recipe, values.Seed, values.Threads, cancellation);
        return Document(layers, recipe, simulator, values) with { Topology = file };
    }

    private static SimulationDocument OfData(EvaluationTask task, int? limit, Recipe? recipe, ArraySimulator simulator, CommonValues values, CancellationToken cancellation)
    {
        var workbench = new Workbench(task, new EvaluationOptions { Threads = values.Threads, Limit = limit, CostSamples = limit ?? new EvaluationOptions().CostSamples });
        recipe ??= Recipe.Parse("int8");
        var layers = new NetworkSimulation(simulator).Run(workbench, recipe, cancellation);
        var described = workbench.Document("subbyte.simulate/1", values.Seed, []);
        return Document(layers, recipe, simulator, values) with { Model = described.Model, Data = described.Data };
    }

    private static SimulationDocument Document(IReadOnlyList<LayerSimulation> layers, Recipe? recipe, ArraySimulator simulator, CommonValues values) => new()
    {
        Method = recipe?.Canonical,
        Array = ArrayDescription.Of(simulator.Configuration),
        Energies = simulator.Energies,
        Seed = values.Seed,
        Machine = MachineDescription.Of(values.Threads),
        Results = [.. layers.Select(SimulationResult.Of)],
        Total = SimulationResult.Sum(layers),
    };
}

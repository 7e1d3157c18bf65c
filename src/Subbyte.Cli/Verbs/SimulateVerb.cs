using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte simulate</c>: what a systolic array or tile does with a network, layer by layer.</summary>
internal static class SimulateVerb
{
    private const string Description = """
        Simulates an accelerator on a network, layer by layer: cycles, utilization, energy and traffic beside the paper's baseline.

        Examples:
          subbyte simulate --topology resnet18 --array 32x32 --dataflow ws
          subbyte simulate --topology Resnet18.csv --config scale.cfg --json cycles.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var topology = new Option<string?>("--topology") { Description = $"shapes only: a SCALE-Sim topology CSV, or one of {string.Join(", ", Topology.BuiltIn)}", HelpName = "FILE|NAME" };
        var array = new ArrayOptions();
        var verb = new Command("simulate", Description) { topology };
        array.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction(parsed =>
        {
            var values = common.Read(parsed);
            var simulator = array.Read(parsed);
            var shapes = Topology.Load(parsed.GetValue(topology) ?? throw new UserErrorException("no network: give --topology FILE.csv"));
            var layers = shapes.Layers.Select(simulator.Run).ToArray();
            var document = new SimulationDocument
            {
                Topology = shapes.Name,
                Array = ArrayDescription.Of(simulator.Configuration),
                Energies = simulator.Energies,
                Seed = values.Seed,
                Machine = MachineDescription.Of(values.Threads),
                Results = [.. layers.Select(SimulationResult.Of)],
                Total = SimulationResult.Sum(layers),
            };
            if (values.PrintsTable) SimulationTable.Print(document);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Results.Append(document.Total).Select(result => new SimulationRow(result)));
            return ExitCodes.Done;
        });
        return verb;
    }
}

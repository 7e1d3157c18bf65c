using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench simulate</c>: how long the simulator of accelerators takes.</summary>
internal static class BenchSimulateVerb
{
    private const string Description = """
        Times the simulator: the shapes of ResNet-50 on three dataflows, and ResNet-18 at 224 by 224 with drawn values, every layer exactly.

        Examples:
          subbyte bench simulate --json simulate.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var verb = new Command("simulate", Description);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var results = SimulationBenchmark.Run(values.Remark, cancellation);
            if (values.PrintsTable) Print(results);
            values.WriteJson(new BenchmarkDocument<SimulationTiming> { Kind = "simulate", Machine = MachineDescription.Of(values.Threads), Results = results }.ToJson);
            values.WriteCsv(results);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(IReadOnlyList<SimulationTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("simulation", "MACs", "ms", "bar, ms");
        foreach (var index in new[] { 1, 2, 3 }) table.Columns[index].Alignment = Justify.Right;
        foreach (var result in results) table.AddRow(Terminal.Plain(result.Name), Quantity.Count.Format(result.Macs), $"{result.Milliseconds:0.0}", $"{result.Bar:0}");
        Terminal.Out.Write(table);
    }
}

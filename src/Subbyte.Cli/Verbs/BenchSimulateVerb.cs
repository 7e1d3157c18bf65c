using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench simulate</c>: how long the simulator of accelerators takes.</summary>
internal static class BenchSimulateVerb
{
    private const string Description = """
        Times the simulator: the shapes of ResNet-50 on three dataflows, and ResNet-18 at 224 by 224 with drawn values, every layer exactly. What
        takes longer than its bar has a '!' beside it.

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
            var results = SimulationBenchmark.Run(values.Threads, values.Remark, cancellation);
            if (values.PrintsTable) Print(results);
            values.WriteJson(new BenchmarkDocument<SimulationTiming> { Kind = "simulate", Machine = MachineDescription.Of(values.Threads), Results = results }.ToJson);
            values.WriteCsv(results);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(IReadOnlyList<SimulationTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("simulation", "MACs", "ms", "bar, ms", "µs a layer", "MAC/s");
        foreach (var column in table.Columns.Skip(1)) column.Alignment = Justify.Right;
        foreach (var result in results)
        {
            table.AddRow(
                Terminal.Plain(result.Name),
                Quantity.Count.Format(result.Macs),
                FormattableString.Invariant($"{result.Milliseconds:0.####}{(result.IsWithinBar ? "" : " !")}"),
                FormattableString.Invariant($"{result.Bar:0.##}"),
                FormattableString.Invariant($"{result.LayerMicroseconds:0.0}"),
                Quantity.Count.Format(result.MacsPerSecond));
        }

        Terminal.Out.Write(table);
    }
}

using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench peak</c>: the limits of this machine.</summary>
internal static class BenchPeakVerb
{
    private const string Description = """
        Measures what this machine can do at most with data in registers, and how fast it reads memory: with one thread, and with
        --threads of them at once. Shares of the peak in other benchmarks refer to these limits.

        Examples:
          subbyte bench peak
          subbyte bench peak --threads 4 --json peak.json --csv peak.csv
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var verb = new Command("peak", Description);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            values.Remark("measuring the machine's limits");
            var results = PeakBenchmark.Run(values.Threads, cancellation);
            if (values.PrintsTable) Print(results);
            values.WriteJson(new BenchmarkDocument<PeakResult> { Kind = "peak", Machine = MachineDescription.Of(values.Threads), Results = results }.ToJson);
            values.WriteCsv(results);
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static void Print(IReadOnlyList<PeakResult> results)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("limit", "instruction set", "threads", "G/s", "unit");
        foreach (var index in new[] { 2, 3 }) table.Columns[index].Alignment = Justify.Right;
        foreach (var result in results) table.AddRow(result.Name, result.InstructionSet, $"{result.Threads}", $"{result.GigaPerSecond:0.0}", result.Unit);
        Terminal.Out.Write(table);
    }
}

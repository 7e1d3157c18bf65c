using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>The table that <c>simulate</c> prints: a row a layer, and their sum.</summary>
internal static class SimulationTable
{
    /// <summary>Prints a simulation.</summary>
    /// <param name="document">The document.</param>
    public static void Print(SimulationDocument document)
    {
        var total = document.Total;
        Console.Out.WriteLine($"{total.Element} against {total.BaselineElement}, array {document.Array.Rows}x{document.Array.Columns} {document.Array.Dataflow}");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "layer", "positions", "filters", "depth", "MACs", "cycles", "speed-up", "utilization", "busy steps", "baseline's", "stalls", "elements", "saved", "energy", "DRAM" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading == "layer" ? Justify.Left : Justify.Right, NoWrap = heading != "layer" });
        foreach (var result in document.Results.Append(total))
        {
            table.AddRow(
                Terminal.Plain(result.Recipe),
                $"{result.N}",
                $"{result.M}",
                $"{result.K}",
                Quantity.Count.Format(result.Cost.Macs),
                $"{result.Cost.Cycles:#,0}",
                $"{result.Speedup:0.00}",
                Quantity.Percent(result.Utilization, 1),
                Quantity.Percent(result.BusyShare, 1),
                Quantity.Percent(result.BaselineBusyShare, 1),
                Quantity.Count.Format(result.StallCycles),
                Quantity.Energy.Format(result.EnergyPartsPicojoules.Elements),
                Quantity.Percent(result.ElementEnergySaving, 1),
                Quantity.Energy.Format(result.Cost.EnergyPicojoules),
                Quantity.Memory.Format(result.Traffic.DramReadBytes + result.Traffic.DramWriteBytes));
        }

        Terminal.Out.Write(table);
        Console.Out.WriteLine("for one sample; cycles without the stalls that DRAM causes; busy steps: fill and drain apart; elements: modelled energy of the processing elements, and what of it is saved against the baseline's; energy: SRAM and DRAM too");
        foreach (var result in document.Results.Where(result => result.Note is not null)) Console.Out.WriteLine($"{result.Recipe}: {result.Note}");
    }
}

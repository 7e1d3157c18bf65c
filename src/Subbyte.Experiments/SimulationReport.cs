using Subbyte.Costs;
using Subbyte.Experiments.Reports;
using Subbyte.Hardware.Simulation;
using static System.FormattableString;

namespace Subbyte.Experiments;

/// <summary>The report of a simulation: one HTML page with the energy of each layer as stacked bars, utilization, and a roofline.</summary>
public static class SimulationReport
{
    private static readonly (string Name, string Colour, Func<EnergyParts, double> Of)[] Parts =
    [
        ("operations", "c0", parts => parts.Arithmetic),
        ("idle elements", "c1", parts => parts.Idle),
        ("SRAM", "c2", parts => parts.Sram),
        ("DRAM", "c3", parts => parts.Dram),
    ];

    /// <summary>Writes the report.</summary>
    /// <param name="document">The simulation.</param>
    /// <param name="stream">Receives the page as UTF-8 without a byte order mark; it stays open.</param>
    public static void Write(SimulationDocument document, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(stream);
        HtmlPage.Write($"{Name(document)} simulated — Subbyte", stream, html => WriteBody(html, document));
    }

    private static string Name(SimulationDocument document) => document.Model?.File ?? document.Topology ?? "network";

    private static void WriteBody(MarkupWriter html, SimulationDocument document)
    {
        WriteHeader(html, document);
        using (html.In("main"))
        {
            WriteLayers(html, document);
            WriteEnergy(html, document);
            WriteUtilization(html, document);
            using (html.In("section", ("id", "roofline")))
            {
                html.Leaf("h2", "Roofline");
                new RooflinePlot(document).Write(html);
                html.Leaf("p", "Each point is a layer. The dashed lines are the array's peak (one multiply-accumulate an element and cycle, or the best layer's rate where elements take several operands at once) and the bandwidth of DRAM where it has a limit. Stalls count.", ("class", "note"));
            }

            WriteMeaning(html, document);
        }

        html.Leaf("footer", $"Subbyte {document.Version}");
    }

    private static void WriteHeader(MarkupWriter html, SimulationDocument document)
    {
        using var header = html.In("header");
        var (total, array) = (document.Total, document.Array);
        html.Leaf("p", "Subbyte simulation", ("class", "kicker"));
        html.Leaf("h1", Name(document));
        html.Leaf("p", $"{total.Element} on {array.Rows} × {array.Columns}, {array.Dataflow}: {Quantity.Count.Format(total.Cost.Cycles)} cycles a sample, {Quantity.Significant(total.Speedup)} times the speed of {total.BaselineElement}; its elements take {Quantity.Percent(total.ElementEnergySaving, 1)} less energy.", ("class", "lead"));
        using var facts = html.In("dl", ("class", "facts"));
        Fact(html, "Method", document.Method ?? "uniform eight bits");
        Fact(html, "Data", document.Data is { } data ? $"{data.Spec}, {Quantity.Whole(data.Samples)} samples" : document.Method is null ? "shapes alone" : $"drawn values, half of the activations zero, seed {document.Seed}");
        Fact(html, "SRAM", $"{Quantity.Memory.Format(array.InputSramBytes)} activations, {Quantity.Memory.Format(array.FilterSramBytes)} weights, {Quantity.Memory.Format(array.OutputSramBytes)} outputs");
        Fact(html, "DRAM", array.DramBytesPerCycle is { } bytes ? $"{Quantity.Significant(bytes)} bytes a cycle, {Quantity.Count.Format(total.StallCycles)} cycles of stalls" : "without a limit");
    }

    private static void Fact(MarkupWriter html, string name, string text)
    {
        html.Leaf("dt", name);
        html.Leaf("dd", text);
    }

    private static void WriteLayers(MarkupWriter html, SimulationDocument document)
    {
        using var section = html.In("section", ("id", "layers"));
        html.Leaf("h2", "Layers");
        ReportTable.Write(html, "Layers", "plain", [new("Layer", null, true), new("MACs"), new("cycles"), new("speed-up"), new("utilization"), new("busy steps", "fill and drain apart"), new("baseline's"), new("stalls"), new("energy"), new("DRAM")], () =>
        {
            foreach (var result in document.Results.Append(document.Total))
            {
                using var row = html.In("tr");
                html.Name("th", result.Recipe, ("scope", "row"), ("class", "text"), ("title", result.Note));
                ReportTable.Number(html, Quantity.Count.Format(result.Cost.Macs));
                ReportTable.Number(html, Quantity.Whole((long)result.Cost.Cycles));
                ReportTable.Number(html, Quantity.Significant(result.Speedup));
                ReportTable.Number(html, Quantity.Percent(result.Utilization, 1));
                ReportTable.Number(html, Quantity.Percent(result.BusyShare, 1));
                ReportTable.Number(html, Quantity.Percent(result.BaselineBusyShare, 1));
                ReportTable.Number(html, Quantity.Count.Format(result.StallCycles));
                ReportTable.Number(html, Quantity.Energy.Format(result.Cost.EnergyPicojoules));
                ReportTable.Number(html, Quantity.Memory.Format(result.Traffic.DramReadBytes + result.Traffic.DramWriteBytes));
            }
        });
    }

    private static void WriteEnergy(MarkupWriter html, SimulationDocument document)
    {
        using var section = html.In("section", ("id", "energy"));
        html.Leaf("h2", "Where the energy goes");
        var largest = document.Results.Max(result => result.EnergyPartsPicojoules.Total);
        WriteBars(html, document, "Energy of each layer", (result, bar) =>
        {
            var x = 0.0;
            foreach (var (_, colour, of) in Parts)
            {
                var width = 100 * of(result.EnergyPartsPicojoules) / largest;
                bar.Empty("rect", ("class", colour), ("style", "fill: var(--colour)"), ("x", Invariant($"{x:0.##}")), ("width", Invariant($"{width:0.##}")), ("height", "10"));
                x += width;
            }

            return Quantity.Energy.Format(result.EnergyPartsPicojoules.Total);
        });
        using var legend = html.In("p", ("class", "legend"));
        foreach (var (name, colour, _) in Parts)
        {
            using var entry = html.In("span", ("class", colour));
            html.Leaf("i", "");
            html.Text(name);
        }
    }

    private static void WriteUtilization(MarkupWriter html, SimulationDocument document)
    {
        using var section = html.In("section", ("id", "utilization"));
        html.Leaf("h2", "Utilization");
        WriteBars(html, document, "Utilization of each layer", (result, bar) =>
        {
            bar.Empty("rect", ("class", "c8"), ("style", "fill: var(--colour)"), ("y", "6"), ("width", Invariant($"{100 * Math.Min(1, result.BaselineUtilization):0.##}")), ("height", "4"));
            bar.Empty("rect", ("width", Invariant($"{100 * Math.Min(1, result.Utilization):0.##}")), ("height", "5"));
            return Quantity.Percent(result.Utilization, 1);
        });
        html.Leaf("p", "Share of the elements' cycles in which they work, fill, drain and ragged edges included; the lower, grey bar is the baseline's.", ("class", "note"));
    }

    private static void WriteBars(MarkupWriter html, SimulationDocument document, string label, Func<SimulationResult, MarkupWriter, string> bar)
        => BarTable.Write(html, label, "Layer", document.Results.Select(result => (result.Recipe, (Func<MarkupWriter, string>)(svg => bar(result, svg)))));

    private static void WriteMeaning(MarkupWriter html, SimulationDocument document)
    {
        using var section = html.In("section", ("id", "reading"));
        html.Leaf("h2", "What this means");
        html.Leaf("p", "Cycles follow from shapes, and from the values where a method's time depends on them; every fold of a layer is charged the whole array, as SCALE-Sim does. Energy is modelled from counts of operations and accesses; it ranks designs and predicts no chip.");
        html.Leaf("p", $"Operations: {EnergyTable.Source}. {ArrayEnergyTable.MemorySource}. Idle: {ArrayEnergyTable.IdleSource}. On-chip energies are for {Quantity.Significant(document.Energies.Nanometres)} nm.", ("class", "note"));
    }
}

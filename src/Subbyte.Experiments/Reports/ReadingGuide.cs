using Subbyte.Costs;
using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>How to read the report, and the constants that its modelled figures stand on.</summary>
internal static class ReadingGuide
{
    private static readonly (string Question, string Answer)[] Entries =
    [
        ("What is a recipe?", "One method, or several in order separated by a plus sign. fp32 is the network as it came. Every recipe ran on the same samples, with the same calibration data, emulated bit by bit."),
        ("Is the difference real?", "Intervals (Wilson, 95 %) say how far the metric could be from that of all such data. Between two recipes on the same samples the flips say more: 20 lost and 18 gained is noise, 20 lost and none gained is not, though both may lie within the interval of fp32."),
        ("Which one should I take?", "One on the Pareto front: nothing else is as accurate for less. Which cost matters is a question of your hardware; compare fronts before you settle."),
        ("Which layer hurts?", "The one at the top of the ranking. If a few layers hold most of the error, keep them at more bits or in float and let the method have the rest."),
        ("What is measured?", "Metric, flips, agreement, output error, noise and saturation are measured on the data named above. Weight memory is counted."),
        ("What is modelled?", "Energy, cycles and bit operations: computed from counts of operations. They rank recipes; they do not predict a chip. The speed of this CPU's emulation says nothing about the method."),
        ("Why are cycles not compared between methods?", "Each method counts on the hardware that its paper describes: one multiplier, a pair of small ones, or an array of thousands of cells. Compare settings of one method, and look for its paper's baseline among the operations of its recipe."),
    ];

    /// <summary>Writes the section.</summary>
    /// <param name="html">Where to write.</param>
    public static void Write(MarkupWriter html)
    {
        using var section = html.In("section", ("id", "reading"));
        html.Leaf("h2", "How to read this");
        using (html.In("dl", ("class", "guide")))
        {
            foreach (var (question, answer) in Entries)
            {
                html.Leaf("dt", question);
                html.Leaf("dd", answer);
            }
        }

        html.Leaf("h3", "Energies");
        WriteEnergies(html, EnergyTable.Default);
        html.Leaf("p", $"Source: {EnergyTable.Source}. A product of other widths costs the 8-bit multiplication × (weight bits × activation bits) / 64. Every modelled energy of this report is made of these figures.", ("class", "note"));
    }

    private static void WriteEnergies(MarkupWriter html, EnergyTable table)
    {
        (string Operation, double Picojoules)[] rows =
        [
            ("8-bit integer addition", table.AddInt8),
            ("32-bit integer addition", table.AddInt32),
            ("8-bit integer multiplication", table.MultiplyInt8),
            ("fp32 addition", table.AddFloat32),
            ("fp32 multiplication", table.MultiplyFloat32),
            ("read of 64 bits from an 8 KB SRAM", table.ReadSram64),
        ];
        ReportTable.Write(html, "Energies of operations", "plain short", [new("Operation", null, true), new("energy, pJ")], () =>
        {
            foreach (var (operation, picojoules) in rows)
            {
                using var row = html.In("tr");
                html.Leaf("th", operation, ("scope", "row"), ("class", "text"));
                ReportTable.Number(html, Invariant($"{picojoules:0.###}"));
            }
        });
    }
}

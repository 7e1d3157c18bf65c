using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Topologies;
using Subbyte.Methods.NbSmt;
using Subbyte.Methods.Sparq;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>Figures of accelerators that follow from shapes and models alone.</summary>
internal static class ArrayShapes
{
    private const string Classifier = "fc";

    /// <summary>
    /// Cycles of a network's convolutions on an output-stationary array over those with elements that take several operands a step, fill and drain
    /// included; the first layer, where it counts, runs as on the baseline.
    /// </summary>
    /// <param name="arguments">topology, array, operands of a step, cycles of a step (beat) and of a step of the baseline, and whether the first layer counts (first=1).</param>
    /// <returns>The speed-up.</returns>
    public static double Speedup(DrawnStatistics.Arguments arguments)
    {
        var array = ArraySize.Parse(arguments.Text("array", "16x16"));
        var (operands, beat, baseline) = (arguments.Integer("operands"), arguments.Integer("beat", 1), arguments.Integer("baseline", 1));
        double before = 0, after = 0;
        foreach (var (layer, index) in Topology.Load(arguments.Text("topology")).Layers.Select((layer, index) => (layer, index)).Where(entry => entry.layer.Name != Classifier))
        {
            if (index == 0 && arguments.Integer("first", 0) == 0) continue;
            double cycles = SystolicCycles.Of(layer.Shape, array, Dataflow.OutputStationary) * baseline;
            before += cycles;
            after += index == 0 ? cycles : SystolicCycles.Of(layer.Shape.Stepped(operands), array, Dataflow.OutputStationary) * beat;
        }

        return before / after;
    }

    /// <summary>Energy, in percent, that threads save when they raise the array's utilization.</summary>
    /// <param name="arguments">threads, and the utilization before and after.</param>
    /// <returns>Percent.</returns>
    public static double SavedByThreads(DrawnStatistics.Arguments arguments)
    {
        var threads = arguments.Integer("threads");
        return 100 * (1 - (NbSmtArray.RelativePower(threads, arguments.Number("after")) / threads / NbSmtArray.RelativePower(1, arguments.Number("before"))));
    }

    /// <summary>Area of SPARQ's element over that of two 8-bit ones, by the unit-gate model.</summary>
    /// <param name="arguments">window.</param>
    /// <returns>The ratio.</returns>
    public static double SparqArea(DrawnStatistics.Arguments arguments) => Methods.Sparq.SparqArea.Of(SparqWindow.Find(arguments.Text("window"))) / Methods.Sparq.SparqArea.TwoInt8;
}

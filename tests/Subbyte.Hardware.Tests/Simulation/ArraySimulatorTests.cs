using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Rtl;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Tests.Rtl;
using Subbyte.Hardware.Topologies;
using Subbyte.Lowering;
using Subbyte.Methods;

namespace Subbyte.Hardware.Tests.Simulation;

/// <summary>The simulator against arrays of scalar processing elements that run cycle by cycle.</summary>
[Trait("Speed", "Slow")]
public sealed class ArraySimulatorTests
{
    private static readonly string[] Recipes =
    [
        "int8", "one-hot", "sparq", "sparq:window=2opt,round=false", "sparq:window=3b6opt", "nb-smt:threads=2", "nb-smt:threads=2,policy=S+aW", "nb-smt:threads=4",
        "nb-smt:threads=4,split=k-halves", "tr:group=4,budget=6", "tr:group=3,budget=4,terms=2,encoding=binary", "fpec:adders=2", "fpec:mode=d,adders=2,bits=6", "fpec", "fpec:mode=d,bits=6",
    ];

    [Fact]
    public void Cycles_utilization_traffic_and_outputs_of_every_method_are_those_of_its_elements_run_cycle_by_cycle()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var recipe = Recipes[i % Recipes.Length];
            var captured = RtlLayers.Random(recipe, random.Next(1, 7), random.Next(1, 6), random.Next(1, 8), i, random.Next(1, 3));
            var dataflow = recipe.StartsWith("fpec", StringComparison.Ordinal) ? Dataflow.OutputStationary : random.Dataflow();
            var array = random.Array(4);
            var simulator = new ArraySimulator(new ArrayConfiguration(array, dataflow, new ArrayMemory()), new ArrayEnergyTable());
            var simulated = simulator.Run(Work(simulator, captured));
            Check(captured, simulated, array, dataflow, $"{i}: {recipe} on {array} {dataflow}");
        }
    }

    [Fact]
    public void Two_threads_save_a_third_of_the_energy_at_eighty_per_cent_utilization()
    {
        // Without data both arrays are taken to be busy in 80 % of their steps; a long dot product makes fill and drain vanish.
        var layer = new TopologyLayer("long", new MatrixShape(16, 16, 1 << 16), 1 << 20);
        var drawn = DrawnLayer.Of(layer, 1, isLast: false, seed: 1);
        var lowered = Recipe.Parse("nb-smt:threads=2").Lower(drawn)!;
        var work = new LayerWork(drawn, lowered, lowered.Cost.Start().Count(0), 1 << 20);
        var simulated = new ArraySimulator(new ArrayConfiguration(new ArraySize(16, 16), Dataflow.OutputStationary, new ArrayMemory()), new ArrayEnergyTable()).Run(work);
        (1 - (simulated.Method.Energy.Elements / simulated.Baseline.Energy.Elements)).ShouldBe(0.33, 0.005);
        simulated.Speedup.ShouldBe(2, 0.01);
    }

    private static LayerWork Work(ArraySimulator simulator, RtlLayer captured)
    {
        var lowered = (captured.Draft.Datapath ?? ExactDatapath.Instance).Lower(captured.Draft);
        var counter = simulator.Observed(lowered).Cost.Start();
        counter.Observe(captured.Rows, 0);
        return new LayerWork(captured.Layer, lowered, counter.Count(1), captured.Rows.Length);
    }

    private static void Check(RtlLayer captured, LayerSimulation simulated, ArraySize array, Dataflow dataflow, string which)
    {
        var element = RtlElements.Of(captured.Draft);
        long busy = 0;
        var shape = new MatrixShape(captured.Positions, captured.Filters, element.Steps);
        var run = new SystolicArrayModel(array, (position, filter, step, sum) =>
        {
            if (element is ThreadedElement threads && threads.IsBusy(captured.Row((int)position), (int)filter, (int)step)) busy++;
            return sum + element.Step(captured.Row((int)position), (int)filter, (int)step);
        }).Run(shape, dataflow);
        var folds = SystolicCycles.FoldCount(shape, array, dataflow);
        var cycles = element.QueueDepth > 0 ? ArrayCycles.Of(captured, element, array) : (run.Cycles * element.Beat) + (folds * element.Extra);
        simulated.Method.Cycles.ShouldBe(cycles, which);
        if (element is ThreadedElement) simulated.Operations["multiplierCycles.busy"].ShouldBe(busy, which);
        var working = element switch { ThreadedElement => busy, TermElement terms => Pairs(captured, terms), _ => run.BusyElementCycles };
        // FPEC works on every product, whatever waits behind it.
        simulated.Method.Utilization.ShouldBe(working / ((double)simulated.Method.Cycles * array.Elements), 1e-12, which);
        CheckTraffic(captured, simulated, element.Steps, array, dataflow, which);
        var lowered = (captured.Draft.Datapath ?? ExactDatapath.Instance).Lower(captured.Draft);
        for (var position = 0; position < captured.Positions; position++)
        {
            for (var filter = 0; filter < captured.Filters; filter++)
                run.Outputs[position, filter].ShouldBe(LoweredReference.Sum(lowered, lowered.Groups[0], captured.Row(position), filter) - lowered.Groups[0].Offsets[filter], which);
        }
    }

    /// <summary>Each access moves the operands of a step.</summary>
    private static void CheckTraffic(RtlLayer captured, LayerSimulation simulated, int steps, ArraySize array, Dataflow dataflow, string which)
    {
        var shape = simulated.Shape;
        var taken = Math.Min(steps, shape.Depth);
        var operands = shape.Depth / (double)taken;
        var memory = new ArrayMemory { FilterBits = simulated.WeightBits * operands, InputBits = simulated.ActivationBits * operands };
        var walked = TrafficModel.Walk(shape with { Depth = taken, InputElements = (long)Math.Ceiling(captured.Rows.Length / operands) }, array, dataflow, memory);
        simulated.Traffic.ShouldBe(walked, which);
    }

    /// <summary>Pairs of kept terms, counted in the words that the elements get.</summary>
    private static long Pairs(RtlLayer captured, TermElement element)
    {
        long pairs = 0;
        for (var position = 0; position < captured.Positions; position++)
        {
            for (var filter = 0; filter < captured.Filters; filter++)
            {
                for (var step = 0; step < element.Steps; step++) pairs += element.Pairs(captured.Row(position), filter, step);
            }
        }

        return pairs;
    }
}

using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Topologies;
using Subbyte.Lowering;
using Subbyte.Methods.Fpec;

namespace Subbyte.Hardware.Simulation;

/// <summary>What an accelerator does with a layer: a systolic array of the method's elements, or the tiles of a lane engine.</summary>
/// <param name="configuration">Array, dataflow and memories.</param>
/// <param name="energies">Energies.</param>
public sealed class ArraySimulator(ArrayConfiguration configuration, ArrayEnergyTable energies)
{
    private const string ConventionalElement = "conventional MAC 8x8";

    /// <summary>Array, dataflow and memories.</summary>
    public ArrayConfiguration Configuration => configuration;

    /// <summary>Energies.</summary>
    public ArrayEnergyTable Energies => energies;

    /// <summary>A layer of which the shape alone is known, on conventional 8-bit elements.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>What the array does with it.</returns>
    /// <exception cref="UserErrorException">The layer is too large to be counted.</exception>
    public LayerSimulation Run(TopologyLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        try
        {
            var (shape, memory) = (layer.Shape, configuration.Memory);
            var traffic = TrafficModel.Of(shape, configuration.Array, configuration.Dataflow, memory);
            var cycles = SystolicCycles.Of(shape, configuration.Array, configuration.Dataflow);
            var outcome = Outcome(cycles, configuration.Array.Elements, shape.Macs, 1, energies.Operations.MultiplyAccumulate(8, 8), traffic, memory);
            return new LayerSimulation
            {
                Name = layer.Name,
                Shape = shape,
                Weights = layer.Weights,
                Element = ConventionalElement,
                Method = outcome,
                Baseline = outcome,
                BaselineElement = ConventionalElement,
                Traffic = traffic,
                WeightBits = memory.FilterBits,
                ActivationBits = memory.InputBits,
            };
        }
        catch (OverflowException failure)
        {
            throw new UserErrorException($"layer '{layer.Name}' takes more than 2^63 cycles or bytes on {configuration.Array}", failure);
        }
    }

    /// <summary>A layer whose cost also counts what depends on the values and on the array: show it the rows, and hand the count to <see cref="Run(LayerWork)"/>.</summary>
    /// <param name="lowered">The layer.</param>
    /// <returns>The layer, with a cost of its own where there is such a thing.</returns>
    public LoweredLayer Observed(LoweredLayer lowered)
    {
        ArgumentNullException.ThrowIfNull(lowered);
        return lowered.Cost is FpecCost { Queues: true } cost && configuration.Dataflow == Dataflow.OutputStationary
            ? lowered with { Cost = new QueuedCost(cost, configuration.Array) }
            : lowered;
    }

    /// <summary>A layer of a network under a method.</summary>
    /// <param name="work">The layer and its counts.</param>
    /// <returns>What the accelerator does with it.</returns>
    public LayerSimulation Run(LayerWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var memory = configuration.Memory with { FilterBits = work.Cost.WeightBits, InputBits = work.Cost.ActivationBits };
        var baselineMemory = configuration.Memory;
        if (LaneEngines.Of(work, energies.Operations) is { } engines)
        {
            var traffic = TrafficModel.Of(work.Shape, configuration.Array, configuration.Dataflow, memory);
            return Result(work, engines.Method.Name, engines.Baseline.Name, Lanes(engines.Method, traffic, memory), Lanes(engines.Baseline, traffic, memory), traffic);
        }

        var (method, baseline) = ElementModels.Of(work, energies.Operations);
        var (steps, packed) = Packed(memory, work, method);
        var methodTraffic = TrafficModel.Of(steps, configuration.Array, configuration.Dataflow, packed);
        var baselineTraffic = TrafficModel.Of(work.Shape, configuration.Array, configuration.Dataflow, baselineMemory);
        return Result(work, method.Name, baseline.Name, Systolic(work, method, methodTraffic, packed, work.Computed), Systolic(work, baseline, baselineTraffic, baselineMemory, computed: null), methodTraffic);
    }

    /// <summary>Where a step takes several operands at once, each access moves that many.</summary>
    private static (MatrixShape Shape, ArrayMemory Memory) Packed(ArrayMemory memory, LayerWork work, ElementUse use)
    {
        var shape = work.Shape;
        var steps = Math.Min(use.Steps, shape.Depth);
        var operands = shape.Depth / (double)steps;
        return (
            shape with { Depth = steps, InputElements = (long)Math.Ceiling(shape.InputElements / operands) },
            memory with { FilterBits = memory.FilterBits * operands, InputBits = memory.InputBits * operands });
    }

    private ArrayOutcome Systolic(LayerWork work, ElementUse use, ArrayTraffic traffic, ArrayMemory memory, ComputedOutputs? computed)
    {
        if (computed is null && use.ArrayCycles is { } counted)
        {
            var (array, folds) = (configuration.Array, work.Shape.Groups * SystolicCycles.FoldCount(work.Shape, configuration.Array, configuration.Dataflow));
            var steps = (counted / folds) - (array.Rows + array.Columns - 2);
            return Outcome(counted, array.Elements, use.Busy, use.Busy / (work.ElementSteps(1) * steps), use.OperationEnergy, traffic, memory);
        }

        var cycles = (computed?.Cycles(use.Steps) ?? SystolicCycles.Of(work.Shape with { Depth = use.Steps }, configuration.Array, configuration.Dataflow)) * use.Beat;
        return Outcome(cycles, configuration.Array.Elements, use.Busy, use.BusyShare(work), use.OperationEnergy, traffic, memory);
    }

    private ArrayOutcome Lanes(LaneUse use, ArrayTraffic traffic, ArrayMemory memory)
        => Outcome(use.Cycles, use.Lanes, use.Busy, use.Busy / (use.Cycles * use.Lanes), use.OperationEnergy, traffic, memory);

    private ArrayOutcome Outcome(double cycles, double elements, double busy, double busyShare, double operationEnergy, ArrayTraffic traffic, ArrayMemory memory)
    {
        var operation = operationEnergy * energies.Scaling;
        var elementCycles = cycles * elements;
        var parts = new EnergyParts(busy * operation, elementCycles * operation * energies.IdleShare, SramEnergy(traffic, memory), energies.DramTraffic(traffic.DramReadBytes + traffic.DramWriteBytes));
        return new ArrayOutcome(cycles, busy / elementCycles, busyShare, parts);
    }

    private double SramEnergy(ArrayTraffic traffic, ArrayMemory memory)
        => energies.Sram(traffic.InputReads * memory.InputBits, memory.InputBytes)
            + energies.Sram(traffic.FilterReads * memory.FilterBits, memory.FilterBytes)
            + energies.Sram((traffic.OutputWrites + (double)traffic.SumReads) * memory.SumBits, memory.OutputBytes);

    private static LayerSimulation Result(LayerWork work, string element, string baselineElement, ArrayOutcome method, ArrayOutcome baseline, ArrayTraffic traffic) => new()
    {
        Name = work.Layer.Name,
        Shape = work.Shape,
        Weights = work.Cost.Weights,
        Element = element,
        Method = method,
        Baseline = baseline,
        BaselineElement = baselineElement,
        Traffic = traffic,
        WeightBits = work.Cost.WeightBits,
        ActivationBits = work.Cost.ActivationBits,
        Operations = work.Cost.Operations,
        Note = work.Lowered?.Note,
    };
}

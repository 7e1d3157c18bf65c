using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Hardware.Simulation;

/// <summary>What a systolic array of a kind of processing element does with a layer.</summary>
/// <param name="configuration">Array, dataflow and memories.</param>
/// <param name="energies">Energies.</param>
public sealed class ArraySimulator(ArrayConfiguration configuration, ArrayEnergyTable energies)
{
    /// <summary>Name of the conventional element.</summary>
    public const string ConventionalElement = "conventional MAC 8x8";

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
        try
        {
            var traffic = Traffic(layer.Shape, configuration.Memory);
            var outcome = Outcome(layer.Shape, layer.Shape.Macs, energies.Operations.MultiplyAccumulate(8, 8), traffic, configuration.Memory);
            return new LayerSimulation
            {
                Name = layer.Name,
                Shape = layer.Shape,
                Weights = layer.Weights,
                Element = ConventionalElement,
                Method = outcome,
                Baseline = outcome,
                BaselineElement = ConventionalElement,
                Traffic = traffic,
                WeightBits = configuration.Memory.FilterBits,
                ActivationBits = configuration.Memory.InputBits,
            };
        }
        catch (OverflowException failure)
        {
            throw new UserErrorException($"layer '{layer.Name}' takes more than 2^63 cycles or bytes on {configuration.Array}", failure);
        }
    }

    /// <summary>Traffic of a product.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="memory">The memories.</param>
    /// <returns>The traffic.</returns>
    internal ArrayTraffic Traffic(MatrixShape shape, ArrayMemory memory) => TrafficModel.Of(shape, configuration.Array, configuration.Dataflow, memory);

    /// <summary>An array of single-step elements: its cycles by shape, its energy by what works and what idles.</summary>
    /// <param name="steps">The product, its depth in steps of the element.</param>
    /// <param name="busy">Element cycles that do work.</param>
    /// <param name="operationEnergy">Picojoules of one of them, at the table's own node.</param>
    /// <param name="traffic">Its traffic.</param>
    /// <param name="memory">Its memories.</param>
    /// <returns>Cycles, utilization and energy.</returns>
    internal ArrayOutcome Outcome(MatrixShape steps, double busy, double operationEnergy, ArrayTraffic traffic, ArrayMemory memory)
    {
        double cycles = SystolicCycles.Of(steps, configuration.Array, configuration.Dataflow);
        var elementCycles = cycles * configuration.Array.Elements;
        var operation = operationEnergy * energies.Scaling;
        return new ArrayOutcome(cycles, busy / elementCycles, new EnergyParts(busy * operation, elementCycles * operation * energies.IdleShare, SramEnergy(traffic, memory), energies.DramTraffic(traffic.DramReadBytes + traffic.DramWriteBytes)));
    }

    private double SramEnergy(ArrayTraffic traffic, ArrayMemory memory)
        => energies.Sram(traffic.InputReads * memory.InputBits, memory.InputBytes)
            + energies.Sram(traffic.FilterReads * memory.FilterBits, memory.FilterBytes)
            + energies.Sram((traffic.OutputWrites + (double)traffic.SumReads) * memory.SumBits, memory.OutputBytes);
}

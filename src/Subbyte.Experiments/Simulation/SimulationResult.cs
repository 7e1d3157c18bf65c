using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Simulation;

namespace Subbyte.Experiments;

/// <summary>What an accelerator does with one layer, or with all of them, for one sample.</summary>
public sealed record SimulationResult
{
    /// <summary>The layer's name, or <c>total</c>.</summary>
    public required string Recipe { get; init; }

    /// <summary>The processing element.</summary>
    public required string Element { get; init; }

    /// <summary>What the baseline's element is.</summary>
    public required string BaselineElement { get; init; }

    /// <summary>Output positions of the layer; null for several.</summary>
    public long? N { get; init; }

    /// <summary>Output channels.</summary>
    public long? M { get; init; }

    /// <summary>Length of a dot product.</summary>
    public long? K { get; init; }

    /// <summary>Cost; cycles are those of the array without waiting for DRAM.</summary>
    public required CostResult Cost { get; init; }

    /// <summary>Cycles in which the array waits for DRAM.</summary>
    public required double StallCycles { get; init; }

    /// <summary>Share of the elements' cycles in which they work.</summary>
    public required double Utilization { get; init; }

    /// <summary>Share of the steps in which an element works, fill and drain apart.</summary>
    public required double BusyShare { get; init; }

    /// <summary>Cycles of the paper's baseline.</summary>
    public required double BaselineCycles { get; init; }

    /// <summary>The baseline's utilization.</summary>
    public required double BaselineUtilization { get; init; }

    /// <summary>The baseline's share of busy steps.</summary>
    public required double BaselineBusyShare { get; init; }

    /// <summary>The baseline's energy.</summary>
    public required double BaselineEnergyPicojoules { get; init; }

    /// <summary>The baseline's cycles over the method's.</summary>
    public double Speedup => BaselineCycles / Cost.Cycles;

    /// <summary>Share of the baseline's energy in the processing elements that the method saves.</summary>
    public required double ElementEnergySaving { get; init; }

    /// <summary>Where the energy goes.</summary>
    public required EnergyParts EnergyPartsPicojoules { get; init; }

    /// <summary>What is read and written.</summary>
    public required ArrayTraffic Traffic { get; init; }

    /// <summary>Why the layer is not treated as the recipe says, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The result of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The result.</returns>
    public static SimulationResult Of(LayerSimulation layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Create([layer], layer.Name) with
        {
            N = layer.Shape.Positions,
            M = layer.Shape.Filters * layer.Shape.Groups,
            K = layer.Shape.Depth,
            Note = layer.Note,
        };
    }

    /// <summary>The sum of layers.</summary>
    /// <param name="layers">The layers, at least one.</param>
    /// <returns>The result named <c>total</c>.</returns>
    public static SimulationResult Sum(IReadOnlyList<LayerSimulation> layers) => Create(layers, "total");

    private static SimulationResult Create(IReadOnlyList<LayerSimulation> layers, string name)
    {
        var (cycles, baselineCycles) = (layers.Sum(layer => layer.Method.Cycles), layers.Sum(layer => layer.Baseline.Cycles));
        var (weights, macs) = (layers.Sum(layer => layer.Weights), layers.Sum(layer => (double)layer.Shape.Macs));
        var weightBits = layers.Sum(layer => layer.Weights * layer.WeightBits);
        var energy = AddEnergy(layers.Select(layer => layer.Method.Energy));
        var baseline = AddEnergy(layers.Select(layer => layer.Baseline.Energy));
        var operations = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (operation, count) in layers.SelectMany(layer => layer.Operations)) operations[operation] = operations.GetValueOrDefault(operation) + count;
        return new SimulationResult
        {
            Recipe = name,
            Element = string.Join("; ", layers.Select(layer => layer.Element).Distinct(StringComparer.Ordinal)),
            BaselineElement = string.Join("; ", layers.Select(layer => layer.BaselineElement).Distinct(StringComparer.Ordinal)),
            Cost = new CostResult(
                macs,
                operations,
                cycles,
                energy.Total,
                weightBits / weights,
                layers.Sum(layer => layer.ActivationBits * layer.Shape.Macs) / macs,
                Math.Ceiling(weightBits / 8)),
            StallCycles = layers.Sum(layer => layer.Traffic.StallCycles),
            Utilization = layers.Sum(layer => layer.Method.Utilization * layer.Method.Cycles) / cycles,
            BusyShare = MeanBusy(layers, layer => layer.Method),
            BaselineCycles = baselineCycles,
            BaselineUtilization = layers.Sum(layer => layer.Baseline.Utilization * layer.Baseline.Cycles) / baselineCycles,
            BaselineBusyShare = MeanBusy(layers, layer => layer.Baseline),
            BaselineEnergyPicojoules = baseline.Total,
            ElementEnergySaving = 1 - (energy.Elements / baseline.Elements),
            EnergyPartsPicojoules = energy,
            Traffic = AddTraffic(layers),
        };
    }

    /// <summary>The mean over the layers, weighted by their multiply-accumulates.</summary>
    private static double MeanBusy(IReadOnlyList<LayerSimulation> layers, Func<LayerSimulation, ArrayOutcome> outcome)
        => layers.Sum(layer => outcome(layer).BusyShare * layer.Shape.Macs) / layers.Sum(layer => (double)layer.Shape.Macs);

    private static EnergyParts AddEnergy(IEnumerable<EnergyParts> parts)
        => parts.Aggregate(new EnergyParts(0, 0, 0, 0), (sum, part) => new EnergyParts(sum.Arithmetic + part.Arithmetic, sum.Idle + part.Idle, sum.Sram + part.Sram, sum.Dram + part.Dram));

    private static ArrayTraffic AddTraffic(IReadOnlyList<LayerSimulation> layers)
    {
        long Sum(Func<ArrayTraffic, long> count) => layers.Sum(layer => count(layer.Traffic));
        return new ArrayTraffic
        {
            InputReads = Sum(traffic => traffic.InputReads),
            FilterReads = Sum(traffic => traffic.FilterReads),
            OutputWrites = Sum(traffic => traffic.OutputWrites),
            SumReads = Sum(traffic => traffic.SumReads),
            DramReadBytes = layers.Sum(layer => layer.Traffic.DramReadBytes),
            DramWriteBytes = layers.Sum(layer => layer.Traffic.DramWriteBytes),
            StallCycles = layers.Sum(layer => layer.Traffic.StallCycles),
        };
    }
}

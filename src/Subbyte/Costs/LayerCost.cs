namespace Subbyte.Costs;

/// <summary>What one layer, or a network, costs for one sample.</summary>
public sealed record LayerCost
{
    /// <summary>Multiply-accumulates of the float layer.</summary>
    public required double Macs { get; init; }

    /// <summary>Operations by name ("macs.int8", "termPairs.bound", …), each defined by its method's specification.</summary>
    public required IReadOnlyDictionary<string, double> Operations { get; init; }

    /// <summary>Modelled cycles on the method's array, or of a one-multiplier-a-MAC engine where it has none.</summary>
    public required double Cycles { get; init; }

    /// <summary>Modelled energy of the arithmetic and the weight traffic, in picojoules.</summary>
    public required double EnergyPicojoules { get; init; }

    /// <summary>Bits that the weights take in memory, scales included.</summary>
    public required double WeightStorageBits { get; init; }

    /// <summary>Number of weights.</summary>
    public required double Weights { get; init; }

    /// <summary>Nominal bits of one activation, weighted by MACs when layers are added.</summary>
    public required double ActivationBits { get; init; }

    /// <summary>Mean bits a weight.</summary>
    public double WeightBits => Weights == 0 ? 0 : WeightStorageBits / Weights;

    /// <summary>Bytes of the weights.</summary>
    public double WeightBytes => Math.Ceiling(WeightStorageBits / 8);

    /// <summary>Adds the costs of layers.</summary>
    /// <param name="layers">Costs of layers.</param>
    /// <returns>The cost of them all.</returns>
    public static LayerCost Sum(IEnumerable<LayerCost> layers)
    {
        var all = layers.ToArray();
        var operations = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, count) in all.SelectMany(layer => layer.Operations))
            operations[name] = operations.GetValueOrDefault(name) + count;
        var macs = all.Sum(layer => layer.Macs);
        return new LayerCost
        {
            Macs = macs,
            Operations = operations,
            Cycles = all.Sum(layer => layer.Cycles),
            EnergyPicojoules = all.Sum(layer => layer.EnergyPicojoules),
            WeightStorageBits = all.Sum(layer => layer.WeightStorageBits),
            Weights = all.Sum(layer => layer.Weights),
            ActivationBits = macs == 0 ? 0 : all.Sum(layer => layer.ActivationBits * layer.Macs) / macs,
        };
    }
}

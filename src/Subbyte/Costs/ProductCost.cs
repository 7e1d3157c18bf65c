using Subbyte.Lowering;

namespace Subbyte.Costs;

/// <summary>
/// Cost of plain products: one multiply-accumulate a product, BOPs = MACs·weight bits·activation bits
/// (uniform baselines, section 6), one cycle a MAC, energy from <see cref="EnergyTable"/>. Weights with several
/// scales a row add an fp32 multiplication and addition for each scale and output.
/// </summary>
public sealed class ProductCost : ICostModel, ICostCounter
{
    private readonly DotProductLayer _layer;
    private readonly double _weightStorageBits;
    private readonly double _weightBits;
    private readonly double _activationBits;
    private readonly int _groupScales;

    /// <summary>The cost of a layer whose weights are coded.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Its weight codes.</param>
    /// <param name="activationBits">Bits of one activation; 32 for float.</param>
    public ProductCost(DotProductLayer layer, WeightCodes weights, double activationBits)
        : this(layer, weights.StorageBits, weights.Planes.Sum(plane => (double)plane.Bits), activationBits, weights.Planes.Sum(plane => plane.IsGrouped ? plane.GroupScales.Count : 0))
    {
    }

    private ProductCost(DotProductLayer layer, double weightStorageBits, double weightBits, double activationBits, int groupScales)
    {
        _layer = layer;
        _weightStorageBits = weightStorageBits;
        _weightBits = weightBits;
        _activationBits = activationBits;
        _groupScales = groupScales;
    }

    /// <inheritdoc/>
    public bool NeedsRows => false;

    /// <summary>The cost of the fp32 layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The cost model.</returns>
    public static ProductCost Float(DotProductLayer layer) => new(layer, 32.0 * layer.Outputs * layer.Depth, 32, 32, 0);

    /// <inheritdoc/>
    public ICostCounter Start() => this;

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<short> rows, int group)
    {
        // The cost of a product does not depend on its operands.
    }

    /// <inheritdoc/>
    public LayerCost Count(int samples)
    {
        double macs = _layer.Macs;
        var isFloat = _activationBits >= 32;
        var operations = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [isFloat ? "macs.fp32" : $"macs.{_weightBits:0.##}x{_activationBits:0.##}"] = macs,
            ["bitOperations"] = macs * _weightBits * _activationBits,
        };

        // The sum of each group of weights is multiplied by its scale and added; float products take weights that have been.
        var scalings = isFloat ? 0 : (double)_layer.Positions * _layer.Outputs * _groupScales;
        if (scalings > 0) operations["groupScales"] = scalings;
        return new LayerCost
        {
            Macs = macs,
            Operations = operations,
            Cycles = macs,
            EnergyPicojoules = (macs * EnergyTable.Default.MultiplyAccumulate(_weightBits, _activationBits)) + (scalings * EnergyTable.Default.MultiplyAccumulate(32, 32)) + EnergyTable.Default.WeightTraffic(_weightStorageBits),
            WeightStorageBits = _weightStorageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = _activationBits,
        };
    }
}

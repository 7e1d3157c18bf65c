using Subbyte.Costs;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermSerial;

/// <summary>DaDianNao (Chen et al., MICRO 2014): one multiply-accumulate of 16 by 16 bits a lane and cycle, one window at a time; nothing depends on the data.</summary>
/// <param name="layer">The layer.</param>
/// <param name="weights">Its weight codes.</param>
/// <param name="activationBits">Bits of one activation.</param>
/// <param name="options">The tile.</param>
internal sealed class DaDianNaoCost(DotProductLayer layer, WeightCodes weights, double activationBits, DaDianNaoOptions options) : ICostModel, ICostCounter
{
    private const int OperandBits = 16;

    private readonly LaneGroups _groups = new(layer, options.Lanes, options.Rows * options.Tiles, windows: 1);

    /// <summary>How the layer is cut into groups of work.</summary>
    public LaneGroups Tile => _groups;

    public bool NeedsRows => false;

    public ICostCounter Start() => this;

    public void Observe(ReadOnlySpan<short> rows, int group)
    {
        // Every product takes its cycle.
    }

    public LayerCost Count(int samples) => new()
    {
        Macs = layer.Macs,
        Operations = new Dictionary<string, double>(StringComparer.Ordinal) { ["bitProducts"] = (double)layer.Macs * OperandBits * OperandBits, ["groupsOfWork"] = _groups.Count },
        Cycles = _groups.Count,
        EnergyPicojoules = (layer.Macs * EnergyTable.Default.MultiplyAccumulate(OperandBits, OperandBits)) + EnergyTable.Default.WeightTraffic(weights.StorageBits),
        WeightStorageBits = weights.StorageBits,
        Weights = (double)layer.Outputs * layer.Depth,
        ActivationBits = activationBits,
    };
}

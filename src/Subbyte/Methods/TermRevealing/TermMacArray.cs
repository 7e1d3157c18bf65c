using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// The weight-stationary systolic array of the paper: each column computes an output channel, each row holds a group of weights, all
/// cells advance in lock step, a beat a position. 64 × 128 cells as in the authors' README.
/// </summary>
/// <param name="Rows">Groups of weights side by side in one pass.</param>
/// <param name="Columns">Output channels in one pass.</param>
public sealed record TermMacArray(int Rows = 64, int Columns = 128)
{
    /// <summary>
    /// Cycles of one layer for one sample: ⌈G/rows⌉·⌈M/columns⌉·(P + rows + columns − 1)·beat for each channel group, with G groups of
    /// weights a dot product, M outputs and P positions. Our reading of the array; the paper's own cycle model is not published.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="groupSize">Weights of one group, g.</param>
    /// <param name="beat">Cycles of one group at one position: k·s for tMAC, g·b_w·b_d bit-serially, g with parallel multipliers.</param>
    /// <returns>Cycles.</returns>
    public long Cycles(DotProductLayer layer, int groupSize, long beat)
    {
        var groups = Groups(layer, groupSize);
        var outputs = layer.Outputs / layer.Groups;
        var passes = Tiles(groups, Rows) * Tiles(outputs, Columns) * layer.Groups;
        return passes * (layer.Positions + Rows + Columns - 1) * beat;
    }

    /// <summary>Groups of weights in one dot product: ⌈C/g⌉ at each kernel position.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="groupSize">Weights of one group, g.</param>
    /// <returns>G.</returns>
    public static long Groups(DotProductLayer layer, int groupSize)
        => Tiles(layer.ChannelsPerGroup, groupSize) * layer.KernelHeight * layer.KernelWidth;

    private static long Tiles(long count, int size) => (count + size - 1) / size;
}

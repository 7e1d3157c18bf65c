using Subbyte.Lowering;

namespace Subbyte.Hardware.Rtl;

/// <summary>A layer as RTL sees it: its filled slots, and base codes of patch rows of its first group.</summary>
/// <param name="Draft">The layer's slots.</param>
/// <param name="Rows">Base codes [positions][depth].</param>
public sealed record RtlLayer(LayerDraft Draft, short[] Rows)
{
    /// <summary>The layer.</summary>
    public DotProductLayer Layer => Draft.Layer;

    /// <summary>Positions of which there are rows.</summary>
    public int Positions => Rows.Length / Layer.Depth;

    /// <summary>Filters of the first group.</summary>
    public int Filters => Layer.Outputs / Layer.Groups;

    /// <summary>One row.</summary>
    /// <param name="position">Position.</param>
    /// <returns>Base codes [depth].</returns>
    public ReadOnlySpan<short> Row(int position) => Rows.AsSpan(position * Layer.Depth, Layer.Depth);
}

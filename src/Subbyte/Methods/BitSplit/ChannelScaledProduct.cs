using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>The exact product of codes whose weights carry the activations' channel scales (section 3.7); it takes no other codes.</summary>
internal sealed class ChannelScaledProduct : IDatapath
{
    /// <inheritdoc/>
    public string Name => "ecaq";

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        // The step that fills this slot fills the other two.
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
        => draft is { Activations: ChannelActivations, Weights: not null } ? null : $"{Name} multiplies codes with one scale for each input channel; give it the slots of weights and activations";

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var lowered = ExactDatapath.Instance.Lower(draft);
        var layer = draft.Layer;
        var scales = ((ChannelActivations)draft.Activations!).ChannelScales;
        var weights = lowered.FloatWeights;
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= scales[layer.InputChannel(i / layer.Depth, i % layer.Depth)];
        return lowered;
    }
}

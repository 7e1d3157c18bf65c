using Subbyte.Lowering;

namespace Subbyte.Methods.Uniform;

/// <summary>What a slot holds that no step of a recipe fills: uniform eight bits, weights per output channel.</summary>
public static class DefaultSlots
{
    private const string Name = "int8";
    private const int Bits = 8;

    /// <summary>Fills the weight and the activation slot where they are still empty.</summary>
    /// <param name="draft">The draft.</param>
    public static void Fill(LayerDraft draft)
    {
        var options = new RangeOptions();
        if (draft.Weights is null) draft.Fill(WeightQuantization.Quantize(draft.Layer, Name, Bits, options));
        if (!draft.HasActivations) draft.Fill(ActivationQuantization.Quantize(draft.Layer.Input, Name, Bits, options));
    }
}

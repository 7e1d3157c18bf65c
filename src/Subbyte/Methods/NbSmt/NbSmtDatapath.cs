using Subbyte.Lowering;
using Subbyte.Methods.Sparq;

namespace Subbyte.Methods.NbSmt;

/// <summary>NB-SMT's datapath: how the codes of several threads meet in one multiplier, as integer products.</summary>
/// <param name="options">Options.</param>
public sealed class NbSmtDatapath(NbSmtOptions options) : IDatapath
{
    /// <summary>The options.</summary>
    public NbSmtOptions Options => options;

    /// <inheritdoc/>
    public string Name => NbSmtMethod.Name;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        // One thread is exact and takes what uniform eight bits make of signed inputs.
        if (options.Threads == 1 && !draft.Layer.Input.IsNonNegative) return;
        if (draft.Weights is null) draft.Fill(SparqQuantizers.Weights(draft.Layer, wide: true));
        if (!draft.HasActivations) draft.Fill(SparqQuantizers.Activations(draft.Layer.Input));
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
    {
        var weights = draft.Weights!;
        if (draft.Activations is not { } input) return $"{Name} multiplies 8-bit codes, and {weights.FilledBy} keeps the activations float";
        if (weights.Planes.Count > 1) return $"{Name} needs one plane of weight codes, and {weights.FilledBy} has {weights.Planes.Count}";
        if (options.Threads == 1) return null;
        if (input.ZeroPoint != 0 || input.Range.Lowest < 0 || input.Range.Highest > byte.MaxValue)
            return $"{Name} squeezes activation codes 0..255 with zero point 0, and those of {input.FilledBy} are {input.Range} with zero point {input.ZeroPoint}";
        return weights.Single.Range is { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue }
            ? null
            : $"{Name} squeezes 8-bit weights, and the codes of {weights.FilledBy} are {weights.Single.Range}";
    }

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var layer = draft.Layer;
        var (weights, input) = (draft.Weights!, draft.Activations!);
        var threads = ThreadArrangement.Of(layer, options.Threads, options.Split, options.Reorder ? ChannelOrder.Of(layer.Input.ChannelActivity) : null);
        var policy = SqueezePolicy.Find(options.Policy);
        var codes = weights.Single.Codes;
        var terms = new NbSmtProducts(policy, threads).Terms(codes, layer, input.Range);
        return new LoweredLayer
        {
            Layer = layer,
            Input = input,
            Groups = [new ProductGroup(terms, LoweringMath.ZeroPointOffsets(terms, input.ZeroPoint, layer), LoweringMath.SumScales(input.Scale, weights.Single.Scales))],
            Bias = layer.Bias.ToArray(),
            FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
            Cost = new NbSmtCost(layer, weights, threads),
            Datapath = threads.Threads == 1 ? null : (patch, output) => NbSmtProcessingElement.DotProduct(policy, threads, patch, codes.AsSpan(output * layer.Depth, layer.Depth)),
            Method = Name,
            Note = draft.Note,
        };
    }
}

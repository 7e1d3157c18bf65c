using Subbyte.Lowering;

namespace Subbyte.Methods.Sparq;

/// <summary>
/// SPARQ: 8-bit activations whose bits are trimmed to a window chosen value by value, and pair by pair where a zero leaves its budget to
/// its neighbour (Shomron, Gabbay, Kurzum, Weiser, "Post-Training Sparsity-Aware Quantization", NeurIPS 2021). It is a datapath; weights
/// may be another method's.
/// </summary>
/// <param name="options">Options.</param>
public sealed class SparqMethod(SparqOptions options) : ILayerMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "sparq";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<SparqOptions>(
        Name,
        "trims each 8-bit activation to its leading 4, 3 or 2 bits; a zero's neighbour keeps twice as many",
        "Shomron, Gabbay, Kurzum, Weiser: Post-Training Sparsity-Aware Quantization, NeurIPS 2021",
        options => new SparqMethod(options),
        "sparq:window=4b5opt", "sparq:window=4b2opt", "sparq:window=2b7opt");

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (WhyNot(draft.Layer) is { } reason) draft.Note = reason;
        else draft.Fill(new SparqDatapath(options));
    }

    private static string? WhyNot(DotProductLayer layer)
    {
        if (layer.Kind is LayerKind.DepthwiseConvolution or LayerKind.GroupedConvolution)
            return $"{Name} pairs the channels of ungrouped convolutions; this one has {layer.Groups} groups and stays at uniform eight bits";
        return layer.Input.IsNonNegative
            ? null
            : $"{Name} trims unsigned activations; this layer's input goes down to {layer.Input.Minimum:G4} and it stays at uniform eight bits";
    }
}

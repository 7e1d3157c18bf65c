using Subbyte.Costs;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermSerial;

/// <summary>
/// The accelerators that one-hot networks are measured against, as the datapath of a recipe: their products are exact, so accuracy is that of the codes, and
/// cycles are theirs.
/// </summary>
/// <param name="name">Name of the machine.</param>
/// <param name="cost">The cost of a layer with its codes.</param>
public sealed class TermSerialDatapath(string name, Func<DotProductLayer, WeightCodes, IActivationQuantizer, ICostModel> cost) : ILayerMethod, IDatapath
{
    /// <summary>The registration of <c>dadiannao</c>.</summary>
    public static MethodDescriptor DaDianNao { get; } = MethodDescriptor.Define<DaDianNaoOptions>(
        "dadiannao",
        "bit-parallel accelerator of 16 by 16 bits: exact products, cycles of its tiles",
        "Y. Chen et al., \"DaDianNao: A Machine-Learning Supercomputer\", MICRO 2014",
        options => new TermSerialDatapath("dadiannao", (layer, weights, input) => new DaDianNaoCost(layer, weights, input.Bits, options)));

    /// <summary>The registration of <c>bit-pragmatic</c>.</summary>
    public static MethodDescriptor BitPragmatic { get; } = MethodDescriptor.Define<BitPragmaticOptions>(
        "bit-pragmatic",
        "accelerator that takes activations term by term: exact products, cycles from real activations",
        "J. Albericio et al., \"Bit-Pragmatic Deep Neural Network Computing\", MICRO 2017",
        options => new TermSerialDatapath("bit-pragmatic", (layer, weights, input) => new BitPragmaticCost(layer, weights, input, options)));

    /// <summary>The registration of <c>laconic</c>.</summary>
    public static MethodDescriptor Laconic { get; } = MethodDescriptor.Define<LaconicOptions>(
        "laconic",
        "accelerator that takes both operands term by term: exact products, cycles from real activations",
        "S. Sharify et al., \"Laconic Deep Learning Inference Acceleration\", ISCA 2019",
        options => new TermSerialDatapath("laconic", (layer, weights, input) => new LaconicCost(layer, weights, input, options)));

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool CoversEnds => true;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft) => draft.Fill((IDatapath)this);

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        // The machine takes any codes; empty slots become uniform eight bits.
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
    {
        if (draft.Activations is null) return $"{name} needs integer activations, and {draft.Weights?.FilledBy} keeps them in float";
        return draft.Weights!.Planes.Count == 1 ? null : $"{name} takes one plane of weight codes, and {draft.Weights.FilledBy} has {draft.Weights.Planes.Count}";
    }

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
        => ExactDatapath.Instance.Lower(draft) with { Cost = cost(draft.Layer, draft.Weights!, draft.Activations!), Method = name };
}

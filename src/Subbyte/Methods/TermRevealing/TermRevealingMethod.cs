using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>The recipe step <c>tr</c>: fills the datapath slot; the datapath brings its own codes where the other slots stay empty.</summary>
/// <param name="options">Options.</param>
public sealed class TermRevealingMethod(TermRevealingOptions options) : ILayerMethod
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<TermRevealingOptions>(
        TermRevealingDatapath.MethodName,
        "keeps the largest signed powers of two: a budget for each group of weights, a few for each data value",
        "H. T. Kung, B. McDanel, S. Q. Zhang, \"Term Revealing: Furthering Quantization at Run Time on Quantized DNNs\", SC 2020",
        options => new TermRevealingMethod(options),
        "tr", "tr:budget=8", "tr:budget=8,encoding=binary");

    /// <summary>The options.</summary>
    public TermRevealingOptions Options { get; } = options;

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft) => draft.Fill(new TermRevealingDatapath(Options));
}

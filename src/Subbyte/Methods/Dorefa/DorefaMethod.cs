using System.Globalization;
using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Dorefa;

/// <summary>Options of <c>dorefa</c>.</summary>
public sealed record DorefaOptions
{
    /// <summary>Bits of a weight.</summary>
    [Option("w", "bits of a weight", Minimum = 2, Maximum = 7, Unit = "bits")]
    public int WeightBits { get; set; } = 4;

    /// <summary>Bits of an activation.</summary>
    [Option("a", "bits of an activation, or open for another step or float", Choices = "open|2|3|4|5|6|7|8")]
    public string ActivationBits { get; set; } = "4";
}

/// <summary>DoReFa-Net's uniform quantization-aware training (Zhou et al., 2016): weights through tanh onto an odd grid, activations clamped to [0, 1].</summary>
/// <param name="options">Options.</param>
public sealed class DorefaMethod(DorefaOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "dorefa";

    private readonly int? _activationBits = options.ActivationBits == "open" ? null : int.Parse(options.ActivationBits, CultureInfo.InvariantCulture);

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<DorefaOptions>(
        Name,
        "trained: uniform weights through tanh, activations clamped to [0, 1]",
        "S. Zhou, Y. Wu, Z. Ni, X. Zhou, H. Wen, Y. Zou, \"DoReFa-Net: Training Low Bitwidth Convolutional Neural Networks with Low Bitwidth Gradients\", arXiv 1606.06160, 2016",
        options => new DorefaMethod(options));

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => BinaryLayers.Covers(layer) ? new DorefaWeights(layer.Outputs, options.WeightBits) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => _activationBits is { } bits && BinaryLayers.Covers(layer) ? new DorefaActivations(bits) : null;

    /// <inheritdoc/>
    /// <remarks>Odd codes of b bits lie in b + 1 signed bits.</remarks>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(GridRecovery.Weights(Name, draft.Layer, options.WeightBits + 1));
        if (_activationBits is { } bits) draft.Fill(GridRecovery.Activations(Name, draft.Layer, CodeRange.Unsigned(bits), bits));
        draft.Fill(new TrainedProduct(Name));
    }
}

using System.Globalization;
using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Lsq;

/// <summary>Learned step size quantization (Esser et al., ICLR 2020): uniform codes of few bits whose steps are trained with the weights.</summary>
/// <param name="options">Options.</param>
public sealed class LsqMethod(LsqOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "lsq";

    private readonly int? _activationBits = options.ActivationBits == "open" || options.Operands == Operands.Weights ? null : int.Parse(options.ActivationBits, CultureInfo.InvariantCulture);

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<LsqOptions>(
        Name,
        "trained: uniform weights and activations with trained steps",
        "S. K. Esser, J. L. McKinstry, D. Bablani, R. Appuswamy, D. S. Modha, \"Learned Step Size Quantization\", ICLR 2020",
        options => new LsqMethod(options));

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => Covers(layer) && options.Operands != Operands.Activations ? new LsqWeights(layer.Outputs, options.WeightBits) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer)
        => Covers(layer) && _activationBits is { } bits ? new LsqActivations(layer.InputIsNonNegative ? CodeRange.Unsigned(bits) : CodeRange.Signed(bits)) : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        var layer = draft.Layer;
        if (options.Operands != Operands.Activations) draft.Fill(GridRecovery.Weights(Name, layer, options.WeightBits));
        if (_activationBits is { } bits) draft.Fill(GridRecovery.Activations(Name, layer, layer.Input.IsNonNegative ? CodeRange.Unsigned(bits) : CodeRange.Signed(bits), bits));
        draft.Fill(new TrainedProduct(Name));
    }

    private static bool Covers(TrainableLayer layer) => BinaryLayers.Covers(layer) || (layer is { IsEnd: false, Kind: LayerKind.DepthwiseConvolution });
}

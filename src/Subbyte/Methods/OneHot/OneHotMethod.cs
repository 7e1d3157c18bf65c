using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.OneHot;

/// <summary>
/// One-hot and k-hot codes for weights and activations (G. Li et al., DATE 2020): at most one, or k, of seven magnitude bits is set. A product of
/// one-hot codes is an addition of two exponents. Codes are decoded values, so their integer product is the hardware's.
/// </summary>
/// <param name="name">Name of the recipe step.</param>
/// <param name="codebook">Levels and thresholds.</param>
/// <param name="operands">Which operands are coded.</param>
/// <param name="powerOfTwo">Whether the activations' scale is a power of two.</param>
/// <param name="training">How it is trained.</param>
public sealed class OneHotMethod(string name, MagnitudeCodebook codebook, Operands operands, bool powerOfTwo, HotTraining training) : ILayerMethod, ITrainingMethod
{
    private const string Source = "G. Li et al., \"Hardware Acceleration of CNN with One-Hot Quantization of Weights and Activations\", DATE 2020";

    private readonly int _bits = HotCodebook.Bits(codebook);

    /// <summary>The registration of <c>one-hot</c>.</summary>
    public static MethodDescriptor OneHot { get; } = MethodDescriptor.Define<OneHotOptions>(
        "one-hot",
        "weights and activations that are single powers of two",
        Source,
        options => new OneHotMethod("one-hot", MagnitudeCodebook.PowersOfTwo(HotCodebook.MagnitudeBits, options.Rounding == OneHotRounding.Log), options.Operands, options.PowerOfTwo, new HotTraining(1, options.StageEpochs)),
        "one-hot",
        "one-hot:operands=weights + output-correction");

    /// <summary>The registration of <c>k-hot</c>.</summary>
    public static MethodDescriptor KHot { get; } = MethodDescriptor.Define<KHotOptions>(
        "k-hot",
        "weights and activations with at most k ones among seven magnitude bits",
        Source,
        options => new OneHotMethod("k-hot", HotCodebook.Of(options.K, options.Digits), options.Operands, options.PowerOfTwo, new HotTraining(options.K, options.StageEpochs)),
        "k-hot:k=2",
        "k-hot:k=3");

    /// <inheritdoc/>
    /// <remarks>The first layer's image and the last layer's weights need their eight bits: both stay uniform INT8.</remarks>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainingPlan? Plan { get; } = training.StageEpochs > 0 ? new HotStages(training.Hot, training.StageEpochs) : null;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => Trains(layer, Operands.Activations) ? new HotWeights(name, layer.Outputs, layer.Depth, training.Hot) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => Trains(layer, Operands.Weights) ? new HotActivations(name, training.Hot) : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (operands != Operands.Activations) draft.Fill(CodebookSlots.Weights(name, draft.Layer, codebook, _bits));
        if (operands != Operands.Weights) draft.Fill(CodebookSlots.Activations(name, draft.Layer.Input, codebook, _bits, powerOfTwo));
    }

    private bool Trains(TrainableLayer layer, Operands others) => !layer.IsEnd && operands != others;
}

/// <summary>How one-hot and k-hot codes are trained.</summary>
/// <param name="Hot">Most hot bits.</param>
/// <param name="StageEpochs">Epochs of each stage before the last; 0 for none.</param>
public sealed record HotTraining(int Hot, int StageEpochs);

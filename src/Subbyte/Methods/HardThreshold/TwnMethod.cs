using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Mlt;
using Subbyte.Methods.Sttn;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Methods.HardThreshold;

/// <summary>Options of <c>twn</c>.</summary>
public sealed record TwnOptions
{
    /// <summary>Standard deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: latent weights from scratch with this standard deviation; 0 starts from the float network", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }

    /// <summary>What the inputs of the layers are (training).</summary>
    [Option("activations", "training: inputs of the layers: left to another step, or ternary as in sttn")]
    public TwnActivations Activations { get; set; }
}

/// <summary>What the inputs of the layers are.</summary>
public enum TwnActivations
{
    /// <summary>Left to another step of the recipe, or float.</summary>
    Open,

    /// <summary>−1, 0 or 1 with thresholds at ±½.</summary>
    Ternary,
}

/// <summary>
/// Ternary weight networks (F. Li, B. Liu, 2016), one scale an output channel: what is above 0.7·mean|W| becomes ±mean of those. It is multi-level ternary
/// quantization with one level; gradients pass unchanged. Without training it is a rounding of the weights.
/// </summary>
/// <param name="options">Options.</param>
public sealed class TwnMethod(TwnOptions options) : ILayerMethod, ITrainingMethod
{
    private const string Name = "twn";

    private readonly MltOptions _level = new() { WeightLevels = 1, Thresholds = MltThresholds.Twn, Window = false, Deviation = options.Deviation };

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<TwnOptions>(
        Name,
        "ternary weights with a threshold of 0.7·mean|W|, trained or fitted; activations left to another step",
        "F. Li, B. Liu, \"Ternary Weight Networks\", arXiv 1605.04711, 2016",
        options => new TwnMethod(options),
        "twn + output-correction");

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => BinaryLayers.Covers(layer) ? new MltWeights(Name, layer.Outputs, layer.Depth, _level) : null;

    /// <inheritdoc/>
    public Network Prepare(Network network) => options.Activations == TwnActivations.Ternary ? ReplacedActivations.Remove(network, BinaryLayers.Covers) : network;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => options.Activations == TwnActivations.Ternary && BinaryLayers.Covers(layer) ? new TernaryActivations() : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(MltMethod.Digits(Name, draft.Layer, _level));
        if (options.Activations == TwnActivations.Ternary) draft.Fill(new StepActivations(Name, draft.Layer.Input.IsNonNegative));
        draft.Fill(new TrainedProduct(Name));
    }
}

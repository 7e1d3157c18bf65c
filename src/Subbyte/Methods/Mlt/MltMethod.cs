using System.Globalization;
using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Multi-level ternary quantization (Manavi Mofrad et al.): each weight, and each activation, a sum of a few scaled digits −1, 0, 1, and pruning while training until
/// the loss is no longer negligible. Without training the digits are fitted to the weights, residual by residual.
/// </summary>
/// <param name="options">Options.</param>
public sealed class MltMethod(MltOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "mlt";

    /// <summary>Patch rows whose values show the levels of a layer's input.</summary>
    private const int MostRows = 2000;

    private readonly int? _activationLevels = options.ActivationLevels == "open" ? null : int.Parse(options.ActivationLevels, CultureInfo.InvariantCulture);

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<MltOptions>(
        Name,
        "weights, and activations, as sums of a few scaled digits −1, 0, 1; trained with pruning, or fitted",
        "H. Manavi Mofrad, S. A. Ansarmohammadi, M. Salehi, \"Multi-level ternary quantization for improving sparsity and computation in embedded deep neural networks\"",
        options => new MltMethod(options),
        "mlt:w=2 + output-correction",
        "mlt:w=3 + output-correction");

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainingPlan? Plan { get; } = options.Sparsity > 0 || options.Stages.Length > 0 || options.PruneDigits ? new PruningPlan(options) : null;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => BinaryLayers.Covers(layer) ? new MltWeights(Name, layer.Outputs, layer.Depth, options) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => _activationLevels is { } levels && BinaryLayers.Covers(layer) ? new MltActivations(Name, levels) : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        var layer = draft.Layer;
        draft.Fill(Digits(Name, layer, options));
        if (_activationLevels is { } levels) draft.Fill(new LevelActivations(Name, ActivationScales(layer, levels), [-1, 0, 1], 2 * levels));
        draft.Fill(new TrainedProduct(Name));
    }

    /// <summary>The digits of weights: those that a training left them on, or fitted by TWN's closed forms.</summary>
    /// <param name="name">Name of the method.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Options.</param>
    /// <returns>A plane a level.</returns>
    internal static WeightCodes Digits(string name, DotProductLayer layer, MltOptions options)
    {
        if (LevelRecovery.Of(layer, options.WeightLevels, 2) is { } planes) return MltLevels.Codes(name, planes);
        var quantizer = new MltWeights(name, layer.Outputs, layer.Depth, options with { Thresholds = MltThresholds.Twn, Deviation = 0 });
        var values = layer.Weights.ToArray();
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(values, parameters, new Kernels.SeededRandom(0));
        return quantizer.Codes(values, parameters);
    }

    /// <summary>The scales of a trained layer's input, whose values lie on the levels; fitted to the values where they do not.</summary>
    private static float[] ActivationScales(DotProductLayer layer, int levels)
    {
        var values = layer.Input.Patches(0, MostRows).Values;
        if (LevelRecovery.Scales(values, levels) is { } scales) return scales;
        var fitted = TernaryFit.Fit(values, [], levels).Scales.ToArray();
        return [.. fitted.Where(scale => scale > 0).OrderDescending().Select(MltLevels.Short).DefaultIfEmpty(1)];
    }
}

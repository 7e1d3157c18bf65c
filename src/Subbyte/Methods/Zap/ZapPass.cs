using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Networks.Passes;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>
/// Zero activation prediction (Shomron et al., ECCV 2020): a part of each feature map is computed, and a small network of two depthwise convolutions predicts from it which of the others
/// are zero and need not be. The predictors are trained on calibration samples, without labels, all layers in one pass over the data. As a training method it trains them first, and then
/// the network with its maps predicted, the predictors frozen (section 3A.6).
/// </summary>
/// <param name="options">Options.</param>
public sealed class ZapPass(ZapOptions options) : ILoweredPass, IMaskedTraining
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "zap";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<ZapOptions>(
        Name,
        "computes a part of each feature map and predicts the zeros of the rest with a small trained network",
        "G. Shomron, R. Banner, M. Shkolnik, U. Weiser, \"Thanks for Nothing: Predicting Zero-Valued Activations with Lightweight Convolutional Neural Networks\", ECCV 2020",
        options => new ZapPass(options),
        "zap:threshold=0.1 + bn-recal");

    /// <inheritdoc/>
    public string Applied => $"{Name}:predictors=stored";

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, OutputPrediction> Masks(Network network, ISampleSource samples, int threads)
    {
        var folded = ConstantFolding.Apply(network);
        return Apply(new LowBitNetwork(folded, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), new Calibrator(samples, Calibrator.DefaultSamples, threads).For(folded), CancellationToken.None).Predictions;
    }

    /// <inheritdoc/>
    public Network Keep(Network network, IReadOnlyDictionary<string, OutputPrediction> masks) => StoredPredictors.Write(network, masks);

    /// <inheritdoc/>
    public LowBitNetwork Apply(LowBitNetwork network, CalibrationData calibration, CancellationToken cancellation)
    {
        var maps = PredictableMaps.Of(network.Network).Where(map => !map.IsFirst && !network.Predictions.ContainsKey(map.Activation)).ToArray();
        if (maps.Length == 0)
            throw new UserErrorException($"recipe step '{Name}' predicts nothing: it needs convolutions after the first that are followed by a ReLU, with only a batch norm or an addition between, and no other step that predicts their outputs");
        var masks = options.Predictors == ZapPredictors.Stored ? StoredPredictors.Read(network.Network, maps) : Train(network, maps, calibration, cancellation);
        var predictions = new Dictionary<string, OutputPrediction>(network.Predictions, StringComparer.Ordinal);
        foreach (var (map, mask) in maps.Zip(masks)) predictions[map.Activation] = new OutputPrediction(map.Layer, mask);
        return new LowBitNetwork(network.Network, network.Layers) { Predictions = predictions };
    }

    private ZapMask[] Train(LowBitNetwork network, PredictableMap[] maps, CalibrationData calibration, CancellationToken cancellation)
    {
        var trained = TrainedPredictors.Of(network, maps, options, calibration, cancellation);
        if (options.Loss <= 0) return [.. trained.Predictors.Select(predictor => new ZapMask(predictor, (float)options.Threshold))];

        // Thresholds by the measured curves of the calibration samples (section 3A.5b).
        var chosen = OperatingPoint.Choose(trained.Curves, options.Loss);
        return [.. trained.Predictors.Zip(chosen, (predictor, index) => new ZapMask(predictor, TrainedPredictors.Grid[index]))];
    }
}

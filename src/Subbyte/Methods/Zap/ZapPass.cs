using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>
/// Zero activation prediction (Shomron et al., ECCV 2020): a part of each feature map is computed, and a small network of two depthwise convolutions predicts from it which of the others
/// are zero and need not be. The predictors are trained on calibration samples, without labels, all layers in one pass over the data.
/// </summary>
/// <param name="options">Options.</param>
public sealed class ZapPass(ZapOptions options) : ILoweredPass
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "zap";

    private const int CurveSamples = 256;

    /// <summary>Thresholds that are tried for each layer.</summary>
    private static readonly float[] Grid = [.. Enumerable.Range(-10, 21).Select(i => i / 10f)];

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<ZapOptions>(
        Name,
        "computes a part of each feature map and predicts the zeros of the rest with a small trained network",
        "G. Shomron, R. Banner, M. Shkolnik, U. Weiser, \"Thanks for Nothing: Predicting Zero-Valued Activations with Lightweight Convolutional Neural Networks\", ECCV 2020",
        options => new ZapPass(options),
        "zap:threshold=0.1 + bn-recal");

    /// <inheritdoc/>
    public LowBitNetwork Apply(LowBitNetwork network, CalibrationData calibration, CancellationToken cancellation)
    {
        var maps = PredictableMaps.Of(network.Network).Where(map => !map.IsFirst && !network.Predictions.ContainsKey(map.Activation)).ToArray();
        if (maps.Length == 0)
            throw new UserErrorException($"recipe step '{Name}' predicts nothing: it needs convolutions after the first that are followed by a ReLU, with only a batch norm or an addition between, and no other step that predicts their outputs");
        var predictors = maps.Select(map => new ZapPredictor(map.Shape, MaskPattern.Of(options.Mask, map.Shape))).ToArray();
        var feed = new MapFeed(network, maps, calibration, Math.Min(options.Batch, calibration.Samples.Count));
        Train(predictors, feed, calibration, cancellation);
        var thresholds = options.Loss > 0 ? Optimize(maps, predictors, feed, calibration, cancellation) : [.. maps.Select(_ => (float)options.Threshold)];
        var predictions = new Dictionary<string, OutputPrediction>(network.Predictions, StringComparer.Ordinal);
        for (var i = 0; i < maps.Length; i++) predictions[maps[i].Activation] = new OutputPrediction(maps[i].Layer, new ZapMask(predictors[i], thresholds[i]));
        return new LowBitNetwork(network.Network, network.Layers) { Predictions = predictions };
    }

    private void Train(ZapPredictor[] predictors, MapFeed feed, CalibrationData calibration, CancellationToken cancellation)
    {
        var trainings = predictors.Select((predictor, i) =>
        {
            predictor.Draw(new SeededRandom((ulong)options.Seed, (ulong)i));
            return new ZapTraining(predictor, options.Rate);
        }).ToArray();
        var samples = Math.Min(options.Samples, calibration.Samples.Count);
        var order = Enumerable.Range(0, samples).ToArray();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            new SeededRandom((ulong)options.Seed, (ulong)(epoch + predictors.Length)).Shuffle<int>(order);
            for (var first = 0; first + feed.Batch <= samples; first += feed.Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                feed.Run(order.AsSpan(first, feed.Batch));
                feed.ForEach((map, i) => trainings[i].Step(map, feed.Batch));
            }
        }
    }

    /// <summary>Thresholds by the measured curves of the calibration samples (section 3A.5b).</summary>
    private float[] Optimize(PredictableMap[] maps, ZapPredictor[] predictors, MapFeed feed, CalibrationData calibration, CancellationToken cancellation)
    {
        var macs = calibration.Layers.ToDictionary(layer => layer.Name, layer => (double)layer.Macs, StringComparer.Ordinal);
        var measures = predictors.Select(predictor => new CurveMeasure(predictor, Grid)).ToArray();
        var samples = Math.Min(CurveSamples, calibration.Samples.Count);
        for (var first = 0; first + feed.Batch <= samples; first += feed.Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            feed.Run([.. Enumerable.Range(first, feed.Batch)]);
            feed.ForEach((map, i) => measures[i].Add(map, feed.Batch));
        }

        var chosen = OperatingPoint.Choose([.. measures.Select((measure, i) => measure.Curve(macs[maps[i].Layer]))], options.Loss);
        return [.. chosen.Select(index => Grid[index])];
    }
}

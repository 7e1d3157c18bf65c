using System.Globalization;
using System.Security.Cryptography;
using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>
/// The predictors of a network's maps, trained on calibration samples, and what each threshold keeps and loses of each map. Recipes that differ in their
/// thresholds alone share them.
/// </summary>
internal sealed class TrainedPredictors
{
    private const int CurveSamples = 256;

    private readonly Lazy<ThresholdCurve[]> _curves;

    private TrainedPredictors(LowBitNetwork network, PredictableMap[] maps, ZapOptions options, CalibrationData calibration, CancellationToken cancellation)
    {
        Predictors = [.. maps.Select(map => new ZapPredictor(map.Shape, MaskPattern.Of(options.Mask, map.Shape)))];
        var feed = new MapFeed(network, maps, calibration, Math.Min(options.Batch, calibration.Samples.Count));
        Train(options, feed, calibration, cancellation);
        _curves = new(() => Measure(maps, feed, calibration));
    }

    /// <summary>Thresholds that are tried for each layer.</summary>
    public static IReadOnlyList<float> Grid { get; } = [.. Enumerable.Range(-10, 21).Select(i => i / 10f)];

    /// <summary>The predictors, one a map.</summary>
    public ZapPredictor[] Predictors { get; }

    /// <summary>What each threshold of <see cref="Grid"/> keeps and loses, one curve a map.</summary>
    public ThresholdCurve[] Curves => _curves.Value;

    /// <summary>The predictors of a network: those that were made on these samples before, or new ones.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="calibration">The samples.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <returns>The predictors.</returns>
    public static TrainedPredictors Of(LowBitNetwork network, PredictableMap[] maps, ZapOptions options, CalibrationData calibration, CancellationToken cancellation)
    {
        // Lowered layers are no content that a key could name.
        if (network.Layers.Count > 0) return new TrainedPredictors(network, maps, options, calibration, cancellation);
        var key = Key(network.Network, maps, options);
        var made = calibration.Made.GetOrAdd(key, _ => new Lazy<object>(() => new TrainedPredictors(network, maps, options, calibration, cancellation)));
        try
        {
            return (TrainedPredictors)made.Value;
        }
        catch
        {
            // A training that was cancelled is not one that was made.
            calibration.Made.TryRemove(key, out _);
            throw;
        }
    }

    private static string Key(Network network, PredictableMap[] maps, ZapOptions options)
    {
        using var stream = new MemoryStream();
        OnnxNetwork.Write(network, stream);
        var settings = string.Create(CultureInfo.InvariantCulture, $"{options.Mask} {options.Epochs} {options.Samples} {options.Batch} {options.Rate} {options.Seed}");
        return $"{ZapPass.Name} {Convert.ToHexString(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)))} {settings} {string.Join(' ', maps.Select(map => map.Activation))}";
    }

    private void Train(ZapOptions options, MapFeed feed, CalibrationData calibration, CancellationToken cancellation)
    {
        var trainings = Predictors.Select((predictor, i) =>
        {
            predictor.Draw(new SeededRandom((ulong)options.Seed, (ulong)i));
            return new ZapTraining(predictor, options.Rate);
        }).ToArray();
        var samples = Math.Min(options.Samples, calibration.Samples.Count);
        var order = Enumerable.Range(0, samples).ToArray();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            new SeededRandom((ulong)options.Seed, (ulong)(epoch + Predictors.Length)).Shuffle<int>(order);
            for (var first = 0; first + feed.Batch <= samples; first += feed.Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                feed.Run(order.AsSpan(first, feed.Batch));
                feed.ForEach((map, i) => trainings[i].Step(map, feed.Batch));
            }
        }
    }

    private ThresholdCurve[] Measure(PredictableMap[] maps, MapFeed feed, CalibrationData calibration)
    {
        var macs = calibration.Layers.ToDictionary(layer => layer.Name, layer => (double)layer.Macs, StringComparer.Ordinal);
        var measures = Predictors.Select(predictor => new CurveMeasure(predictor, [.. Grid])).ToArray();
        var samples = Math.Min(CurveSamples, calibration.Samples.Count);
        for (var first = 0; first + feed.Batch <= samples; first += feed.Batch)
        {
            feed.Run([.. Enumerable.Range(first, feed.Batch)]);
            feed.ForEach((map, i) => measures[i].Add(map, feed.Batch));
        }

        return [.. measures.Select((measure, i) => measure.Curve(macs[maps[i].Layer]))];
    }
}

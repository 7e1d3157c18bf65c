using Subbyte.Prediction;

namespace Subbyte.Methods.CrossNeuron;

/// <summary>
/// Cross-neuron prediction: zeros of a feature map cluster, so when the anchors of a small window are zero after the ReLU, the rest of the window is
/// predicted zero and not computed (zero prediction, section 3B).
/// </summary>
/// <param name="options">Options.</param>
public sealed class CrossNeuronPredictor(CrossNeuronOptions options) : IOutputPredictor
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<CrossNeuronOptions>(
        "cross-neuron",
        "skips the rest of a window of a feature map when its diagonal is zero",
        "Shomron and Weiser, Spatial Correlation and Value Prediction in Convolutional Neural Networks, 2019",
        Create,
        "cross-neuron", "int8 + cross-neuron");

    /// <inheritdoc/>
    public IOutputMask Predict(PredictableMap map)
    {
        var pooled = options.PoolAware && map.Pool > 1;
        var side = pooled ? (options.Window + map.Pool - 1) / map.Pool * map.Pool : options.Window;
        return new CrossNeuronMask(map.Shape, side, pooled && !options.Exact ? double.PositiveInfinity : options.Threshold, options.Anchor);
    }

    private static CrossNeuronPredictor Create(CrossNeuronOptions options)
        => options is { Exact: true, PoolAware: false }
            ? throw new UserErrorException("recipe step 'cross-neuron': 'exact' says how pool-aware treats a map; give pool-aware too, or leave it out")
            : new CrossNeuronPredictor(options);
}

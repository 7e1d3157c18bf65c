using System.Buffers;
using Subbyte.Onnx.Export;
using Subbyte.Prediction;
using Subbyte.Tensors;

namespace Subbyte.Methods.Zap;

/// <summary>Which elements of a map are computed: the mask's positions, and elsewhere what the predictor's output puts above the threshold.</summary>
/// <param name="predictor">The trained predictor.</param>
/// <param name="threshold">The threshold; strictly above it an element is computed.</param>
public sealed class ZapMask(ZapPredictor predictor, float threshold) : IOutputMask, IOnnxMask
{
    /// <inheritdoc/>
    public string Method => ZapPass.Name;

    /// <inheritdoc/>
    public MapShape Shape => predictor.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<bool> ComputedFirst => predictor.Computed;

    /// <summary>The predictor.</summary>
    internal ZapPredictor Predictor => predictor;

    /// <summary>The threshold.</summary>
    public float Threshold => threshold;

    /// <inheritdoc/>
    public void Decide(ReadOnlySpan<float> map, Span<uint> keep)
    {
        var length = Shape.Length;
        var room = ArrayPool<float>.Shared.Rent(3 * length);
        var prediction = room.AsSpan(2 * length, length);
        predictor.Predict(map, room.AsSpan(0, 2 * length), prediction);
        for (var position = 0; position < Shape.Positions; position++)
        {
            for (var i = position * Shape.Channels; i < (position + 1) * Shape.Channels; i++)
                keep[i] = predictor.Computed[position] || prediction[i] > threshold ? uint.MaxValue : 0;
        }

        ArrayPool<float>.Shared.Return(room);
    }

    /// <inheritdoc/>
    /// <remarks>Float sums of other runtimes may tip an element at the threshold.</remarks>
    public string Express(CodeGraph graph, string map)
    {
        var computed = graph.Constant("computed", Tensor.Of<bool>([.. predictor.Computed], 1, 1, Shape.Height, Shape.Width));
        var known = graph.Add("Where", [computed, map, graph.Scalar("unknown", 0)]);
        var hidden = graph.Add("Relu", [Stage(graph, 0, known)]);
        return graph.Add("Or", [computed, graph.Add("Greater", [Stage(graph, 1, hidden), graph.Scalar("threshold", threshold)])]);
    }

    private string Stage(CodeGraph graph, int stage, string input)
    {
        var channels = Shape.Channels;
        var source = predictor.Weights(stage);
        var weights = new float[source.Length];
        for (var tap = 0; tap < ZapPredictor.Taps; tap++)
        {
            for (var c = 0; c < channels; c++) weights[(c * ZapPredictor.Taps) + tap] = source[(tap * channels) + c];
        }

        var (factor, summand) = predictor.Affine(stage);
        var attributes = new Dictionary<string, Networks.AttributeValue>(StringComparer.Ordinal)
        {
            ["kernel_shape"] = new long[] { 3, 3 },
            ["pads"] = new long[] { 1, 1, 1, 1 },
            ["group"] = (long)channels,
        };
        var sum = graph.Add("Conv", [input, graph.Constant("weight", Tensor.Of<float>(weights, channels, 1, 3, 3))], attributes);
        var scaled = graph.Add("Mul", [sum, graph.Constant("factor", Tensor.Of<float>(factor, channels, 1, 1))]);
        return graph.Add("Add", [scaled, graph.Constant("summand", Tensor.Of<float>(summand, channels, 1, 1))]);
    }
}

using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Onnx.Export;
using Subbyte.Prediction;
using Subbyte.Tensors;
using static Subbyte.Onnx.Export.OnnxFunction;

namespace Subbyte.Methods.CrossNeuron;

/// <summary>Which elements of a map are computed: all anchors, and the rest of each window one of whose anchors exceeds the threshold.</summary>
public sealed class CrossNeuronMask : IOutputMask, IOnnxMask
{
    private readonly AnchoredWindows _windows;
    private readonly int _side;
    private readonly float _threshold;

    /// <summary>A mask.</summary>
    /// <param name="shape">Sizes of the map.</param>
    /// <param name="side">Rows and columns of a window.</param>
    /// <param name="threshold">The threshold; +∞ computes nothing but anchors.</param>
    /// <param name="anchor">Where the anchors lie.</param>
    public CrossNeuronMask(MapShape shape, int side, double threshold, AnchorPattern anchor)
    {
        Shape = shape;
        _side = side;
        _threshold = (float)threshold;
        _windows = new AnchoredWindows(shape.Height, shape.Width, side, (row, column, _, columns) => anchor.Contains(row, column, columns));
    }

    /// <inheritdoc/>
    public string Method => "cross-neuron";

    /// <inheritdoc/>
    public MapShape Shape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<bool> ComputedFirst => _windows.Anchors;

    /// <inheritdoc/>
    public void Decide(ReadOnlySpan<float> map, Span<uint> keep) => _windows.Keep(map, Shape.Channels, _threshold, keep);

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string map)
    {
        var anchors = graph.Constant("anchors", Tensor.Of<bool>(_windows.Anchors, 1, 1, Shape.Height, Shape.Width));
        if (float.IsPositiveInfinity(_threshold)) return anchors;
        var scales = graph.Constant("scales", Tensor.Of<float>([1, 1, _side, _side]));
        var sizes = graph.Constant("sizes", Tensor.Of<long>([Shape.Height, Shape.Width]));
        return graph.Call(KeepWindows(_side), [map, anchors, graph.Scalar("zero", 0), graph.Scalar("threshold", _threshold), scales, graph.Constant("origin", Tensor.Of<long>([0, 0])), sizes, graph.Constant("axes", Tensor.Of<long>([2, 3]))]);
    }

    /// <summary>keep = anchor, or the largest anchor of the window exceeds the threshold. Maps are not negative, so zeros in place of the others change no maximum.</summary>
    private static OnnxFunction KeepWindows(int side)
    {
        AttributeValue window = new long[] { side, side };
        return new OnnxFunction(
            $"KeepWindows{side}", ["map", "anchors", "zero", "threshold", "scales", "origin", "sizes", "axes"], "keep",
            [
                Step("anchored", "Where", "anchors", "map", "zero"),
                Step("largest", "MaxPool", ["anchored"], ("kernel_shape", window), ("strides", window), ("ceil_mode", 1L)),
                Step("spread", "Resize", ["largest", "", "scales"], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
                Step("cut", "Slice", "spread", "origin", "sizes", "axes"),
                Step("exceeds", "Greater", "cut", "threshold"),
                Step("keep", "Or", "exceeds", "anchors"),
            ]);
    }
}

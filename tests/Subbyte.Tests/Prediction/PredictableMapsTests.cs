using Subbyte.Networks;
using Subbyte.Prediction;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Prediction;

/// <summary>Which feature maps may be predicted, and whose products a skipped element saves.</summary>
public sealed class PredictableMapsTests
{
    private readonly Random _random = new(5);

    [Fact]
    public void A_residual_block_has_two_maps_and_its_shortcut_none()
    {
        var graph = new GraphBuilder(3, 8, 8);
        var stem = graph.Add("Relu", [Convolution(graph, GraphBuilder.Input, 3, 4)]);
        var inner = graph.Add("Relu", [Norm(graph, Convolution(graph, stem, 4, 6, stride: 2), 6)]);
        var shortcut = Norm(graph, Convolution(graph, stem, 4, 6, stride: 2), 6);
        var sum = graph.Add("Add", [shortcut, Norm(graph, Convolution(graph, inner, 6, 6), 6)]);
        var output = graph.Add("Relu", [sum]);
        Describe(graph.Build(output)).ShouldBe([
            "Conv0 → Relu1 4×8×8 first",
            "Conv2 → Relu4 6×4×4",
            "Conv7 → Relu10 6×4×4",
        ]);
    }

    [Fact]
    public void A_clamp_from_zero_is_a_relu_and_others_are_none()
    {
        var graph = new GraphBuilder(3, 8, 8);
        var first = graph.Add("Clip", [Convolution(graph, GraphBuilder.Input, 3, 4), Scalar(graph, 0), Scalar(graph, 6)]);
        var second = graph.Add("Clip", [Convolution(graph, first, 4, 4), Scalar(graph, -1), Scalar(graph, 1)]);
        var third = graph.Add("Sigmoid", [Convolution(graph, second, 4, 4)]);
        Describe(graph.Build(Convolution(graph, third, 4, 4))).ShouldBe(["Conv0 → Clip1 4×8×8 first"]);
    }

    [Fact]
    public void A_sum_that_something_else_reads_must_be_computed()
    {
        var graph = new GraphBuilder(3, 8, 8);
        var value = Convolution(graph, GraphBuilder.Input, 3, 3);
        var sum = graph.Add("Add", [Convolution(graph, value, 3, 3), value]);
        var activation = graph.Add("Relu", [sum]);
        Describe(graph.Build(activation, sum)).ShouldBeEmpty();
        Describe(graph.Build(activation)).ShouldBe(["Conv1 → Relu3 3×8×8"]);
    }

    [Fact]
    public void Maps_of_one_position_are_left_out()
    {
        var graph = new GraphBuilder(3, 1, 1);
        Describe(graph.Build(graph.Add("Relu", [Convolution(graph, GraphBuilder.Input, 3, 4)]))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, 2, 0, 2)]
    [InlineData(3, 2, 0, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(4, 4, 0, 4)]
    public void Pooling_counts_where_its_windows_do_not_overlap(int side, int stride, int pad, int expected)
    {
        var graph = new GraphBuilder(3, 8, 8);
        var map = graph.Add("Relu", [Convolution(graph, GraphBuilder.Input, 3, 4)]);
        var pooled = graph.Add("MaxPool", [map], ("kernel_shape", new long[] { side, side }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
        PredictableMaps.Of(graph.Build(pooled)).ShouldHaveSingleItem().Pool.ShouldBe(expected);
        PredictableMaps.Of(graph.Build(pooled, map)).ShouldHaveSingleItem().Pool.ShouldBe(1, "the map itself is an output too");
    }

    private static IEnumerable<string> Describe(Network network)
        => PredictableMaps.Of(network).Select(map => $"{map.Layer} → {map.Activation} {map.Shape.Channels}×{map.Shape.Height}×{map.Shape.Width}{(map.IsFirst ? " first" : "")}");

    private static string Scalar(GraphBuilder graph, float value) => graph.Constant(Tensors.Tensor.Scalar(value));

    private string Convolution(GraphBuilder graph, string input, int channels, int outputs, int stride = 1)
        => graph.Add("Conv", [input, graph.Constant(_random.Gaussians(outputs * channels * 9, 0.3), outputs, channels, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { stride, stride }));

    private string Norm(GraphBuilder graph, string input, int channels)
        => graph.Add("BatchNormalization", [input, .. new[] { 1f, 0, 0, 1 }.Select(value => graph.Constant([.. Enumerable.Repeat(value, channels)], channels))]);
}

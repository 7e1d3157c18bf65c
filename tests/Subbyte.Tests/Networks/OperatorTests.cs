using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Networks;

/// <summary>Float operators against their definitions in plain loops, on inputs that lie in memory as ONNX says and with channels last.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class OperatorTests
{
    [Fact]
    public void Products_are_one_chain_of_fused_multiply_adds_and_the_bias()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var product = RandomProduct.Draw(new Random(seed));
            var expected = product.ChannelsLast(Run(product.Network, product.Samples[0]), product.Geometry.OutChannels);
            Chain(product).ShouldBeBits(expected, $"layer {seed}: {product.Geometry}");
        }
    }

    [Fact]
    public void Pooling_is_the_maximum_or_the_mean_of_each_window()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var x = Draw(random, 1, random.Next(1, 20), random.Next(3, 9), random.Next(3, 9));
            var (kernel, stride, pads) = (Pair(random, 1, 4), Pair(random, 1, 4), new[] { 0, 0, 0, 0 });
            for (var i = 0; i < 4; i++) pads[i] = random.Next(0, kernel[i % 2]);
            var (isMax, countPadding, ceil) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
            if (!isMax && countPadding) ceil = false;
            Check(
                x,
                graph => graph.Add(isMax ? "MaxPool" : "AveragePool", [GraphBuilder.Input], ("kernel_shape", Longs(kernel)), ("strides", Longs(stride)), ("pads", Longs(pads)), ("ceil_mode", ceil ? 1 : 0), ("count_include_pad", countPadding ? 1 : 0)),
                Pool(x, kernel, stride, pads, isMax, countPadding, ceil),
                1e-6);
        }
    }

    [Fact]
    public void A_window_may_be_as_large_as_any_image()
    {
        var x = Draw(new Random(6), 1, 2, 400, 300);
        var expected = Pool(x, [400, 300], [1, 1], [0, 0, 0, 0], isMax: false, countPadding: false, ceil: false);
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Check(x, graph => graph.Add("AveragePool", [GraphBuilder.Input], ("kernel_shape", new long[] { 400, 300 })), expected, 1e-4)), 512 * 1024);
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
    }

    [Fact]
    public void Elementwise_operators_broadcast()
    {
        var random = new Random(1);
        int[][] shapes = [[], [1], [5], [3, 1, 1], [4, 1], [1, 3, 1, 5], [2, 1, 4, 5], [2, 3, 4, 5], [1, 1, 1, 1]];
        var functions = new Dictionary<string, Func<float, float, float>>(StringComparer.Ordinal) { ["Add"] = (a, b) => a + b, ["Sub"] = (a, b) => a - b, ["Mul"] = (a, b) => a * b, ["Div"] = (a, b) => a / b };
        foreach (var (opType, function) in functions)
        {
            foreach (var shape in shapes)
            {
                var (x, y) = (Draw(random, 2, 3, 4, 5), Draw(random, shape));
                float At(int[] index) => y[[.. shape.Select((size, axis) => size == 1 ? 0 : index[axis + 4 - shape.Length])]];
                Check(x, graph => graph.Add(opType, [GraphBuilder.Input, graph.Constant(Tensor.Of<float>(y.Values).Reshaped(shape))]), Logical.Of(x.Shape, index => function(x[index], At(index))));
                Check(x, graph => graph.Add(opType, [graph.Constant(Tensor.Of<float>(y.Values).Reshaped(shape)), GraphBuilder.Input]), Logical.Of(x.Shape, index => function(At(index), x[index])));
            }
        }
    }

    [Fact]
    public void Clamps_and_affine_maps_work_channel_by_channel()
    {
        var random = new Random(2);
        var x = Draw(random, 2, 5, 3, 4);
        Check(x, graph => graph.Add("Relu", [GraphBuilder.Input]), Logical.Of(x.Shape, index => Math.Max(0, x[index])));
        Check(x, graph => graph.Add("Clip", [GraphBuilder.Input, graph.Constant(Tensor.Scalar(-0.5f)), graph.Constant(Tensor.Scalar(0.25f))]), Logical.Of(x.Shape, index => Math.Clamp(x[index], -0.5f, 0.25f)));
        Check(x, graph => graph.Add("Clip", [GraphBuilder.Input, "", graph.Constant(Tensor.Scalar(0.25f))]), Logical.Of(x.Shape, index => Math.Min(x[index], 0.25f)));
        float[][] parameters = [random.Gaussians(5), random.Gaussians(5), random.Gaussians(5), [0.5f, 1, 2, 3, 1e-3f]];
        var expected = Logical.Of(x.Shape, index => (float)((parameters[0][index[1]] * (x[index] - (double)parameters[2][index[1]]) / Math.Sqrt(parameters[3][index[1]] + 0.01)) + parameters[1][index[1]]));
        Check(x, graph => graph.Add("BatchNormalization", [GraphBuilder.Input, .. parameters.Select(values => graph.Constant(values, 5))], ("epsilon", 0.01f)), expected, 1e-5);
    }

    [Fact]
    public void Boxes_are_cut_padded_and_joined_along_logical_axes()
    {
        var random = new Random(3);
        var x = Draw(random, 2, 3, 4, 5);
        for (var axis = 1; axis < 4; axis++)
        {
            var (a, y) = (axis, Draw(random, [.. x.Shape.Select((size, i) => i == axis ? 2 : size)]));
            int[] joined = [.. x.Shape.Select((size, i) => i == a ? size + 2 : size)];
            var expected = Logical.Of(joined, index => index[a] < x.Shape[a] ? x[index] : y[[.. index.Select((position, i) => i == a ? position - x.Shape[a] : position)]]);
            Check(x, graph => graph.Add("Concat", [GraphBuilder.Input, graph.Constant(y.Values, y.Shape)], ("axis", a)), expected);
            Check(x, graph => graph.Add("Concat", [GraphBuilder.Input, graph.Constant(y.Values, y.Shape)], ("axis", a - 4)), expected);
        }

        var padded = Logical.Of([2, 5, 4, 6], index => index[1] is < 1 or > 3 || index[3] < 1 ? 7 : x[index[0], index[1] - 1, index[2], index[3] - 1]);
        Check(x, graph => graph.Add("Pad", [GraphBuilder.Input, graph.Constant(0, 1, 0, 1, 0, 1, 0, 0), graph.Constant(Tensor.Scalar(7f))]), padded);
        var mean = Logical.Of([2, 3, 1, 1], index => (float)Enumerable.Range(0, 20).Average(i => (double)x[index[0], index[1], i / 5, i % 5]));
        Check(x, graph => graph.Add("GlobalAveragePool", [GraphBuilder.Input]), mean, 1e-6);
        foreach (var opType in new[] { "Identity", "Dropout" }) Check(x, graph => graph.Add(opType, [GraphBuilder.Input]), x);
    }

    [Fact]
    public void Slices_count_from_either_end_in_steps_of_either_sign()
    {
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var x = Draw(random, 2, 5, 4, 6);
            var axis = random.Next(1, 4);
            var (start, end, step) = (random.Next(-9, 9), random.Next(-9, 9), random.Next(2) == 0 ? random.Next(1, 4) : -random.Next(1, 4));
            var kept = Python(start, end, step, x.Shape[axis]);
            if (kept.Length == 0) continue;
            var expected = Logical.Of([.. x.Shape.Select((size, a) => a == axis ? kept.Length : size)], index => x[[.. index.Select((position, a) => a == axis ? kept[position] : position)]]);
            Check(x, graph => graph.Add("Slice", [GraphBuilder.Input, graph.Constant(start), graph.Constant(end), graph.Constant(axis), graph.Constant(step)]), expected);
        }
    }

    [Fact]
    public void Reshaping_keeps_the_order_that_the_file_means()
    {
        var x = Draw(new Random(5), 2, 3, 4, 5);
        Check(x, graph => graph.Add("Flatten", [GraphBuilder.Input]), new Logical(x.Values, 2, 60));
        Check(x, graph => graph.Add("Flatten", [GraphBuilder.Input], ("axis", -1)), new Logical(x.Values, 24, 5));
        Check(x, graph => graph.Add("Flatten", [GraphBuilder.Input], ("axis", 0)), new Logical(x.Values, 1, 120));
        Check(x, graph => graph.Add("Reshape", [GraphBuilder.Input, graph.Constant(0, -1)]), new Logical(x.Values, 2, 60));
        Check(x, graph => graph.Add("Reshape", [GraphBuilder.Input, graph.Constant(2, 5, 0, -1)]), new Logical(x.Values, 2, 5, 4, 3));
    }

    [Fact]
    public void Branches_of_constants_are_folded()
    {
        var graph = new GraphBuilder(4);
        var folded = graph.Add("Relu", [graph.Add("Add", [graph.Constant([-3f, 1f, 2f, -1f], 4), graph.Constant([1f], 1)])]);
        var network = graph.Build(graph.Add("Add", [GraphBuilder.Input, folded]));
        ExecutionPlan.Compile(network).Steps.ShouldHaveSingleItem();
        Run(network, [1, 1, 1, 1]).ShouldBe([1f, 3f, 4f, 1f]);
    }

    /// <summary>Runs one operator on a value as it comes in, and on the same value after a pooling of single pixels has laid its channels last.</summary>
    private static void Check(Logical x, Func<GraphBuilder, string> build, Logical expected, double tolerance = 0)
    {
        InstructionSets.ForEach(set =>
        {
            foreach (var channelsLast in new[] { false, true })
            {
                var graph = new GraphBuilder(x.Shape[1..]);
                var output = build(graph);
                var network = graph.Build(output);
                if (channelsLast) network = WithChannelsLast(network);
                var actual = Run(network, x.Values, x.Shape[0]);
                actual.Length.ShouldBe(expected.Values.Length);
                for (var i = 0; i < actual.Length; i++)
                {
                    var difference = Math.Abs((double)actual[i] - expected.Values[i]);
                    difference.ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected.Values[i])), $"{network.Nodes[^1]} with {set}, channels last: {channelsLast}, element {i}");
                }
            }
        });
    }

    private static Network WithChannelsLast(Network network)
    {
        var pool = new Node { Name = "lay", OpType = "MaxPool", Inputs = [GraphBuilder.Input], Outputs = ["laid"], Attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["kernel_shape"] = new long[] { 1, 1 } } };
        var nodes = network.Nodes.Select(node => new Node { Name = node.Name, OpType = node.OpType, Outputs = node.Outputs, Attributes = node.Attributes, Inputs = [.. node.Inputs.Select(input => input == GraphBuilder.Input ? "laid" : input)] });
        return network with { Nodes = [pool, .. nodes] };
    }

    private static float[] Run(Network network, float[] input, int batch = 1)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Batch = batch }));
        input.CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        return frame.Results[0].AsSpan<float>().ToArray();
    }

    private static float[] Chain(RandomProduct product)
    {
        var (g, layer) = (product.Geometry, ExecutionPlan.Compile(product.Network).DotProducts.Single());
        var map = product.ChannelsLast(product.Samples[0], g.InChannels);
        var outputs = new float[g.Positions * g.OutChannels];
        for (var i = 0; i < outputs.Length; i++)
        {
            var (position, m) = (i / g.OutChannels, i % g.OutChannels);
            var patch = PatchRows.Gather(map, g, m / g.OutputsPerGroup, position, 0f);
            var sum = 0f;
            for (var k = 0; k < g.Depth; k++) sum = MathF.FusedMultiplyAdd(patch[k], layer.Weights.Span[(m * g.Depth) + k], sum);
            outputs[i] = sum + layer.Bias.Span[m];
        }

        return outputs;
    }

    private static Logical Pool(Logical x, int[] kernel, int[] stride, int[] pads, bool isMax, bool countPadding, bool ceil)
    {
        var (outHeight, outWidth) = (Outputs(0), Outputs(1));
        return Logical.Of([x.Shape[0], x.Shape[1], outHeight, outWidth], index =>
        {
            var window = new List<double>();
            for (var i = 0; i < kernel[0]; i++)
            {
                for (var j = 0; j < kernel[1]; j++)
                {
                    var (row, column) = ((index[2] * stride[0]) - pads[0] + i, (index[3] * stride[1]) - pads[1] + j);
                    if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3]) window.Add(x[index[0], index[1], row, column]);
                }
            }

            return (float)(isMax ? window.Max() : window.Sum() / (countPadding ? kernel[0] * kernel[1] : window.Count));
        });

        int Outputs(int axis)
        {
            var span = x.Shape[axis + 2] + pads[axis] + pads[axis + 2] - kernel[axis];
            if (!ceil) return (span / stride[axis]) + 1;
            var outputs = ((span + stride[axis] - 1) / stride[axis]) + 1;
            // A window must not begin in the padding at the end.
            return (outputs - 1) * stride[axis] >= x.Shape[axis + 2] + pads[axis] ? outputs - 1 : outputs;
        }
    }

    /// <summary>The indices that Python's slicing keeps, found by walking.</summary>
    private static int[] Python(int start, int end, int step, int size)
    {
        var (from, to) = (start < 0 ? start + size : start, end < 0 ? end + size : end);
        from = step > 0 ? Math.Clamp(from, 0, size) : Math.Clamp(from, -1, size - 1);
        to = step > 0 ? Math.Clamp(to, 0, size) : Math.Clamp(to, -1, size - 1);
        var kept = new List<int>();
        for (var i = from; step > 0 ? i < to : i > to; i += step) kept.Add(i);
        return [.. kept];
    }

    private static Logical Draw(Random random, params int[] shape) => new(random.Gaussians(shape.Aggregate(1, (length, size) => length * size)), shape);

    private static int[] Pair(Random random, int from, int to) => [random.Next(from, to), random.Next(from, to)];

    private static long[] Longs(int[] values) => [.. values.Select(value => (long)value)];
}

using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Operators that normalise, against their definitions in double, in both layouts.</summary>
public sealed class NormalizationOperatorTests
{
    [Fact]
    public void Layers_are_normalised_from_an_axis_on()
    {
        var random = new Random(1);
        var x = Draw(random, 3, 2, 4, 5);
        for (var axis = 0; axis < 4; axis++)
        {
            int[] shape = [.. x.Dimensions[axis..]];
            var (scale, bias) = (Draw(random, shape), Draw(random, shape));
            var size = shape.Aggregate((a, b) => a * b);
            var groups = x.Numbers().Chunk(size).Select(Moments).ToArray();
            var outputs = new SingleNode("LayerNormalization", ("axis", (long)axis - 4), ("epsilon", 1e-3f)) { Outputs = 3, Opset = 17 }.Run(x, scale, bias);
            Close(outputs[0], x.Numbers().Select((value, i) => ((value - groups[i / size].Mean) / Math.Sqrt(groups[i / size].Variance + 1e-3f) * scale.Numbers()[i % size]) + bias.Numbers()[i % size]));
            Close(outputs[1], groups.Select(group => group.Mean));
            Close(outputs[2], groups.Select(group => 1 / Math.Sqrt(group.Variance + 1e-3f)));
            outputs[1].Dimensions.ToArray().ShouldBe([.. x.Dimensions[..axis], .. Enumerable.Repeat(1, 4 - axis)]);
            var rms = new SingleNode("RMSNormalization", ("axis", (long)axis)) { Opset = 23 }.Run(x, scale)[0];
            Close(rms, x.Numbers().Select((value, i) => value / Math.Sqrt(x.Numbers().Chunk(size).ElementAt(i / size).Average(v => v * v) + 1e-5f) * scale.Numbers()[i % size]));
        }

        new SingleNode("LayerNormalization").Refusal(x, Draw(random, 4)).ShouldContain("cannot be broadcast");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Groups_of_channels_are_normalised_sample_by_sample(bool channelsLast)
    {
        var random = new Random(2);
        var x = Draw(random, 2, 6, 3, 5);
        var (scale, bias) = (Draw(random, 6), Draw(random, 6));
        foreach (var (opType, groups) in new[] { ("InstanceNormalization", 6), ("GroupNormalization", 2), ("GroupNormalization", 3), ("GroupNormalization", 1) })
        {
            var members = 90 / groups;
            var moments = x.Numbers().Chunk(members).Select(Moments).ToArray();
            var attributes = opType == "GroupNormalization" ? new (string, AttributeValue)[] { ("num_groups", (long)groups), ("epsilon", 0.01f) } : [("epsilon", 0.01f)];
            var actual = new SingleNode(opType, attributes) { ChannelsLast = channelsLast }.Run(x, scale, bias)[0];
            double Standard(int i) => (x.Numbers()[i] - moments[i / members].Mean) / Math.Sqrt(moments[i / members].Variance + 0.01f);
            Close(actual, Enumerable.Range(0, 180).Select(i => (Standard(i) * scale.Numbers()[i / 15 % 6]) + bias.Numbers()[i / 15 % 6]));
            if (groups == 6) continue;
            var (perGroup, shift) = (Draw(random, groups), Draw(random, groups));
            var old = new SingleNode(opType, attributes) { Opset = 18, ChannelsLast = channelsLast }.Run(x, perGroup, shift)[0];
            Close(old, Enumerable.Range(0, 180).Select(i => (Standard(i) * perGroup.Numbers()[i / members % groups]) + shift.Numbers()[i / members % groups]));
        }

        new SingleNode("GroupNormalization", ("num_groups", 4L)).Refusal(x, scale, bias).ShouldContain("4 groups");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Norms_responses_and_variances_divide(bool channelsLast)
    {
        var x = Draw(new Random(3), 2, 7, 3, 4);
        var numbers = x.Numbers();
        int Channel(int i) => i / 12 % 7;
        int Place(int i) => (i / 84 * 12) + (i % 12);
        var columns = Enumerable.Range(0, numbers.Length).GroupBy(Place).OrderBy(group => group.Key).Select(group => group.Select(i => numbers[i]).ToArray()).ToArray();
        foreach (var p in new[] { 1L, 2L })
        {
            var actual = new SingleNode("LpNormalization", ("p", p), ("axis", 1L)) { ChannelsLast = channelsLast }.Run(x)[0];
            Close(actual, numbers.Select((value, i) => value / (p == 1 ? columns[Place(i)].Sum(Math.Abs) : Math.Sqrt(columns[Place(i)].Sum(v => v * v)))));
        }

        foreach (var size in new[] { 1, 2, 3, 4, 20 })
        {
            var actual = new SingleNode("LRN", ("size", (long)size), ("alpha", 0.5f), ("beta", 0.75f), ("bias", 2f)) { ChannelsLast = channelsLast }.Run(x)[0];
            Close(actual, numbers.Select((value, i) =>
            {
                var (first, last) = (Math.Max(0, Channel(i) - ((size - 1) / 2)), Math.Min(6, Channel(i) + (size / 2)));
                return value / Math.Pow(2 + (0.5 / size * columns[Place(i)][first..(last + 1)].Sum(v => v * v)), 0.75);
            }));
        }

        var channels = Enumerable.Range(0, numbers.Length).GroupBy(Channel).OrderBy(group => group.Key).Select(group => Moments([.. group.Select(i => numbers[i])])).ToArray();
        var standard = new SingleNode("MeanVarianceNormalization") { ChannelsLast = channelsLast }.Run(x)[0];
        Close(standard, numbers.Select((value, i) => (value - channels[Channel(i)].Mean) / Math.Sqrt(channels[Channel(i)].Variance)));
        new SingleNode("LpNormalization", ("p", 3L)).Refusal(x).ShouldContain("p = 3");
        new SingleNode("LpNormalization").Run(Tensor.Zeros(ElementType.Float32, 1, 2))[0].Numbers().ShouldBe([0, 0]);
    }

    [Fact]
    public void Batch_norms_of_old_opsets_say_that_they_are_for_inference_and_may_be_per_element()
    {
        var random = new Random(4);
        var x = Draw(random, 2, 3, 2, 2);
        Tensor[] parameters = [Draw(random, 12), Draw(random, 12), Draw(random, 12), Tensor.Of<float>([.. Enumerable.Range(1, 12).Select(i => i / 4f)])];
        var node = new SingleNode("BatchNormalization", ("spatial", 0), ("is_test", 1), ("epsilon", 0.01f)) { Opset = 6, Constants = [1, 2, 3, 4] };
        Close(node.Run(x, parameters[0], parameters[1], parameters[2], parameters[3])[0], x.Numbers().Select((value, i) =>
            (parameters[0].Numbers()[i % 12] * (value - parameters[2].Numbers()[i % 12]) / Math.Sqrt(parameters[3].Numbers()[i % 12] + 0.01f)) + parameters[1].Numbers()[i % 12]));
        var training = new SingleNode("BatchNormalization") { Opset = 6, Constants = [1, 2, 3, 4] };
        training.Refusal(x, parameters[0], parameters[1], parameters[2], parameters[3]).ShouldContain("is_test");
    }

    private static (double Mean, double Variance) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Average(value => (value - mean) * (value - mean)));
    }

    private static Tensor Draw(Random random, params int[] shape) => Tensor.Of<float>(random.Gaussians(shape.Aggregate(1, (count, size) => count * size)), shape);

    private static void Close(Tensor actual, IEnumerable<double> expected) => actual.Numbers().ShouldBe(expected, 2e-5);
}

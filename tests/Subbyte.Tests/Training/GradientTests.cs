using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class GradientTests
{
    private const int Samples = 11; // a full block and a partial one

    public static TheoryData<string> Cases => [.. Networks.Keys];

    /// <summary>Each puts parameters before the operator in question, so that its input's gradient is seen, and a linear layer behind it.</summary>
    private static IReadOnlyDictionary<string, Func<Network>> Networks { get; } = new Dictionary<string, Func<Network>>(StringComparer.Ordinal)
    {
        ["linear"] = () => new TinyNetwork(1, 5).Linear(4, 5).Linear(3, 4).Build(),
        ["linear with weights [input, output], without bias"] = () => new TinyNetwork(2, 5).Linear(20, 5, transposed: false, bias: false).Linear(3, 20, transposed: false).Build(),
        ["linear of more inputs than a tile"] = () => new TinyNetwork(3, 300).Linear(3, 300).Build(),
        ["relu in place"] = () => new TinyNetwork(4, 5).Linear(9, 5).Apply("Relu").Linear(3, 9).Build(),
        ["relu beside another reader"] = () => new TinyNetwork(5, 5).Linear(9, 5).Apply("Relu").Sum("value0").Linear(3, 9).Build(),
        ["relu behind relu"] = () => new TinyNetwork(5, 5).Linear(9, 5).Apply("Relu").Apply("Relu").Linear(3, 9).Build(),
        ["convolution"] = () => new TinyNetwork(6, 2, 5, 4).Convolution(3, 2, 3, bias: true).Convolution(17, 3, 2).Apply("Flatten").Linear(3, 34).Build(),
        ["convolution with padding and stride"] = () => new TinyNetwork(7, 2, 5, 6).Convolution(3, 2, 1)
            .Convolution(4, 3, 3, bias: false, ("pads", new long[] { 1, 2, 0, 1 }), ("strides", new long[] { 2, 1 })).Apply("Flatten").Linear(3, 56).Build(),
        ["convolution with dilation"] = () => new TinyNetwork(8, 2, 6, 7).Convolution(3, 2, 1)
            .Convolution(4, 3, 3, bias: true, ("dilations", new long[] { 2, 3 }), ("pads", new long[] { 1, 1, 1, 1 })).Apply("Flatten").Linear(3, 48).Build(),
        ["grouped convolution"] = () => new TinyNetwork(9, 2, 4, 4).Convolution(6, 2, 1)
            .Convolution(4, 3, 3, bias: true, ("group", 2), ("pads", new long[] { 1, 1, 1, 1 })).Apply("Flatten").Linear(3, 64).Build(),
        ["depthwise convolution"] = () => new TinyNetwork(10, 2, 5, 5).Convolution(11, 2, 1)
            .Convolution(11, 1, 3, bias: true, ("group", 11), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Apply("Flatten").Linear(3, 99).Build(),
        ["depthwise convolution with two outputs a channel"] = () => new TinyNetwork(11, 2, 4, 4).Convolution(3, 2, 1)
            .Convolution(6, 1, 3, bias: false, ("group", 3)).Apply("Flatten").Linear(3, 24).Build(),
        ["pointwise convolution"] = () => new TinyNetwork(12, 2, 3, 3).Convolution(18, 2, 1).Convolution(5, 18, 1, bias: true).Apply("Flatten").Linear(3, 45).Build(),
        ["pointwise convolution with stride"] = () => new TinyNetwork(12, 2, 5, 5).Convolution(4, 2, 1)
            .Convolution(5, 4, 1, bias: false, ("strides", new long[] { 2, 2 })).Apply("Flatten").Linear(3, 45).Build(),
        ["convolution over several chunks of patches"] = () => new TinyNetwork(13, 1, 12, 12).Convolution(8, 1, 1)
            .Convolution(2, 8, 3, bias: true, ("pads", new long[] { 1, 1, 1, 1 })).Apply("GlobalAveragePool").Apply("Flatten").Linear(3, 2).Build(),
        ["batch normalization of maps"] = () => new TinyNetwork(14, 2, 4, 3).Convolution(9, 2, 1).Normalization(9).Apply("Flatten").Linear(3, 108).Build(),
        ["batch normalization of vectors"] = () => new TinyNetwork(15, 5).Linear(9, 5).Normalization(9).Linear(3, 9).Build(),
        ["batch normalization beside another reader"] = () => new TinyNetwork(16, 5).Linear(9, 5).Normalization(9).Sum("value0").Linear(3, 9).Build(),
        ["residual block"] = () => new TinyNetwork(17, 2, 4, 4).Convolution(8, 2, 1).Normalization(8).Apply("Relu")
            .Convolution(8, 8, 3, bias: false, ("pads", new long[] { 1, 1, 1, 1 })).Normalization(8).Sum("value2").Apply("Relu").Apply("GlobalAveragePool").Apply("Flatten").Linear(3, 8).Build(),
        ["sum of a value with itself"] = () => new TinyNetwork(18, 5).Linear(9, 5).Sum("value0").Linear(3, 9).Build(),
        ["two readers of every kind"] = () => new TinyNetwork(19, 2, 4, 4).Convolution(8, 2, 1).Apply("Flatten").Linear(6, 128).From("value0")
            .Convolution(8, 8, 1).From("value0").Apply("GlobalAveragePool").Apply("Flatten").Linear(6, 8).Sum("value2").From("value3").Apply("Flatten").Linear(6, 128).Sum("value7").Build(),
        ["maximum"] = () => new TinyNetwork(20, 2, 6, 6).Convolution(9, 2, 1)
            .Apply("MaxPool", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })).Apply("Relu").Apply("Flatten").Linear(3, 81).Build(),
        ["maximum beside another reader"] = () => new TinyNetwork(21, 2, 4, 4).Convolution(9, 2, 1)
            .Apply("MaxPool", ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 })).Sum("value0").Apply("Flatten").Linear(3, 144).Build(),
        ["average"] = () => new TinyNetwork(22, 2, 5, 5).Convolution(9, 2, 1)
            .Apply("AveragePool", ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 0 })).Apply("Flatten").Linear(3, 81).Build(),
        ["average with padding"] = () => new TinyNetwork(23, 2, 5, 5).Convolution(9, 2, 1)
            .Apply("AveragePool", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("count_include_pad", 1)).Apply("Flatten").Linear(3, 81).Build(),
        ["sigmoid"] = () => new TinyNetwork(30, 5).Linear(9, 5).Apply("Sigmoid").Linear(3, 9).Build(),
        ["tanh beside another reader"] = () => new TinyNetwork(31, 5).Linear(9, 5).Apply("Tanh").Sum("value0").Linear(3, 9).Build(),
        ["leaky relu"] = () => new TinyNetwork(32, 5).Linear(9, 5).Apply("LeakyRelu", ("alpha", 0.2f)).Linear(3, 9).Build(),
        ["slope a channel of a vector"] = () => new TinyNetwork(46, 5).Linear(9, 5).Slopes(9).Linear(3, 9).Build(),
        ["slope a channel of a map, beside another reader"] = () => new TinyNetwork(47, 2, 3, 4).Convolution(7, 2, 1).Slopes(7, 1, 1).Sum("value0").Apply("Flatten").Linear(3, 84).Build(),
        ["hard sigmoid"] = () => new TinyNetwork(33, 5).Linear(9, 5).Apply("HardSigmoid").Linear(3, 9).Build(),
        ["hard swish"] = () => new TinyNetwork(34, 5).Linear(19, 5).Apply("HardSwish").Linear(3, 19).Build(),
        ["clip"] = () => new TinyNetwork(35, 5).Linear(9, 5).With("Clip", -0.25f, 0.5f).Linear(3, 9).Build(),
        ["clip behind a sum, both ends"] = () => new TinyNetwork(36, 5).Linear(9, 5).Sum("value0").With("Clip", 0, 1).Sum("value0").Linear(3, 9).Build(),
        ["product"] = () => new TinyNetwork(37, 5).Linear(9, 5).Apply("Sigmoid").Join("Mul", "value0").Linear(3, 9).Build(),
        ["square"] = () => new TinyNetwork(38, 5).Linear(9, 5).Join("Mul", "value0").Linear(3, 9).Build(),
        ["matrix product and summand"] = () => new TinyNetwork(39, 5).MatMul(5, 9).Bias(9).Apply("Relu").MatMul(9, 3).Bias(3).Build(),
        ["summand per channel of a map"] = () => new TinyNetwork(40, 2, 3, 4).Convolution(7, 2, 1).Bias(1, 7, 1, 1).Apply("Relu").Apply("Flatten").Linear(3, 84).Build(),
        ["concatenation"] = () => new TinyNetwork(41, 2, 3, 4).Convolution(7, 2, 1).Apply("Relu").Join("Concat", "value0", ("axis", 1)).Apply("Flatten").Linear(3, 168).Build(),
        ["slice and pad"] = () => new TinyNetwork(42, 2, 5, 4).Convolution(6, 2, 1)
            .Move("Slice", [0, 1], [int.MaxValue, int.MaxValue], [2, 3], [2, 2]).Move("Pad", [0, 2, 0, 0, 0, 1, 0, 0]).Apply("Flatten").Linear(3, 54).Build(),
        ["slice beside another reader"] = () => new TinyNetwork(43, 2, 4, 4).Convolution(6, 2, 1)
            .Move("Slice", [1], [3], [1], [1]).Move("Pad", [0, 0, 0, 0, 0, 4, 0, 0]).Sum("value0").Apply("Flatten").Linear(3, 96).Build(),
        ["transposition and reshape"] = () => new TinyNetwork(44, 2, 3, 4).Convolution(6, 2, 1).Apply("Transpose", ("perm", new long[] { 0, 3, 1, 2 })).Move("Reshape", [-1, 72]).Linear(3, 72).Build(),
        ["mean over the axes of positions"] = () => new TinyNetwork(45, 2, 3, 4).Convolution(9, 2, 1).Apply("ReduceMean", ("axes", new long[] { 2, 3 }), ("keepdims", 0)).Linear(3, 9).Build(),
        ["product and sum with one number"] = () => new TinyNetwork(48, 5).Linear(9, 5).With("Mul", 0.75f).Sum("value0").With("Add", -0.5f).Apply("Relu").Linear(3, 9).Build(),
        ["sum of a map with one number"] = () => new TinyNetwork(49, 2, 3, 4).Convolution(7, 2, 1).With("Add", 0.5f).Apply("Tanh").With("Mul", 3).Apply("Flatten").Linear(3, 84).Build(),
        ["convolution over one dimension"] = () => new TinyNetwork(50, 2, 9).Convolution(3, 2, 1, bias: false, dimensions: 1).Apply("Relu")
            .Convolution(5, 3, 3, bias: true, dimensions: 1, ("pads", new long[] { 1, 2 }), ("strides", new long[] { 2 })).Apply("Flatten").Linear(3, 25).Build(),
        ["depthwise convolution, normalization and pooling over one dimension"] = () => new TinyNetwork(51, 2, 10).Convolution(4, 2, 1, bias: false, dimensions: 1).Normalization(4)
            .Convolution(4, 1, 3, bias: false, dimensions: 1, ("group", 4), ("pads", new long[] { 1, 1 })).Apply("MaxPool", ("kernel_shape", new long[] { 2 }), ("strides", new long[] { 2 })).Apply("Flatten").Linear(3, 20).Build(),
        ["global average"] = () => new TinyNetwork(24, 2, 3, 4).Convolution(9, 2, 1).Apply("GlobalAveragePool").Apply("Flatten").Linear(3, 9).Build(),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreThoseOfFiniteDifferences(string name) => CheckGradients(Networks[name](), smoothing: 0);

    [Fact]
    public void GradientsOfTheSmoothedLossAreThoseOfFiniteDifferences() => CheckGradients(Networks["linear"](), smoothing: 0.1f);

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheLossIsThatOfDoublePrecision(string name)
    {
        var network = Networks[name]();
        var data = Data(network);
        var graph = new TrainingGraph(network, Samples, 0.05f, new WorkerTeam(1));
        var loss = graph.ComputeGradients(data, [.. Enumerable.Range(0, Samples)]).Loss / Samples;
        loss.ShouldBe(new DoubleNetwork(network).Loss(Inputs(data), [.. data.Labels], 0.05f), 1e-4);
    }

    private static void CheckGradients(Network network, float smoothing)
    {
        const double Step = 1e-5;
        var data = Data(network);
        var graph = new TrainingGraph(network, Samples, smoothing, new WorkerTeam(1));
        graph.ComputeGradients(data, [.. Enumerable.Range(0, Samples)]);
        var reference = new DoubleNetwork(network);
        var inputs = Inputs(data);
        int[] labels = [.. data.Labels];
        foreach (var parameter in graph.Parameters)
        {
            var actual = GradientInTheNetworksOrder(network, parameter);
            var values = reference.Constant(parameter.Name);
            // Every element of small parameters, a sample of large ones.
            for (var i = 0; i < values.Length; i += Math.Max(1, values.Length / 12))
            {
                var value = values[i];
                values[i] = value + Step;
                var above = reference.Loss(inputs, labels, smoothing);
                values[i] = value - Step;
                var below = reference.Loss(inputs, labels, smoothing);
                values[i] = value;
                var expected = (above - below) / (2 * Step);
                ((double)actual[i]).ShouldBe(expected, 2e-5 + (1e-4 * Math.Abs(expected)), $"{parameter.Name}[{i}]");
            }
        }
    }

    /// <summary>Parameters keep their own order of axes; exporting one whose values are its gradient brings that back.</summary>
    private static float[] GradientInTheNetworksOrder(Network network, Parameter parameter)
    {
        parameter.Gradient.CopyTo(parameter.Values, 0);
        var exported = parameter.ToTensor();
        exported.Dimensions.SequenceEqual(network.Constants[parameter.Name].Dimensions).ShouldBeTrue();
        return exported.AsSpan<float>().ToArray();
    }

    private static LabeledSamples Data(Network network)
        => ArraySamples.Random(99, Samples, 3, [.. network.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Size!.Value)]);

    private static double[] Inputs(LabeledSamples data)
    {
        var sample = new float[data.Samples.SampleShape.ToArray().Aggregate(1, (product, size) => product * size)];
        var inputs = new List<double>();
        for (var i = 0; i < data.Count; i++)
        {
            data.Samples.Read(i, sample);
            inputs.AddRange(sample.Select(value => (double)value));
        }

        return [.. inputs];
    }
}

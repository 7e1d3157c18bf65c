using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Networks in the form that trainings of binary and ternary methods leave: levels in the weights, steps as nodes before the layers.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class TrainedNetworkTests
{
    private const int Size = 7;

    [Theory]
    [InlineData("si-bnn", "binary")]
    [InlineData("sttn", "ternary")]
    public void Steps_before_layers_are_taken_in_and_answers_stay(string method, string format)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var network = Draw(random, method);
            var samples = RandomNetwork.Samples(network, random, 3);
            var lowBit = Recipe.Parse(method).Apply(network, new Calibrator(samples, 3));
            var packed = NetworkPacker.Pack(lowBit);
            packed.Steps.Count(step => step.Description == $"{format} product").ShouldBe(2);
            packed.Steps.ShouldContain(step => step.Description == "slope");
            var file = packed.ToFile();
            PackedNetwork.Read(file).ToFile().ShouldBe(file);
            InstructionSets.ForEach(set =>
            {
                using var session = new SubbyteSession(PackedNetwork.Read(file));
                var frame = new ExecutionFrame(ExecutionPlan.Compile(lowBit));
                var (sample, output) = (new float[session.InputLength], new float[session.OutputLength]);
                for (var i = 0; i < samples.Count; i++)
                {
                    samples.Read(i, sample);
                    sample.CopyTo(frame.Input.AsSpan<float>());
                    frame.Run();
                    session.Run(sample, output);
                    output.ShouldBe(frame.Results[0].AsSpan<float>().ToArray(), $"{method}, seed {seed}, {set}");
                }
            });
        }
    }

    /// <summary>Packed files of such networks.</summary>
    internal static IEnumerable<byte[]> Files()
    {
        // A copy that nothing takes in: what goes in comes out in another shape.
        var shape = new GraphBuilder(3, Size, Size);
        yield return NetworkPacker.Pack(Recipe.Float.Apply(shape.Build(shape.Add("Flatten", [GraphBuilder.Input])), null)).ToFile();
        foreach (var method in new[] { "si-bnn", "sttn" })
        {
            var random = new Random(1);
            var network = Draw(random, method);
            yield return NetworkPacker.Pack(Recipe.Parse(method).Apply(network, new Calibrator(RandomNetwork.Samples(network, random, 3), 3))).ToFile();
        }
    }

    private static Network Draw(Random random, string method)
    {
        var channels = random.Next(2, 70);
        var graph = new GraphBuilder(3, Size, Size);
        var value = graph.Add("Conv", [GraphBuilder.Input, graph.Constant(random.Gaussians(channels * 27, 0.3), channels, 3, 3, 3), graph.Constant(random.Gaussians(channels), channels)], ("pads", new long[] { 1, 1, 1, 1 }));
        for (var layer = 0; layer < 2; layer++)
        {
            var shortcut = value;
            value = Normalize(graph, random, value, channels);
            value = graph.Add("Conv", [method == "sttn" ? Ternary(graph, value) : Binary(graph, random, value, channels), graph.Constant(Levels(random, channels, method), channels, channels, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }));
            value = graph.Add("Add", [Normalize(graph, random, value, channels), shortcut]);
            value = graph.Add("PRelu", [value, graph.Constant(random.Gaussians(channels), channels, 1, 1)]);
        }

        value = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [value])]);
        return graph.Build(graph.Add("Gemm", [value, graph.Constant(random.Gaussians(RandomNetwork.Classes * channels), RandomNetwork.Classes, channels), graph.Constant(random.Gaussians(RandomNetwork.Classes), RandomNetwork.Classes)], ("transB", 1)));
    }

    private static float[] Levels(Random random, int channels, string method)
    {
        var weights = new float[channels * channels * 9];
        for (var m = 0; m < channels; m++)
        {
            var magnitude = 0.1f + random.NextSingle();
            foreach (ref var weight in weights.AsSpan(m * channels * 9, channels * 9)) weight = magnitude * (method == "sttn" ? random.Next(3) - 1 : (2 * random.Next(2)) - 1);
        }

        return weights;
    }

    private static string Normalize(GraphBuilder graph, Random random, string value, int channels)
        => graph.Add("BatchNormalization", [value, graph.Constant(random.Gaussians(channels), channels), graph.Constant(random.Gaussians(channels), channels), graph.Constant(random.Gaussians(channels), channels), graph.Constant([.. random.Gaussians(channels).Select(each => (each * each) + 0.1f)], channels)]);

    private static string Binary(GraphBuilder graph, Random random, string value, int channels)
    {
        var distance = graph.Add("Sub", [value, graph.Constant(random.Gaussians(channels), channels, 1, 1)]);
        // Scales of both signs, and one of zero: that channel is never 1.
        float[] scales = [0, .. random.Gaussians(channels - 1)];
        var scaled = graph.Add("Mul", [distance, graph.Constant(scales, channels, 1, 1)]);
        return ToFloat(graph, graph.Add("Greater", [scaled, graph.Constant(Tensors.Tensor.Scalar(0f))]));
    }

    private static string Ternary(GraphBuilder graph, string value)
    {
        var reaches = ToFloat(graph, graph.Add("GreaterOrEqual", [value, graph.Constant(Tensors.Tensor.Scalar(0.5f))]));
        return graph.Add("Sub", [reaches, ToFloat(graph, graph.Add("Less", [value, graph.Constant(Tensors.Tensor.Scalar(-0.5f))]))]);
    }

    private static string ToFloat(GraphBuilder graph, string value) => graph.Add("Cast", [value], ("to", 1));
}

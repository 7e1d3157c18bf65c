using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Methods.Equalization;
using Subbyte.Networks;
using Subbyte.Tensors;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.Equalization;

public class EqualizeTests
{
    private const int Images = 12;

    [Fact]
    public void Channels_get_the_root_of_the_ratio_of_their_ranges()
    {
        // 8·2 and 2·8: both sides at 4. Without weights on one side the other comes down to the middle range, 4, where it is above.
        EqualizePass.Scales([8, 2, 0, 16, 0, 0], [2, 8, 5, 0, 1, 0]).ShouldBe([2, 0.5, 0.8, 4, 1, 1]);
        EqualizePass.Scales([0], [3]).ShouldBe([1]);
    }

    [Theory]
    [InlineData("equalize", 1e-5)]
    [InlineData("equalize:clamp=keep", 1e-5)]
    [InlineData("equalize:sweeps=1", 1e-5)]
    public void The_network_computes_the_same_function(string recipe, double tolerance)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (network, samples) = Mobile(seed);
            Compare(Run(network, "fp32", samples), Run(network, recipe, samples), tolerance);
        }
    }

    [Fact]
    public void Random_networks_compute_the_same_function()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random);
            var samples = RandomNetwork.Samples(network, random, Images);
            Compare(Run(network, "fp32", samples), Run(network, "equalize", samples), 1e-4);
        }
    }

    [Fact]
    public void Ranges_are_the_same_on_both_sides()
    {
        var network = Apply("equalize", Mobile(1).Network);
        var layers = network.Nodes.Where(node => node.OpType == "Conv").Select(node => ScalableLayer.Of(node, network)!).ToArray();
        for (var i = 0; i + 1 < layers.Length; i++)
        {
            var (made, read) = (layers[i].OutputRanges(), layers[i + 1].InputRanges());
            for (var c = 0; c < made.Length; c++) (made[c] == 0 ? read[c] : made[c]).ShouldBe(read[c], 0.01 * read[c], $"layer {i}, channel {c}");
        }
    }

    [Fact]
    public void A_clamp_keeps_a_bound_for_each_channel_or_becomes_a_relu()
    {
        var network = Mobile(2).Network;
        var bounded = Apply("equalize", network);
        bounded.Nodes.Count(node => node.OpType == "Min").ShouldBe(2);
        bounded.Nodes.ShouldNotContain(node => node.OpType == "Clip");
        var open = Apply("equalize:clamp=relu", network);
        open.Nodes.ShouldNotContain(node => node.OpType == "Min" || node.OpType == "Clip");
        open.Nodes.Count.ShouldBe(network.Nodes.Count);
        var kept = Apply("equalize:clamp=keep", network);
        kept.Nodes.Count(node => node.OpType == "Clip").ShouldBe(2);
    }

    [Fact]
    public void Eight_bits_with_one_scale_a_layer_gain_most_of_what_channel_scales_do()
    {
        var (network, samples) = Mobile(3);
        var exact = Run(network, "fp32", samples);
        double Error(string recipe) => Run(network, recipe, samples).Zip(exact, (a, b) => ((double)a - b) * (a - b)).Sum();
        var perTensor = Error("uniform:w=8,a=float,granularity=per-tensor");
        Error("equalize + uniform:w=8,a=float,granularity=per-tensor").ShouldBeLessThan(perTensor / 10);
    }

    [Fact]
    public void What_a_channel_never_falls_below_moves_to_the_next_bias()
    {
        var random = new Random(5);
        var graph = new GraphBuilder(2, 4, 4);
        var first = graph.Add("Conv", [GraphBuilder.Input, graph.Constant(random.Gaussians(6), 3, 2, 1, 1), graph.Constant(new float[] { 20, 30, -1 }, 3)]);
        var output = graph.Add("Conv", [graph.Add("Relu", [first]), graph.Constant(random.Gaussians(12), 4, 3, 1, 1)]);
        var network = graph.Build(output);

        // Uniform values stay within 1.8 deviations of their mean.
        var samples = new MemorySamples([.. Enumerable.Range(0, Images * 32).Select(_ => random.NextSingle())], 2, 4, 4);
        var absorbed = ((ICalibratedPass)Recipe.Parse("equalize:absorb").Steps[0].Component).Apply(network, new Calibrator(samples));
        var bias = absorbed.Constants[absorbed.Nodes[0].Inputs[2]].AsSpan<float>().ToArray();
        bias[0].ShouldBeLessThan(10);
        bias[1].ShouldBeLessThan(10);
        bias[2].ShouldBe(-1);
        absorbed.Nodes[2].Inputs.Count.ShouldBe(3);
        Compare(Run(network, "fp32", samples), Run(network, "equalize:absorb", samples), 1e-5);
    }

    [Fact]
    public void Absorption_asks_for_samples()
        => Should.Throw<UserErrorException>(() => Recipe.Parse("equalize:absorb").Apply(Mobile(1).Network, null)).Message.ShouldContain("--calibrate");

    /// <summary>A convolution, a depthwise one and a pointwise one with ReLU6 between them, channels of very different ranges, some of them dead.</summary>
    private static (Network Network, MemorySamples Samples) Mobile(int seed)
    {
        var random = new Random(seed);
        var graph = new GraphBuilder(3, 8, 8);
        var clip = new[] { graph.Constant(Tensor.Scalar(0f)), graph.Constant(Tensor.Scalar(6f)) };
        var spread = Enumerable.Range(0, 8).Select(_ => (float)Math.Pow(10, (3 * random.NextDouble()) - 1.5)).ToArray();
        var wide = random.Gaussians(8 * 27, 0.3).Select((w, i) => i / 27 == 5 ? 0 : w * spread[i / 27]).ToArray();
        var value = graph.Add("Conv", [GraphBuilder.Input, graph.Constant(wide, 8, 3, 3, 3), graph.Constant([.. random.Gaussians(8).Select((b, c) => b * spread[c])], 8)], ("pads", new long[] { 1, 1, 1, 1 }));
        value = graph.Add("Clip", [value, .. clip]);
        value = graph.Add("Conv", [value, graph.Constant([.. random.Gaussians(72, 0.4).Select((w, i) => w / spread[i / 9])], 8, 1, 3, 3), graph.Constant(random.Gaussians(8), 8)], ("group", 8), ("pads", new long[] { 1, 1, 1, 1 }));
        value = graph.Add("Clip", [value, .. clip]);
        value = graph.Add("Conv", [value, graph.Constant(random.Gaussians(40, 0.5), 5, 8, 1, 1), graph.Constant(random.Gaussians(5), 5)]);
        return (graph.Build(value), new MemorySamples(random.Gaussians(Images * 192), 3, 8, 8));
    }

    private static Network Apply(string recipe, Network network) => ((INetworkPass)Recipe.Parse(recipe).Steps[0].Component).Apply(network);

    private static float[] Run(Network network, string recipe, MemorySamples samples)
        => NetworkRun.Execute(Recipe.Parse(recipe).Apply(network, new Calibrator(samples)), samples, Images, threads: 1, progress: null, CancellationToken.None).Outputs.ToArray();

    private static void Compare(float[] expected, float[] actual, double tolerance)
    {
        var largest = expected.Max(value => Math.Abs((double)value));
        for (var i = 0; i < expected.Length; i++) Math.Abs((double)actual[i] - expected[i]).ShouldBeLessThan(tolerance * largest, $"element {i}");
    }
}

using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Methods.BatchNormRecalibration;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.BatchNormRecalibration;

/// <summary>Section B of the specification: vectors B.5, batches that do not influence each other, and the figures on ResNet-20.</summary>
public sealed class RecalibrationTests
{
    // Batches [1,2,3,6], [0,0,4,8], [−1,1,−1,1]: mean and biased variance.
    private static readonly (float Mean, float Variance)[] Batches = [(3, 3.5f), (3, 11), (0, 1)];

    [Theory]
    [InlineData(RecalibrationMode.Ema, 1, 0.75, 2.266667)]
    [InlineData(RecalibrationMode.Ema, 2, 0.975, 3.506667)]
    [InlineData(RecalibrationMode.Ema, 3, 0.8775, 3.289333)]
    [InlineData(RecalibrationMode.Cumulative, 3, 2.0, 6.888889)]
    [InlineData(RecalibrationMode.Pooled, 3, 2.0, 7.818182)]
    public void Statistics_are_those_of_the_vectors(RecalibrationMode mode, int batches, double mean, double variance)
    {
        var statistics = new RunningStatistics([0.5f], [2], new RecalibrationOptions { Mode = mode });
        foreach (var batch in Batches.Take(batches)) statistics.Add([batch.Mean], [batch.Variance], 4);
        statistics.Mean[0].ShouldBe((float)mean, 1e-5f);
        statistics.Variance[0].ShouldBe((float)variance, 1e-5f);
    }

    [Fact]
    public void A_batch_norm_in_training_mode_normalises_with_its_own_batch()
    {
        var graph = new GraphBuilder(1, 1, 4) { Opset = 15 };
        var norm = graph.Add("BatchNormalization", [GraphBuilder.Input, graph.Constant([1f], 1), graph.Constant([0f], 1), graph.Constant([5f], 1), graph.Constant([9f], 1)], ("training_mode", 1L));
        var frame = new ExecutionFrame(ExecutionPlan.Compile(graph.Build(norm)));
        new[] { -1f, 1, -1, 1 }.CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        frame.Results[0].AsSpan<float>().ToArray().ShouldBe([-0.999995f, 0.999995f, -0.999995f, 0.999995f], 1e-6);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var bytes = new[] { 1, 4 }.Select(threads => Statistics(Recalibrate(SmallNetwork(), Noise(64, 7), threads, "bn-recal:batches=8,size=8")));
        bytes.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void Pooling_forgets_the_trained_statistics()
    {
        var calibrator = new Calibrator(Noise(64, 7));
        var recipe = Recipe.Parse("bn-recal:mode=pooled,batches=1,size=64");
        var once = recipe.Apply(SmallNetwork(), calibrator);
        Statistics(recipe.Apply(once.Network, calibrator)).ShouldBe(Statistics(once));
        Statistics(once).ShouldNotBe(Statistics(Recipe.Parse("bn-recal:batches=1,size=64").Apply(SmallNetwork(), calibrator)));
    }

    [Fact]
    public void A_network_without_batch_norm_is_refused_with_the_way_out()
    {
        var graph = new GraphBuilder(3);
        var network = graph.Build(graph.Add("Gemm", [GraphBuilder.Input, graph.Constant([1f, 2, 3, 4, 5, 6], 3, 2)]));
        Should.Throw<UserErrorException>(() => Recipe.Parse("int8 + bn-recal").Apply(network, new Calibrator(new MemorySamples([1, 2, 3, 4, 5, 6], 3))))
            .Message.ShouldContain("output-correction");
    }

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("int8", 918)]
    [InlineData("sparq:window=4b5opt", 917)]
    [InlineData("sparq:window=4b2opt,round=false", 916)]
    [InlineData("sparq:window=2b7opt,round=false", 919)]
    public void On_ResNet_20_the_counts_are_those_of_the_specification(string recipe, int expected)
    {
        var test = DataSpec.Open("cifar10:" + SharedData.Require("cifar10/test_batch_first1017.bin.gz"));
        var train = DataSpec.Open("cifar10:" + SharedData.Require("cifar10/train_lossless_8068.bin.gz"));
        var workbench = new Workbench(EvaluationTask.Load(SharedData.Require("models/cifar10-resnet20.onnx"), null, test, train, 2048), new EvaluationOptions { Threads = Environment.ProcessorCount });
        workbench.Run(Recipe.Parse(recipe + " + ends:keep=float + bn-recal")).Result.Correct.ShouldBeInRange(expected - 5, expected + 5);
    }

    private static LowBitNetwork Recalibrate(Network network, ISampleSource samples, int threads, string recipe)
        => Recipe.Parse("int8 + " + recipe).Apply(network, new Calibrator(samples, threads: threads));

    private static string Statistics(LowBitNetwork network)
        => string.Join(' ', network.Network.Nodes.Where(node => node.OpType == "BatchNormalization").SelectMany(node => node.Inputs.Skip(3)).Select(name => Convert.ToHexString(network.Network.Constants[name].Bytes.Span)));

    private static Network SmallNetwork()
    {
        var random = new Random(3);
        var graph = new GraphBuilder(2, 6, 6) { Opset = 15 };
        var value = GraphBuilder.Input;
        foreach (var (from, to) in new[] { (2, 4), (4, 4), (4, 3) })
        {
            value = graph.Add("Conv", [value, graph.Constant(random.Gaussians(to * from * 4, 0.4), to, from, 2, 2)]);
            value = graph.Add("BatchNormalization", [value, graph.Constant(random.Gaussians(to, 0.2).Select(gamma => 1 + gamma).ToArray(), to), graph.Constant(random.Gaussians(to), to), graph.Constant(new float[to], to), graph.Constant(Enumerable.Repeat(1f, to).ToArray(), to)]);
            value = graph.Add("Relu", [value]);
        }

        return graph.Build(graph.Add("Gemm", [graph.Add("Flatten", [value]), graph.Constant(random.Gaussians(27 * 4), 27, 4)]));
    }

    private static MemorySamples Noise(int count, int seed) => new(new Random(seed).Gaussians(count * 72), 2, 6, 6);
}

using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.CrossNeuron;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Prediction;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.CrossNeuron;

/// <summary>The recipe step in networks: what is masked, what it saves, what it composes with.</summary>
public sealed class CrossNeuronRecipeTests
{
    private const int Samples = 8;
    private const int Height = 7;
    private const int Width = 6;

    [Theory]
    [InlineData("")]
    [InlineData("int8 + ")]
    public void A_map_is_masked_after_its_relu_and_the_first_is_left_alone(string method)
    {
        var network = Plain(out var samples);
        var exact = Run(Apply(Steps(method, ""), network, samples), samples);
        var masked = Run(Apply(Steps(method, "cross-neuron:window=3,threshold=0.2"), network, samples), samples);
        const int channels = 5;
        for (var first = 0; first < exact.Length; first += Height * Width)
        {
            var map = exact;
            var start = first;
            var expected = WindowPrediction.Compute(Height, Width, 3, 0.2f, AnchorPattern.Diagonal, (row, column) => map[start + (row * Width) + column]);
            masked.AsSpan(first, Height * Width).ToArray().ShouldBe(expected);
        }

        exact.Length.ShouldBe(Samples * channels * Height * Width);
        masked.ShouldNotBe(exact);
    }

    [Theory]
    [InlineData("cross-neuron:threshold=0.1")]
    [InlineData("cross-neuron:window=3,anchor=checkerboard")]
    [InlineData("int8 + cross-neuron:window=4,anchor=anti-diagonal")]
    [InlineData("tr + cross-neuron")]
    [InlineData("cross-neuron:layers=*,pool-aware")]
    public void An_exported_network_gives_the_same_bits(string recipe)
    {
        foreach (var network in new[] { Plain(out var samples), Residual(out samples), Pooled(out samples) })
        {
            var lowBit = Apply(recipe, network, samples);
            using var folder = new TemporaryFolder();
            LowBitExporter.Export(lowBit).Save(folder["model.onnx"]);
            var reloaded = new LowBitNetwork(OnnxNetwork.Load(folder["model.onnx"]), new Dictionary<string, LoweredLayer>(StringComparer.Ordinal));
            Run(reloaded, samples).ShouldBe(Run(lowBit, samples));
        }
    }

    [SkippableTheory]
    [InlineData("cross-neuron:window=3,threshold=0.1")]
    [InlineData("int8 + cross-neuron:window=4")]
    public void Onnx_runtime_masks_the_same_elements(string recipe)
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        var lowBit = Apply(recipe, Plain(out var samples), samples);
        using var folder = new TemporaryFolder();
        LowBitExporter.Export(lowBit).Save(folder["model.onnx"]);
        var theirs = runtime.Run(folder["model.onnx"], samples, Samples, exact: true, CancellationToken.None);
        var ours = Run(lowBit, samples);
        for (var i = 0; i < ours.Length; i++) theirs[i].ShouldBe(ours[i], 1e-4f, $"element {i}");
        theirs.Count(value => value == 0).ShouldBe(ours.Count(value => value == 0));
    }

    [Fact]
    public void Savings_are_counted_by_data_and_leave_the_other_figures_alone()
    {
        var network = Residual(out var samples);
        var exact = Costs(Apply("fp32", network, samples), samples);
        var costs = Costs(Apply("cross-neuron", network, samples), samples);
        exact.ShouldAllBe(cost => !cost.Operations.ContainsKey("macs.skipped"));
        costs.Select(cost => cost.Macs).ShouldBe(exact.Select(cost => cost.Macs));
        costs.Select(cost => cost.Operations.GetValueOrDefault("macs.predicted")).ShouldBe([0, exact[1].Macs, 0, exact[3].Macs], "the stem and the shortcut are not predicted");
        foreach (var cost in new[] { costs[1], costs[3] })
        {
            var share = cost.Operations["macs.skipped"] / cost.Macs;
            share.ShouldBeInRange(0.01, 0.5);
            cost.Operations["outputs.skippedWrongly"].ShouldBeLessThan(cost.Operations["outputs.skipped"]);
        }

        const int depth = 3 * 3 * 6;
        costs[3].Operations["macs.skipped"].ShouldBe(costs[3].Operations["outputs.skipped"] * depth, 1e-6);
    }

    [Fact]
    public void Prediction_looks_at_one_sample_only()
    {
        var network = Apply("cross-neuron:threshold=0.1", Residual(out var samples), samples);
        var alone = Enumerable.Range(0, Samples).SelectMany(sample => Output(network, samples, [sample])).ToArray();
        Output(network, samples, [.. Enumerable.Range(0, Samples)]).ShouldBe(alone);
    }

    [Fact]
    public void Layers_may_be_named_each_with_its_window()
    {
        var network = Residual(out var samples);
        var masks = Apply("cross-neuron:window=2,layers=Conv2 + cross-neuron:window=4,layers=Conv6", network, samples).Predictions;
        masks.Values.Select(prediction => prediction.Layer).Order().ShouldBe(["Conv2", "Conv6"]);
        Apply("cross-neuron:layers=Conv0", network, samples).Predictions.ShouldHaveSingleItem().Value.Layer.ShouldBe("Conv0", "a step that names the first layer means it");
        Should.Throw<UserErrorException>(() => Apply("cross-neuron + cross-neuron:window=3,layers=Conv2", network, samples)).Message.ShouldContain("both");
        Should.Throw<UserErrorException>(() => Apply("cross-neuron:layers=Conv4", network, samples)).Message.ShouldContain("Conv2", customMessage: "the shortcut is not predictable; what is, is named");
        Should.Throw<UserErrorException>(() => Recipe.Parse("cross-neuron:exact")).Message.ShouldContain("pool-aware");
    }

    [Fact]
    public void Recalibration_sees_the_masks()
    {
        var network = Residual(out var samples);
        var masked = Apply("batch-norm + cross-neuron", network, samples);
        var recalibrated = Apply("cross-neuron + bn-recal", network, samples);
        recalibrated.Predictions.Keys.ShouldBe(masked.Predictions.Keys);
        Run(recalibrated, samples).ShouldNotBe(Run(masked, samples));
        Run(recalibrated, samples).ShouldNotBe(Run(Apply("bn-recal", network, samples), samples));
    }

    [Fact]
    public void Pool_aware_maps_compute_anchors_only_and_pooled_anchors_survive()
    {
        var map = VectorTable.Read("Methods/CrossNeuron/maps.vectors.txt")[0].Floats("values");
        var predicted = new PredictableMap("layer", "activation", new MapShape(1, 4, 4), false, Pool: 2);
        float[] values = [.. map.Select(value => Math.Max(0, value))];
        Pooled(values, null).ShouldBe([5, 8, 0, 5]);
        Pooled(values, Keep(new CrossNeuronOptions())).ShouldBe([0, 8, 0, 0]);
        Pooled(values, Keep(new CrossNeuronOptions { PoolAware = true })).ShouldBe([0, 8, 0, 0]);
        Keep(new CrossNeuronOptions { PoolAware = true }).Count(bits => bits != 0).ShouldBe(8, "nothing but anchors");
        Keep(new CrossNeuronOptions { PoolAware = true, Exact = true }).ShouldBe(Keep(new CrossNeuronOptions()));
        Keep(new CrossNeuronOptions { PoolAware = true, Exact = true, Window = 3 }).ShouldBe(Keep(new CrossNeuronOptions { Window = 4 }), "windows hold whole pooling windows");

        uint[] Keep(CrossNeuronOptions options)
        {
            var keep = new uint[16];
            new CrossNeuronPredictor(options).Predict(predicted).Decide(values, keep);
            return keep;
        }
    }

    private static float[] Pooled(float[] map, uint[]? keep)
        => [.. new[] { 0, 2, 8, 10 }.Select(corner => new[] { 0, 1, 4, 5 }.Max(offset => keep is null || keep[corner + offset] != 0 ? map[corner + offset] : 0))];

    private static string Steps(string method, string prediction) => method.Length == 0 && prediction.Length == 0 ? "fp32" : (method + prediction).TrimEnd(' ', '+');

    private static LowBitNetwork Apply(string recipe, Network network, MemorySamples samples)
        => Recipe.Parse(recipe).Apply(network, new Calibrator(samples, Samples));

    private static float[] Run(LowBitNetwork network, MemorySamples samples) => NetworkRun.Execute(network, samples, Samples, threads: 1, progress: null, CancellationToken.None).Outputs;

    private static float[] Output(LowBitNetwork network, MemorySamples samples, int[] batch)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Batch = batch.Length }));
        var input = frame.Input.AsSpan<float>();
        for (var i = 0; i < batch.Length; i++) samples.Read(batch[i], input.Slice(i * (input.Length / batch.Length), input.Length / batch.Length));
        frame.Run();
        return frame.Results[0].AsSpan<float>().ToArray();
    }

    private static Subbyte.Costs.LayerCost[] Costs(LowBitNetwork network, MemorySamples samples)
    {
        var plan = ExecutionPlan.Compile(network);
        var costs = new LayerCosts(plan, new Calibrator(samples, Samples).For(network.Network).Layers);
        var frame = new ExecutionFrame(plan);
        for (var sample = 0; sample < Samples; sample++)
        {
            samples.Read(sample, frame.Input.AsSpan<float>());
            frame.Run(costs);
        }

        return [.. costs.Count(Samples).Select(layer => layer.Cost)];
    }

    private static Network Plain(out MemorySamples samples)
    {
        var (random, graph) = Begin(out samples);
        var first = graph.Add("Relu", [Convolution(graph, random, GraphBuilder.Input, 3, 4)]);
        return graph.Build(graph.Add("Relu", [Convolution(graph, random, first, 4, 5)]));
    }

    private static Network Residual(out MemorySamples samples)
    {
        var (random, graph) = Begin(out samples);
        var stem = graph.Add("Relu", [Convolution(graph, random, GraphBuilder.Input, 3, 4)]);
        var inner = graph.Add("Relu", [Norm(graph, random, Convolution(graph, random, stem, 4, 6), 6)]);
        var shortcut = Convolution(graph, random, stem, 4, 6);
        var sum = graph.Add("Add", [Convolution(graph, random, inner, 6, 6), shortcut]);
        return graph.Build(graph.Add("Relu", [sum]));
    }

    private static Network Pooled(out MemorySamples samples)
    {
        var (random, graph) = Begin(out samples);
        var first = graph.Add("Relu", [Convolution(graph, random, GraphBuilder.Input, 3, 4)]);
        var second = graph.Add("Clip", [Convolution(graph, random, first, 4, 5), graph.Constant(Tensors.Tensor.Scalar(0f)), graph.Constant(Tensors.Tensor.Scalar(1.5f))]);
        return graph.Build(graph.Add("MaxPool", [second], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })));
    }

    private static (Random Random, GraphBuilder Graph) Begin(out MemorySamples samples)
    {
        var random = new Random(11);
        samples = new MemorySamples(random.Gaussians(Samples * 3 * Height * Width), 3, Height, Width);
        return (random, new GraphBuilder(3, Height, Width));
    }

    private static string Convolution(GraphBuilder graph, Random random, string input, int channels, int outputs)
        => graph.Add("Conv", [input, graph.Constant(random.Gaussians(outputs * channels * 9, 0.2), outputs, channels, 3, 3), graph.Constant(random.Gaussians(outputs, 0.1), outputs)], ("pads", new long[] { 1, 1, 1, 1 }));

    private static string Norm(GraphBuilder graph, Random random, string input, int channels)
        => graph.Add("BatchNormalization", [input, .. new[] { 1f, 0, 0, 1 }.Select(value => graph.Constant([.. random.Gaussians(channels, 0.1).Select(noise => value + Math.Abs(noise))], channels))]);
}

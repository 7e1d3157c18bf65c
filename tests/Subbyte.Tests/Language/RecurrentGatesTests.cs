using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Language;

/// <summary>Gates of recurrent layers as dot-product layers of their own.</summary>
public sealed class RecurrentGatesTests
{
    private const int Steps = 4;
    private const int Inputs = 6;
    private const int Hidden = 5;

    private static readonly string[] Recipes = ["int8:layers=*", "int4:layers=*", "tr:group=4,budget=6,layers=*", "sparq:layers=*", "log:bits=4,layers=*", "one-hot:layers=*"];

    [Theory]
    [InlineData("LSTM", 4, "forward", false)]
    [InlineData("LSTM", 4, "bidirectional", false)]
    [InlineData("GRU", 3, "reverse", false)]
    [InlineData("GRU", 3, "bidirectional", true)]
    [InlineData("RNN", 1, "forward", false)]
    public void Lowered_gates_are_the_scalar_reference_at_every_step(string operation, int gates, string direction, bool linearFirst)
    {
        var network = Recurrence(operation, gates, direction, linearFirst);
        var samples = new MemorySamples(new Random(2).Gaussians(8 * Steps * Inputs), Steps, Inputs);
        foreach (var recipe in Recipes)
        {
            var lowBit = Recipe.Parse(recipe).Apply(network, new Calibrator(samples, samples.Count));
            var (observer, frame) = (new ReferenceCheck(), new ExecutionFrame(ExecutionPlan.Compile(lowBit)));
            for (var sample = 0; sample < samples.Count; sample++)
            {
                frame.Read(samples, sample);
                frame.Run(observer);
                var observed = frame.Results[0].AsSpan<float>().ToArray();
                frame.Read(samples, sample);
                frame.Run();
                frame.Results[0].AsSpan<float>().ToArray().ShouldBe(observed, $"{recipe}: looking on changes nothing");
            }

            var directions = direction == "bidirectional" ? 2 : 1;
            observer.Layers.Count.ShouldBe(directions * (operation == "GRU" && !linearFirst ? 3 : 2), recipe);
            observer.Rows.ShouldBe(observer.Layers.Count * Steps * samples.Count);
        }
    }

    [Fact]
    public void Gates_that_stay_float_give_the_bits_of_the_network_without_layers()
    {
        var network = Recurrence("LSTM", 4, "forward", false);
        var samples = new MemorySamples(new Random(2).Gaussians(Steps * Inputs), Steps, Inputs);
        var computed = Run(network with { Inputs = [.. network.Inputs, new NetworkValue("w", ElementType.Float32, [.. network.Constants["constant0"].Dimensions.ToArray().Select(size => new Dimension(size))])], Nodes = [network.Nodes[0].WithInputs(["input", "w", "constant1", "constant2"]), .. network.Nodes.Skip(1)] }, samples, network.Constants["constant0"]);
        Run(network, samples, null).ShouldBe(computed);
    }

    [Fact]
    public void Statistics_costs_and_noise_know_the_gates_and_the_decoder()
    {
        using var folder = new WordModelFolder();
        var task = EvaluationTask.Load(folder.Model, null, DataSpec.Open(folder.Data, null, folder.Model), DataSpec.Open(folder.Calibration, null, folder.Model), 8);
        var workbench = new Workbench(task, new EvaluationOptions { Threads = 2, NoiseSamples = 20 });
        workbench.Layers.Select(layer => (layer.Name, layer.Kind)).ShouldBe(
        [
            ("lstm0/input", LayerKind.RecurrentGates), ("lstm0/state", LayerKind.RecurrentGates), ("lstm1/input", LayerKind.RecurrentGates), ("lstm1/state", LayerKind.RecurrentGates), ("decoder", LayerKind.FullyConnected),
        ]);
        var (hidden, words) = (WordModelFolder.Hidden, WordModelFolder.Words);
        foreach (var recipe in new[] { "fp32", "int8:layers=*", "tr:group=3,budget=4,layers=*", "sparq:layers=*" })
        {
            var result = workbench.Run(Recipe.Parse(recipe)).Result;
            result.Cost.Macs.ShouldBe((16 * hidden * hidden) + (hidden * words));
            if (recipe == "fp32") continue;
            result.Layers.ShouldAllBe(layer => layer.SignalToNoiseDecibels > 5 && layer.Macs == layer.M * layer.K);
            result.MeanSquaredError.ShouldBeGreaterThan(0);
            result.Value.ShouldBe(result.Baseline, 0.2 * result.Baseline);
        }
    }

    [Fact]
    public void Low_bit_results_are_the_same_for_any_number_of_threads()
    {
        using var folder = new WordModelFolder();
        double[]? expected = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var task = EvaluationTask.Load(folder.Model, null, DataSpec.Open(folder.Data, null, folder.Model), DataSpec.Open(folder.Calibration, null, folder.Model), 8);
            var losses = new Workbench(task, new EvaluationOptions { Threads = threads }).Run(Recipe.Parse("int4:layers=*")).Run.Tokens!.Losses;
            losses.ShouldBe(expected ??= losses);
        }
    }

    internal static Network Recurrence(string operation, int gates, string direction, bool linearFirst)
    {
        var random = new Random(5);
        var directions = direction == "bidirectional" ? 2 : 1;
        var graph = new GraphBuilder(Steps, Inputs) { Opset = 17 };
        var w = graph.Constant(random.Gaussians(directions * gates * Hidden * Inputs, 0.5), directions, gates * Hidden, Inputs);
        var r = graph.Constant(random.Gaussians(directions * gates * Hidden * Hidden, 0.5), directions, gates * Hidden, Hidden);
        var b = graph.Constant(random.Gaussians(directions * 2 * gates * Hidden, 0.5), directions, 2 * gates * Hidden);
        (string, AttributeValue)[] attributes = [("hidden_size", (long)Hidden), ("direction", direction), ("layout", 1L)];
        if (linearFirst) attributes = [.. attributes, ("linear_before_reset", 1L)];
        return graph.Build(graph.Add(operation, [GraphBuilder.Input, w, r, b], attributes));
    }

    private static float[] Run(Network network, ISampleSource samples, Tensor? weights)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
        samples.Read(0, frame.Input.AsSpan<float>());
        weights?.AsSpan<float>().CopyTo(frame.Inputs[1].AsSpan<float>());
        frame.Run();
        return frame.Results[0].AsSpan<float>().ToArray();
    }

    /// <summary>Holds every row of every lowered layer to the scalar reference, bit for bit.</summary>
    private sealed class ReferenceCheck : IExecutionObserver
    {
        public HashSet<string> Layers { get; } = new(StringComparer.Ordinal);

        public int Rows { get; private set; }

        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            if (plan is not IDotProductPlan { Lowered: { } lowered } product) return;
            Layers.Add(product.LayerName);
            var (depth, width) = (product.Geometry.Depth, product.Geometry.OutChannels);
            var codes = new short[depth];
            var expected = new float[width];
            for (var row = 0; row < product.Geometry.Positions; row++, Rows++)
            {
                lowered.Input!.Encode(inputs[0]!.AsSpan<float>().Slice(row * depth, depth), codes);
                LoweredReference.Evaluate(lowered, 0, codes, expected);
                outputs[0].AsSpan<float>().Slice(row * width, width).ToArray().ShouldBe(expected, $"{product.LayerName}, row {row}");
            }
        }
    }
}

using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;
using Subbyte.Training;
using Tensor = Subbyte.Tensors.Tensor;

namespace Subbyte.Tests.Methods.TrainedMethods;

/// <summary>Trained networks as they are written: ordinary operators, which the method's integer products give back.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class TrainedNetworkTests
{
    private const int Samples = 6;

    [Theory]
    [InlineData("sttn", true)]
    [InlineData("si-bnn", true)]
    [InlineData("xnor-net", true)]
    [InlineData("twn:activations=ternary", true)]
    [InlineData("dorefa:w=3,a=2", false)]
    [InlineData("lsq:w=3,a=3", false)]
    [InlineData("mlt:w=2,a=2", false)]
    [InlineData("one-hot", false)]
    [InlineData("k-hot:k=2", false)]
    [InlineData("k-hot:k=7", false)]
    public void Integer_products_give_the_written_network_on_every_instruction_set(string recipe, bool bitForBit)
    {
        var (network, method) = Prepared(recipe);
        var random = new SeededRandom(5);
        var samples = new MemorySamples([.. Enumerable.Range(0, Samples * 3 * 8 * 8).Select(_ => (float)random.NextGaussian())], 3, 8, 8);
        var written = TrainedNetwork.Write(network, Trained(network, method));
        written.Nodes.ShouldAllBe(node => node.Domain.Length == 0, "ordinary operators");
        var exact = Run(Recipe.Float.Apply(written, null), samples);
        InstructionSets.ForEach(set =>
        {
            Run(Recipe.Float.Apply(written, null), samples).ShouldBe(exact, $"{set}");
            var lowered = Recipe.Parse($"{recipe} + ends:keep=float").Apply(written, new Calibrator(samples, Samples));
            lowered.Layers.Count.ShouldBe(2);
            var integers = Run(lowered, samples);
            if (bitForBit) integers.ShouldBe(exact, $"{recipe} on {set}");
            else integers.ShouldBe(exact, 1e-3 * exact.Max(Math.Abs), $"{recipe} on {set}");
        });
    }

    [Theory]
    [InlineData("one-hot")]
    [InlineData("k-hot:k=2")]
    [InlineData("k-hot:k=3")]
    public void Codes_of_hot_bits_that_were_trained_are_found_again_with_their_scales(string recipe)
    {
        var (network, method) = Prepared(recipe);
        var random = new SeededRandom(5);
        var samples = new MemorySamples([.. Enumerable.Range(0, Samples * 3 * 8 * 8).Select(_ => (float)random.NextGaussian())], 3, 8, 8);
        var trained = Trained(network, method);
        var lowered = Recipe.Parse($"{recipe} + ends:keep=float").Apply(TrainedNetwork.Write(network, trained), new Calibrator(samples, Samples));
        lowered.Layers.Count.ShouldBe(2);
        foreach (var (node, layer) in lowered.Layers)
        {
            var name = node.Split('/')[0];
            var plane = trained[name].Weights!.Planes[0];
            layer.Groups.ShouldHaveSingleItem().Terms.ShouldHaveSingleItem().Weights.ToArray().Select(code => (short)code).ShouldBe(plane.Codes, name);
            layer.Input!.Scale.ShouldBe(trained[name].ActivationParameters[0][0], $"{name}: to the last bit");
        }
    }

    [Fact]
    public void Scales_of_ttq_are_found_behind_batch_norms_of_any_size()
    {
        var (network, method) = Prepared("ttq");
        var random = new SeededRandom(5);
        var samples = new MemorySamples([.. Enumerable.Range(0, Samples * 3 * 8 * 8).Select(_ => (float)random.NextGaussian())], 3, 8, 8);
        var constants = network.Constants.ToDictionary(constant => constant.Key, constant => !constant.Key.EndsWith(".scale", StringComparison.Ordinal) ? constant.Value
            : Tensor.Of<float>([.. Enumerable.Range(0, constant.Value.Length).Select(_ => (float)random.NextGaussian())], constant.Value.Length), StringComparer.Ordinal);
        var written = TrainedNetwork.Write(network with { Constants = constants }, Trained(network, method));
        var exact = Run(Recipe.Float.Apply(written, null), samples);
        var integers = Run(Recipe.Parse("ttq + uniform:operands=activations,a=float + ends:keep=float").Apply(written, new Calibrator(samples, Samples)), samples);
        integers.ShouldBe(exact, 1e-4 * exact.Max(Math.Abs), "a folded batch norm scales each channel");
    }

    [Fact]
    public void Activations_that_a_method_replaces_are_taken_out_and_others_stay()
    {
        var (network, _) = Prepared("sttn");
        network.Nodes.Where(node => node.OpType == "Relu").Select(node => node.Name).ShouldBe(["relu3"], "the last layer reads it");
        Prepared("twn").Network.Nodes.Count(node => node.OpType == "Relu").ShouldBe(3);
    }

    [Fact]
    public void Layers_are_found_with_what_methods_ask_for()
    {
        var layers = TrainableLayers.Of(Prepared("twn").Network);
        layers.Select(layer => (layer.Name, layer.Outputs, layer.Depth, layer.KernelPositions, layer.InputIsNonNegative, layer.IsEnd)).ShouldBe(
        [
            ("conv1", 4, 27, 9, false, true), ("conv2", 6, 36, 9, true, false), ("conv3", 5, 54, 9, true, false), ("fc", 3, 5, 1, true, true),
        ]);
    }

    private static (Network Network, ITrainingMethod Method) Prepared(string recipe)
    {
        var builder = new NetworkBuilder("small", [3, 8, 8], 1);
        var value = builder.MaxPool("pool", builder.Unit("2", builder.Unit("1", builder.Input, 4, kernel: 3), 6, kernel: 3), 2);
        value = builder.GlobalAveragePool("mean", builder.Unit("3", value, 5, kernel: 3));
        var network = builder.Build(builder.Linear("fc", value, 3), DefaultNetworks.GlyphPreprocessing);
        var method = (ITrainingMethod)Recipe.Parse(recipe).Steps[0].Component;
        return (method.Prepare(network), method);
    }

    private static Dictionary<string, TrainedLayer> Trained(Network network, ITrainingMethod method)
    {
        var trained = new Dictionary<string, TrainedLayer>(StringComparer.Ordinal);
        foreach (var layer in TrainableLayers.Of(network))
        {
            if (method.Weights(layer) is not { } weights) continue;
            var random = new SeededRandom(3, (ulong)layer.Index);
            float[] values = [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => (float)(0.2 * random.NextGaussian()))];
            var parameters = Started(weights, values, random);
            var activations = method.Activations(layer);
            float[] inputs = [.. Enumerable.Range(0, 200 * layer.InputChannels).Select(_ => Math.Abs((float)random.NextGaussian()))];
            trained[layer.Name] = new TrainedLayer(weights.Codes(values, parameters), activations, activations is null ? [] : Started(activations, inputs, random));
        }

        return trained;
    }

    private static float[][] Started(ITrainableQuantizer quantizer, float[] values, SeededRandom random)
    {
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(values, parameters, random);
        if (quantizer is ITrainableWeights) quantizer.BeginStep(values, parameters);
        return parameters;
    }

    private static float[] Run(LowBitNetwork network, MemorySamples samples) => NetworkRun.Execute(network, samples, Samples, threads: 1, progress: null, CancellationToken.None).Outputs;
}

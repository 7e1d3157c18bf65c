using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>ResNet-20 with a shortcut around each convolution, as the binary and ternary methods want it.</summary>
public sealed class BlockNetworkTests
{
    private static readonly BuiltInNetworkOptions Narrow = new() { Width = 0.25f };

    [Theory]
    [InlineData("resnet20-bireal")]
    [InlineData("resnet20-prelu")]
    public void Each_convolution_has_a_shortcut_of_its_own(string name)
    {
        var network = BuiltInNetworks.Create(name, [3, 8, 8], 10, Preprocessing.Identity, Narrow);
        network.Nodes.Count(node => node.OpType == "Add").ShouldBe(18);
        var inner = TrainableLayers.Of(network).Where(layer => !layer.IsEnd && !layer.IsShortcut).ToArray();
        inner.Length.ShouldBe(18);
        inner.Select(layer => layer.Outputs).Distinct().ShouldBe([4, 8, 16]);
        inner.ShouldAllBe(layer => layer.InputIsNonNegative, "a batch norm and a ReLU stand before each");
        network.Nodes.Count(node => node.OpType == "PRelu").ShouldBe(name == "resnet20-prelu" ? 19 : 0);
        TrainableLayers.Of(network).Count(layer => layer.IsShortcut).ShouldBe(name == "resnet20-bireal" ? 2 : 0);
    }

    [Theory]
    [InlineData("resnet20-bireal", "si-bnn", "si-bnn:except=*.shortcut.*")]
    [InlineData("resnet20-prelu", "sttn", "sttn")]
    public void A_method_takes_the_place_of_the_ReLUs_and_its_integers_give_the_trained_network(string name, string method, string applied)
    {
        var network = BuiltInNetworks.Create(name, [1, 8, 8], 4, Preprocessing.Identity, Narrow);
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 16,
            Optimizer = new AdamOptions { LearningRate = 1e-3f },
            Methods = new TrainingMethods([Recipe.Parse(method).Steps[0].Component]),
            Threads = 2,
        };
        var result = Trainer.Train(network, ArraySamples.Quarters(1, 64), options);
        result.Layers.Count.ShouldBe(18);
        result.Network.Nodes.Count(node => node.OpType == "Relu").ShouldBe(name == "resnet20-bireal" ? 1 : 0, "before the global average");
        var samples = ArraySamples.Quarters(2, 12).Samples;
        var integers = Recipe.Parse($"{applied} + ends:keep=float").Apply(result.Network, new Calibrator(samples, 12));
        integers.Layers.Count.ShouldBe(18);
        Outputs(integers).ShouldBe(Outputs(Recipe.Float.Apply(result.Network, null)), "bit for bit");

        float[] Outputs(LowBitNetwork candidate) => NetworkRun.Execute(candidate, samples, 12, threads: 1, progress: null, CancellationToken.None).Outputs;
    }

    [Fact]
    public void Sides_that_cannot_be_halved_twice_are_refused()
        => Should.Throw<UserErrorException>(() => BuiltInNetworks.Create("resnet20-prelu", [1, 10, 12], 4, Preprocessing.Identity, Narrow)).Message.ShouldContain("multiples of 4");
}

using Subbyte.Data;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class DefaultNetworksTests
{
    [Fact]
    public void TheGlyphNetworkHasTheLayersThatMethodsMeet()
    {
        var network = DefaultNetworks.Glyphs([1, 16, 16], 16);
        network.Nodes.Select(node => $"{node.Name}:{node.OpType}").ShouldBe(
        [
            "conv1:Conv", "bn1:BatchNormalization", "relu1:Relu",
            "conv2:Conv", "bn2:BatchNormalization", "relu2:Relu",
            "conv3:Conv", "bn3:BatchNormalization", "relu3:Relu",
            "conv4:Conv", "bn4:BatchNormalization", "add4:Add", "relu4:Relu",
            "conv5:Conv", "bn5:BatchNormalization", "relu5:Relu",
            "pool:GlobalAveragePool", "flatten:Flatten", "fc:Gemm",
        ]);
        network.Opsets[""].ShouldBe(17);
        network.Inputs.ShouldHaveSingleItem().Shape.Select(dimension => dimension.ToString()).ShouldBe(["N", "1", "16", "16"]);
        network.Outputs.ShouldHaveSingleItem().Shape.Select(dimension => dimension.ToString()).ShouldBe(["N", "16"]);
        Preprocessing.Parse(network.Metadata[Preprocessing.MetadataKey]).ShouldBe(DefaultNetworks.GlyphPreprocessing);
        ExecutionPlan.Compile(network).DotProducts.Select(layer => layer.LayerName).ShouldBe(["conv1", "conv2", "conv3", "conv4", "conv5", "fc"]);
    }

    [Fact]
    public void AnotherSeedStartsFromOtherWeights()
        => WeightHash.Of(DefaultNetworks.Glyphs([1, 16, 16], 16, seed: 1)).ShouldNotBe(WeightHash.Of(DefaultNetworks.Glyphs([1, 16, 16], 16, seed: 2)));

    [Fact]
    public void ATrainedNetworkGivesTheSameLogitsHereAndInTheExecutorFromItsOnnxFile()
    {
        var data = Open("glyphs:train=300#train");
        var options = DefaultNetworks.GlyphTraining with { Epochs = 2, BatchSize = 50 };
        var trained = DefaultNetworks.TrainGlyphs(data.Samples, data.Labels, options).Network;
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.onnx");
        try
        {
            OnnxNetwork.Save(trained, path);
            var frame = new ExecutionFrame(ExecutionPlan.Compile(OnnxNetwork.Load(path)));
            var graph = new TrainingGraph(trained, 1, 0, new WorkerTeam(1));
            for (var i = 0; i < 20; i++)
            {
                graph.Evaluate(data, [i]);
                data.Samples.Read(i, frame.Input.AsSpan<float>());
                frame.Run();
                graph.Output.Values(0, 1).ToArray().ShouldBe(frame.Results[0].AsSpan<float>().ToArray(), 1e-4f);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void TheDefaultRecipeReachesNinetyFivePercentOnHeldOutGlyphs()
    {
        var train = Open("glyphs#train");
        var result = DefaultNetworks.TrainGlyphs(train.Samples, train.Labels);
        result.IsComplete.ShouldBeTrue();
        Trainer.Accuracy(result.Network, Open("glyphs#test"), threads: 2).ShouldBeGreaterThanOrEqualTo(0.95);
    }

    private static LabeledSamples Open(string spec)
    {
        var data = DataSpec.Open(spec);
        return new LabeledSamples(new PreprocessedSamples(data, DefaultNetworks.GlyphPreprocessing), [.. Enumerable.Range(0, data.Count).Select(data.Label)]);
    }
}

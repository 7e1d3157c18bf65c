using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

/// <summary>A low-bit network that was exported, loaded again and run in float operators gives the bits of the low-bit network itself.</summary>
public sealed class ExportedModelTests
{
    private const int Images = 16;

    [SkippableTheory]
    [InlineData("int8")]
    [InlineData("int4")]
    [InlineData("tr")]
    [InlineData("sparq")]
    [InlineData("nb-smt")]
    [InlineData("nb-smt:threads=4")]
    [Trait("Speed", "Slow")]
    public void ResNet_20_gives_the_same_bits(string recipe)
    {
        var task = EvaluationTask.Load(
            SharedData.Require("models/cifar10-resnet20.onnx"),
            null,
            DataSpec.Open("cifar10:" + SharedData.Require("cifar10/test_batch_first1017.bin.gz")),
            DataSpec.Open("cifar10:" + SharedData.Require("cifar10/train_lossless_8068.bin.gz")),
            64);
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, Environment.ProcessorCount);
        var lowBit = Recipe.Parse(recipe).Apply(task.Network, calibrator);
        Run(Reload(lowBit, canonical: false), task.Samples).ShouldBe(Run(lowBit, task.Samples));
    }

    [Theory]
    [InlineData("int8", 1)]
    [InlineData("int8:asymmetric", 1)]
    [InlineData("int4", 1)]
    [InlineData("uniform:w=4,a=4", 1)]
    [InlineData("uniform:w=4,a=float", 1)]
    [InlineData("uniform:w=4,a=float + output-correction", 1)]
    [InlineData("uniform:w=4,a=float,group=32", 1)]
    [InlineData("uniform:w=6,a=float,group=32 + output-correction", 8)]
    [InlineData("fxp:bits=8", 1)]
    [InlineData("log:bits=4", 1)]
    [InlineData("tr:group=4,budget=6 + output-correction", 1)]
    [InlineData("fpec:bits=5,mode=d", 1)]
    [InlineData("fpec:bits=7,mode=dm,emb=0 + output-correction", 1)]
    [InlineData("sparq", 2)]
    [InlineData("nb-smt", 2)]
    [InlineData("nb-smt:policy=S+aW,split=adjacent", 2)]
    [InlineData("nb-smt:threads=4,policy=S+Aw,reorder", 4)]
    [InlineData("prune:pattern=2:4 + sparq:stc,window=3opt", 4)]
    public void Random_networks_give_the_same_bits(string recipe, int channelStep)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (lowBit, samples) = Draw(recipe, channelStep, seed);
            Run(Reload(lowBit, canonical: false), samples).ShouldBe(Run(lowBit, samples), $"network {seed}");
        }
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("int8:asymmetric")]
    [InlineData("int4")]
    public void The_form_that_other_tools_fuse_differs_in_the_last_place_only(string recipe)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (lowBit, samples) = Draw(recipe, 1, seed);
            var expected = Run(lowBit, samples);
            var actual = Run(Reload(lowBit, canonical: true), samples);
            var largest = expected.Max(value => Math.Abs((double)value));
            for (var i = 0; i < expected.Length; i++) Math.Abs((double)actual[i] - expected[i]).ShouldBeLessThan(0.02 * largest, $"network {seed}, element {i}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Scales_of_groups_are_blocks_that_dequantize_to_the_same_weights(int channelStep)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (lowBit, samples) = Draw("int4:group=32", channelStep, seed);
            var export = LowBitExporter.Export(lowBit);
            export.Forms.Values.Count(form => form == "blocked QDQ").ShouldBe(lowBit.Layers.Values.Count(layer => layer.Groups.Count > 1));
            var expected = Run(lowBit, samples);
            var actual = Run(Reload(lowBit, canonical: false), samples);
            var largest = expected.Max(value => Math.Abs((double)value));
            // The exported operator adds in float32: one rounding may tip now and then.
            Enumerable.Range(0, expected.Length).Count(i => Math.Abs((double)actual[i] - expected[i]) > 1e-4 * largest).ShouldBeLessThanOrEqualTo(expected.Length / 10, $"network {seed}");
            for (var i = 0; i < expected.Length; i++) Math.Abs((double)actual[i] - expected[i]).ShouldBeLessThan(0.02 * largest, $"network {seed}, element {i}");
        }
    }

    private static (LowBitNetwork Network, MemorySamples Samples) Draw(string recipe, int channelStep, int seed)
    {
        var random = new Random(seed);
        var network = RandomNetwork.Draw(random, channelStep);
        var samples = RandomNetwork.Samples(network, random, Images);
        return (Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 8)), samples);
    }

    private static LowBitNetwork Reload(LowBitNetwork network, bool canonical)
    {
        using var folder = new TemporaryFolder();
        LowBitExporter.Export(network, canonical).Save(folder["model.onnx"]);
        return new LowBitNetwork(OnnxNetwork.Load(folder["model.onnx"]), new Dictionary<string, LoweredLayer>(StringComparer.Ordinal));
    }

    private static float[] Run(LowBitNetwork network, ISampleSource samples)
        => NetworkRun.Execute(network, samples, Images, threads: 1, progress: null, CancellationToken.None).Outputs.ToArray();
}

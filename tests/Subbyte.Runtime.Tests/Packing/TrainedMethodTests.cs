using Subbyte.Onnx;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>From a training to a packed network: every method that leaves binary or ternary levels, answers to the bit on every instruction set.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class TrainedMethodTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("subbyte-trained").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("si-bnn", "si-bnn", "binary product")]
    [InlineData("mlt:w=2,a=2", "mlt:w=2,a=2", "2×2 level product")]
    public async Task Trained_networks_pack_and_answer_as_in_the_executor(string training, string recipe, string step) => await Check(training, recipe, step);

    [Theory]
    [InlineData("sttn", "sttn", "ternary product")]
    [InlineData("xnor-net", "xnor-net", "1×1 level product")]
    [InlineData("twn", "twn", "bits2 product")]
    [InlineData("mlt:w=3", "mlt:w=3", "level product")]
    [InlineData("residual-binary:w=2,a=2", "residual-binary:w=2,a=2", "level product")]
    [InlineData("abc-net:w=2", "abc-net:w=2", "level product")]
    [InlineData("lq-nets:w=2", "lq-nets:w=2", "level product")]
    [InlineData("ttq", "ttq", "product")]
    [InlineData("lsq:w=2,a=2", "lsq:w=2,a=2", "bits2 product")]
    [InlineData("lsq:w=4,a=8", "lsq:w=4,a=8", "bits4 product")]
    [InlineData("dorefa:w=2,a=2", "dorefa:w=2,a=2", "product")]
    [InlineData("one-hot", "one-hot", "int8 product")]
    [InlineData("k-hot:k=2", "k-hot:k=2", "int8 product")]
    [InlineData("lsq:w=8,a=4", "lsq:w=8,a=4", "int8 product")]
    [InlineData("binary-connect", "binary-connect", "bits2 product")]
    [InlineData("mlt:w=2,sparsity=0.9,step-epochs=1,steps=1", "mlt:w=2", "level product")]
    [InlineData("kure", "int4", "bits4 product")]
    [InlineData("si-bnn:activations=sign", "si-bnn:activations=sign", "level product")]
    [Trait("Speed", "Slow")]
    public async Task Networks_of_all_methods_pack_and_answer_as_in_the_executor(string training, string recipe, string step) => await Check(training, recipe, step);

    private async Task Check(string training, string recipe, string step)
    {
        var (file, run) = (Path.Combine(_folder, "recipe.yaml"), Path.Combine(_folder, "run"));
        await File.WriteAllTextAsync(file, $"""
            description: a small one
            network: lenet5
            batch-norm: true
            train: glyphs:train=120#train
            test: glyphs:test=40#test
            preprocess: order=as-is,scale=0.003921569,mean=0.25,std=0.22
            method: "{training}"
            rate: 0.02
            epochs: 1
            batch: 40
            """);
        (await CommandRun.Of("train", file, "--out", run, "--no-report", "--quiet")).ShouldBeDone();
        PackedNetworkTests.Check(OnnxNetwork.Load(Path.Combine(run, "last.onnx")), recipe).ShouldContain(description => description.Contains(step, StringComparison.Ordinal));
    }
}

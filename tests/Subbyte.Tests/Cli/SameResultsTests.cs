using Subbyte.Data.Workloads;
using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>Real networks give the same bytes of <c>results</c> with any number of threads and on every instruction set of the machine.</summary>
[Collection(InstructionSetCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class SameResultsTests
{
    private const string Samples = "64";

    [SkippableTheory]
    [InlineData("cifar10-resnet20")]
    [InlineData("cifar10-resnet32")]
    [InlineData("cifar10-resnet56")]
    [InlineData("cifar10-resnet8-tiny")]
    [InlineData("cifar10-resnet8-large")]
    [InlineData("imagenet-sample-mobilenetv1")]
    [InlineData("imagenet-sample-mobilenetv2")]
    [InlineData("imagenet-sample-squeezenet")]
    [InlineData("kws01-dscnn")]
    [InlineData("mnist-mlp")]
    public Task The_float_network(string workload) => IsTheSameEverywhere(workload, "fp32");

    [SkippableTheory]
    [InlineData("cifar10-resnet20", "int8")]
    [InlineData("kws01-dscnn", "int8")]
    [InlineData("cifar10-resnet8-tiny", "tr:group=8,budget=12 + output-correction")]
    [InlineData("mnist-mlp", "sparq")]
    public Task The_network_after_calibration_on_sixteen_samples(string workload, string recipe) => IsTheSameEverywhere(workload, recipe, "--calibration-samples", "16");

    private static async Task IsTheSameEverywhere(string workload, string recipe, params string[] options)
    {
        SharedData.Require("models");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        Skip.IfNot(File.Exists(Workload.Find(workload).ModelPath), $"the shared data is absent: {Workload.Find(workload).ModelPath}");
        string[] command = ["eval", "--workload", workload, "--method", recipe, "--limit", Samples, .. options];
        var expected = await ResultsOf.Command([.. command, "--threads", "1"]);
        expected.ShouldContain($"\"samples\":{Samples}");
        (await ResultsOf.Command([.. command, "--threads", "2"])).ShouldBe(expected, "two threads");
        for (var set = InstructionSet.Scalar; set <= Cpu.Best; set++)
            (await ResultsOf.Command([.. command, "--threads", "2", "--isa", $"{set}".ToLowerInvariant()])).ShouldBe(expected, $"{set}");
    }
}

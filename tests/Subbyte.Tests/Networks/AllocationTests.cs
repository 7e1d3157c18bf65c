using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Networks;

/// <summary>In the steady state neither an inference nor an evaluated image takes memory.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class AllocationTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "cifar10-resnet20", "fp32" },
        { "cifar10-resnet20", "int8" },
        { "cifar10-resnet20", "tr" },
        { "cifar10-resnet20", "sparq" },
        { "cifar10-resnet20", "fxp:bits=16" },
        { "cifar10-resnet8-tiny", "int8" },
        { "cifar10-resnet8-large", "int8" },
        { "cifar10-resnet32", "fp32" },
        { "cifar10-resnet56", "fp32" },
        { "kws-dscnn-dq8", "fp32" },
        { "kws-dscnn-dq8", "int8" },
        { "mnist-mlp-784-512-512-10", "fp32" },
        { "mnist-mlp-784-512-512-10", "int8" },
        { "imagenet-mobilenetv1-0.25-128-dq8", "int8" },
        { "imagenet-mobilenetv2-1.0-224-dq8", "fp32" },
        { "imagenet-squeezenet1.0-deepcompressed", "fp32" },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void An_inference_allocates_nothing(string model, string recipe)
    {
        var (network, _) = Open(model, recipe);
        InstructionSets.ForEach(set =>
        {
            // The scalar forms of the large networks take seconds.
            if (set < Subbyte.Kernels.InstructionSet.Avx2) return;
            var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
            frame.Run();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 3; i++) frame.Run();
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0, $"{set}");
        });
    }

    [SkippableTheory]
    [InlineData("fp32")]
    [InlineData("int8")]
    public void Evaluating_more_images_takes_memory_for_their_outputs_alone(string recipe)
    {
        const int outputs = 10;
        var (network, samples) = Open("cifar10-resnet20", recipe);
        var few = Allocated(network, samples, 20);
        var many = Allocated(network, samples, 60);
        (many - few).ShouldBeInRange(0, 40 * outputs * sizeof(float));
    }

    private static long Allocated(LowBitNetwork network, ISampleSource samples, int count)
    {
        NetworkRun.Execute(network, samples, count, threads: 1, progress: null, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        NetworkRun.Execute(network, samples, count, threads: 1, progress: null, CancellationToken.None);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (LowBitNetwork Network, ISampleSource Samples) Open(string model, string recipe)
    {
        var network = OnnxNetwork.Load(SharedData.Require($"models/{model}.onnx"));
        var samples = new NormalSamples(ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray(), 60, seed: 1);
        return (Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 2)), samples);
    }
}

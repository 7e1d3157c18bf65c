using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Kernels;
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
    private const int Runs = 6;

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
        var network = Open(model, recipe);
        InstructionSets.ForEach(set =>
        {
            // The scalar forms of the large networks take seconds.
            if (set < InstructionSet.Avx2) return;
            var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
            LeastAllocated(() => frame.Run()).ShouldBe(0, $"{set}");
        });
    }

    [SkippableTheory]
    [InlineData("fp32")]
    [InlineData("int8")]
    public void Evaluating_more_images_takes_memory_for_their_outputs_alone(string recipe)
    {
        const int outputs = 10;
        var data = DataSpec.Open($"cifar10:{SharedData.Require("cifar10/test_batch_first1017.bin.gz")}");
        var task = EvaluationTask.Load(SharedData.Require("models/cifar10-resnet20.onnx"), null, data, data, 2);
        var (network, samples) = (new Workbench(task, new EvaluationOptions { Threads = 1 }).Apply(Recipe.Parse(recipe)), task.Samples);
        var few = Allocated(network, samples, 20);
        var many = Allocated(network, samples, 60);
        (many - few).ShouldBeInRange(0, 40 * outputs * sizeof(float));
    }

    private static long Allocated(LowBitNetwork network, ISampleSource samples, int count)
        => LeastAllocated(() => NetworkRun.Execute(network, samples, count, threads: 1, progress: null, CancellationToken.None));

    /// <summary>The first runs fill what threads keep, and the runtime itself may take memory when it compiles a method again.</summary>
    private static long LeastAllocated(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static LowBitNetwork Open(string model, string recipe)
    {
        var network = OnnxNetwork.Load(SharedData.Require($"models/{model}.onnx"));
        var samples = new NormalSamples(ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray(), 2, seed: 1);
        return Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 2));
    }
}

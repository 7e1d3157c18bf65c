using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Tests.Methods;

/// <summary>ResNet-20 on lossless CIFAR-10 images, as the specifications' experiments use it.</summary>
internal static class ResNet20
{
    private const int Images = 1017;
    private const int NoiseImages = 100;

    public static EvaluationTask Task()
    {
        var model = SharedData.Require("models/cifar10-resnet20.onnx");
        var test = DataSpec.Open("cifar10:" + SharedData.Require("cifar10/test_batch_first1017.bin.gz"));
        return EvaluationTask.Load(model, null, test, DataSpec.Open("cifar10:" + SharedData.Require("cifar10/train_lossless_8068.bin.gz")), 2048);
    }

    /// <summary>Correct of the first 1,017 test images.</summary>
    public static int Correct(LowBitNetwork network, EvaluationTask task)
    {
        var run = NetworkRun.Execute(network, task.Samples, Images, Environment.ProcessorCount, null, CancellationToken.None);
        return Scores.Hits(run, [.. Enumerable.Range(0, Images).Select(task.Data.Label)], 1).Count(hit => hit);
    }

    /// <summary>Shows an observer the first 100 test images.</summary>
    public static void Observe(LowBitNetwork network, EvaluationTask task, IExecutionObserver observer)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false }));
        for (var i = 0; i < NoiseImages; i++)
        {
            task.Samples.Read(i, frame.Input.AsSpan<float>());
            frame.Run(observer);
        }
    }
}

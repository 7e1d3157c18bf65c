using System.Text.Json;
using Subbyte.Data;
using Subbyte.Networks;

namespace Subbyte.Tests.Data;

/// <summary>The real sets are what their description says.</summary>
public sealed class RealDataTests
{
    [SkippableTheory]
    [InlineData("mnist:mnist#train", 60000, "5 0 4 1 9 2 1 3")]
    [InlineData("mnist:mnist", 10000, "7 2 1 0 4 1 4 9")]
    [InlineData("mnist:fashion-mnist#test", 4443, "9 2 1 1 6 1 4 6")]
    [InlineData("cifar10:cifar10#test", 1017, "3 8 8 0 6 6 1 6")]
    [InlineData("cifar10:cifar10#train", 8068, "6 9 9 4 1 1 2 7")]
    [InlineData("cifar10:cifar10/jpeg75_test_batch.bin.gz", 10000, "3 8 8 0 6 6 1 6")]
    public void CountsAndFirstLabelsAreKnown(string spec, int count, string labels)
    {
        SharedData.Require(DataSpec.Parse(spec).Argument);
        var data = DataSpec.Open(spec, SharedData.Root);

        data.Count.ShouldBe(count);
        string.Join(' ', Enumerable.Range(0, 8).Select(data.Label)).ShouldBe(labels);
        data.ClassCount.ShouldBe(10);
    }

    [SkippableTheory]
    [InlineData("set:kws01", 1000, 12, "7 2 6 8 5 0 8 9")]
    [InlineData("set:imagenet-crop224", 250, 1000, "0 4 8 12 16 18 22 28")]
    [InlineData("set:imagenet-crop128", 250, 1000, "0 4 8 12 16 18 22 28")]
    public void BuiltInDescriptorsFitTheirFiles(string spec, int count, int classes, string labels)
    {
        SharedData.Require("kws");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        var data = DataSpec.Open(spec);

        (data.Count, data.ClassCount).ShouldBe((count, classes));
        string.Join(' ', Enumerable.Range(0, 8).Select(data.Label)).ShouldBe(labels);
    }

    [SkippableTheory]
    [InlineData("cifar10-resnet20.onnx", "cifar10:cifar10")]
    [InlineData("cifar10-resnet32.onnx", "cifar10:cifar10")]
    [InlineData("cifar10-resnet56.onnx", "cifar10:cifar10")]
    [InlineData("cifar10-resnet8-tiny.onnx", "cifar10:cifar10")]
    [InlineData("cifar10-resnet8-large.onnx", "cifar10:cifar10")]
    [InlineData("imagenet-mobilenetv2-1.0-224-dq8.onnx", "set:imagenet-crop224")]
    [InlineData("imagenet-mobilenetv1-0.25-128-dq8.onnx", "set:imagenet-crop128")]
    [InlineData("imagenet-squeezenet1.0-deepcompressed.onnx", "set:imagenet-crop224")]
    [InlineData("kws-dscnn-dq8.onnx", "set:kws01")]
    [InlineData("mnist-mlp-784-512-512-10.onnx", "mnist:mnist")]
    public void PreprocessedInputsAreThoseOfTheReference(string model, string spec)
    {
        var models = SharedData.Require("models");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        var data = DataSpec.Open(spec, SharedData.Root);
        var samples = new PreprocessedSamples(data, Preprocessing.FromModelsJson(Path.Combine(models, "models.json"), model)!);
        var input = new float[data.SampleLength];

        samples.Read(0, input);

        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(models, "reference-logits.json")));
        var expected = reference.RootElement.GetProperty(model).GetProperty("input0_first8_after_preprocessing")
            .EnumerateArray().Select(value => value.GetSingle()).ToArray();
        expected.Length.ShouldBe(8);
        // The reference of the keyword spotter subtracts before it multiplies.
        for (var i = 0; i < 8; i++) input[i].ShouldBe(expected[i], (Math.Abs(expected[i]) * 1e-6) + (model.StartsWith("kws", StringComparison.Ordinal) ? 3e-6 : 0));
    }
}

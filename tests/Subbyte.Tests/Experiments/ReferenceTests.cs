using System.Text.Json;
using Subbyte.Data.Workloads;
using Subbyte.Experiments;
using Subbyte.Methods;

namespace Subbyte.Tests.Experiments;

/// <summary>Trained networks on real data give the outputs and the counts that another executor measured.</summary>
public sealed class ReferenceTests
{
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
    public void Outputs_of_the_first_inputs_are_those_of_the_reference(string workload)
    {
        var task = Load(workload);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models/reference-logits.json")));
        var expected = document.RootElement.GetProperty(Path.GetFileName(task.ModelFile));
        var run = Run(task, expected.GetProperty("count").GetInt32(), threads: 1);
        var tolerance = workload.Contains("mobilenet", StringComparison.Ordinal) || workload.Contains("resnet8", StringComparison.Ordinal) ? 1e-3 : 1e-4;
        for (var sample = 0; sample < run.Samples; sample++)
        {
            var output = run.Output(sample).ToArray();
            var largest = output.Max(value => Math.Abs((double)value));
            foreach (var (index, value) in Known(expected, sample)) ((double)output[index]).ShouldBe(value, tolerance * largest, $"output {index} of sample {sample}");
            if (expected.TryGetProperty("logit_sum", out var sums)) output.Sum(value => (double)value).ShouldBe(sums[sample].GetDouble(), tolerance * output.Sum(value => Math.Abs((double)value)));
        }
    }

    /// <summary>Counts on the first samples were measured here once whole sets had given the counts of the reference.</summary>
    [SkippableTheory]
    [InlineData("cifar10-resnet20", 100, 94)]
    [InlineData("cifar10-resnet8-tiny", 100, 88)]
    [InlineData("kws01-dscnn", 100, 94)]
    [InlineData("mnist-mlp", 100, 100)]
    [InlineData("imagenet-sample-mobilenetv1", 100, 52)]
    [InlineData("imagenet-sample-mobilenetv2", 20, 17)]
    public void Counts_of_the_first_samples_are_known(string workload, int samples, int correct)
        => Correct(workload, samples).ShouldBeInRange(correct - 1, correct + 1);

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("cifar10-resnet20", 1017, 932)]
    [InlineData("cifar10-resnet32", 1017, 944)]
    [InlineData("cifar10-resnet56", 1017, 943)]
    [InlineData("cifar10-resnet8-tiny", 1017, 895)]
    [InlineData("cifar10-resnet8-large", 1017, 928)]
    [InlineData("cifar10-jpeg75-resnet20", 10000, 8103)]
    [InlineData("cifar10-jpeg75-resnet32", 10000, 8256)]
    [InlineData("cifar10-jpeg75-resnet8-tiny", 10000, 7548)]
    [InlineData("cifar10-jpeg75-resnet8-large", 10000, 8103)]
    [InlineData("kws01-dscnn", 1000, 902)]
    [InlineData("imagenet-sample-mobilenetv1", 250, 110)]
    [InlineData("imagenet-sample-mobilenetv2", 250, 224)]
    [InlineData("imagenet-sample-squeezenet", 250, 165)]
    [InlineData("mnist-mlp", 10000, 9848)]
    public void Counts_of_whole_sets_are_those_of_the_reference(string workload, int samples, int correct)
        => Correct(workload, samples).ShouldBeInRange(correct - 2, correct + 2);

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("imagenet-sample-mobilenetv1", 183)]
    [InlineData("imagenet-sample-mobilenetv2", 243)]
    [InlineData("imagenet-sample-squeezenet", 203)]
    public void Counts_among_the_five_largest_outputs_are_those_of_the_reference(string workload, int correct)
        => Correct(workload, 250, among: 5).ShouldBeInRange(correct - 2, correct + 2);

    private static EvaluationTask Load(string workload)
    {
        SharedData.Require("models");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        var known = Workload.Find(workload);
        Skip.IfNot(File.Exists(known.ModelPath), $"the shared data is absent: {known.ModelPath}");
        return EvaluationTask.Load(known.ModelPath, known.FindPreprocessing(), known.OpenData(), calibration: null, calibrationCount: 1);
    }

    private static int Correct(string workload, int samples, int among = 1)
    {
        var task = Load(workload);
        task.Data.Count.ShouldBeGreaterThanOrEqualTo(samples);
        return Scores.Hits(Run(task, samples, Environment.ProcessorCount), [.. Enumerable.Range(0, samples).Select(task.Data.Label)], among).Count(hit => hit);
    }

    private static NetworkRun Run(EvaluationTask task, int samples, int threads)
        => NetworkRun.Execute(Recipe.Float.Apply(task.Network, null), task.Samples, samples, threads, null, CancellationToken.None);

    /// <summary>The outputs of a sample that the reference tells: all, or the five largest.</summary>
    private static IEnumerable<(int Index, double Value)> Known(JsonElement reference, int sample)
        => reference.TryGetProperty("logits", out var logits)
            ? logits[sample].EnumerateArray().Select((value, index) => (index, value.GetDouble()))
            : reference.GetProperty("top5")[sample].EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetDouble()));
}

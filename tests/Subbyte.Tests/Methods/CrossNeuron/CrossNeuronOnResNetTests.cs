using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Xunit.Abstractions;

namespace Subbyte.Tests.Methods.CrossNeuron;

/// <summary>The figures of section 8 on ResNet-20, fp32 products: what the 18 inner convolutions save, how often wrongly, and what it costs in accuracy.</summary>
[Trait("Speed", "Slow")]
public sealed class CrossNeuronOnResNetTests(ITestOutputHelper output)
{
    private const int PredictedLayers = 18;

    [SkippableTheory]
    [InlineData("jpeg", "cifar10/jpeg75_test_batch.bin.gz", 500, 80.20)]
    [InlineData("lossless", "cifar10/test_batch_first1017.bin.gz", 1017, 91.64)]
    public void Savings_and_accuracy_are_those_of_the_specification(string set, string file, int images, double floatAccuracy)
    {
        var bench = Bench(file, images, calibration: 0);
        Accuracy(bench, "fp32", out _).ShouldBe(floatAccuracy, 0.01);
        var rows = VectorTable.Read("Methods/CrossNeuron/resnet20.vectors.txt");
        var found = rows.Select(row =>
        {
            var accuracy = Accuracy(bench, row["recipe"], out var operations);
            return (Row: row, Accuracy: accuracy, Saved: 100 * operations["macs.skipped"] / operations["macs.predicted"], Wrong: 100 * operations["outputs.skippedWrongly"] / operations["outputs.skipped"]);
        }).ToArray();
        var table = string.Join("; ", found.Select(row => $"{row.Row["recipe"]}: saved {row.Saved:0.00}, accuracy {row.Accuracy:0.00}, wrong {row.Wrong:0.00}"));
        output.WriteLine(table);
        foreach (var (row, accuracy, saved, wrong) in found)
        {
            saved.ShouldBe(row.Number(set + "Saved"), 0.2, table);
            accuracy.ShouldBe(row.Number(set + "Accuracy"), 0.5, table);
            wrong.ShouldBe(row.Number(set + "Wrong"), 0.2, table);
        }

        Shapes([.. found.Select(row => row.Saved)], [.. found.Select(row => row.Accuracy)]);
    }

    [SkippableFact]
    public void Recalibration_recovers_a_part_and_sums_save_less_than_inner_maps()
    {
        var bench = Bench("cifar10/jpeg75_test_batch.bin.gz", 500, calibration: 9 * 128);
        var layers = bench.Layers.Where(layer => !layer.IsEnd).Select(layer => layer.Name).ToArray();
        layers.Length.ShouldBe(PredictedLayers);
        var plain = Accuracy(bench, "cross-neuron:window=4", out _);
        Accuracy(bench, "cross-neuron:window=4 + bn-recal:batches=9", out _).ShouldBeGreaterThan(plain + 4);
        // Layers alternate: the inner one of a block, then the one before its addition.
        Saved("cross-neuron:layers=" + string.Join('|', layers.Where((_, i) => i % 2 == 1))).ShouldBeLessThan(Saved("cross-neuron:layers=" + string.Join('|', layers.Where((_, i) => i % 2 == 0))));

        double Saved(string recipe)
        {
            Accuracy(bench, recipe, out var operations);
            return operations["macs.skipped"] / operations["macs.predicted"];
        }
    }

    /// <summary>Savings rise with the threshold; larger windows always hurt more, but do not always save more.</summary>
    private static void Shapes(double[] saved, double[] accuracy)
    {
        int[] byThreshold = [0, 3, 4, 5];
        byThreshold.Select(i => saved[i]).ShouldBeInOrder();
        accuracy[5].ShouldBeLessThan(accuracy[0]);
        accuracy[2].ShouldBeLessThan(accuracy[1]);
        accuracy[1].ShouldBeLessThan(accuracy[0]);
        saved[1].ShouldBeGreaterThan(saved[2]);
    }

    private static Workbench Bench(string file, int images, int calibration)
    {
        var data = DataSpec.Open("cifar10:" + SharedData.Require(file));
        var others = calibration == 0 ? null : DataSpec.Open($"cifar10:{SharedData.Require(file)}#test:{images}-{images + calibration - 1}");
        var task = EvaluationTask.Load(SharedData.Require("models/cifar10-resnet20.onnx"), null, data, others, calibration);
        return new Workbench(task, new EvaluationOptions { Threads = Environment.ProcessorCount, Limit = images, CostSamples = images });
    }

    private static double Accuracy(Workbench bench, string recipe, out IReadOnlyDictionary<string, double> operations)
    {
        var result = bench.Run(Recipe.Parse(recipe)).Result;
        operations = result.Cost.Operations;
        return 100 * result.Value;
    }
}

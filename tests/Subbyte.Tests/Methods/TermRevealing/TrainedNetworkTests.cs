using Subbyte.Calibration;
using Subbyte.Costs;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Onnx;
using Xunit.Abstractions;

namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>Term Revealing on trained networks and real data: what the specification measured with independent code.</summary>
public class TrainedNetworkTests(ITestOutputHelper output)
{
    private const string Folder = "Methods/TermRevealing/";

    [SkippableFact]
    public void ThePerceptronKeepsTheTermsOfTheSpecification()
    {
        var (network, calibrator, _, _) = Perceptron(calibrationSamples: 1);
        foreach (var row in VectorTable.Read(Folder + "perceptron.vectors.txt").Where(row => row["kept"] != "-").DistinctBy(row => (row["kept"], row["recipe"].Split("encoding=").Length)))
        {
            var lowered = Recipe.Parse($"{row["recipe"]} + ends:keep=same").Apply(network, calibrator);
            lowered.Layers.Values.Sum(layer => layer.Cost.Start().Count(0).Operations["weightTerms"]).ShouldBe(row.Integer("kept"), row.ToString());
        }
    }

    [SkippableFact]
    public void ResNet20TakesThePairsOfTheSpecification()
    {
        // 40,108,032 MACs without the first and the last layer, 64 pairs each without revealing and 3 with it.
        var (network, preprocessing) = Model("cifar10-resnet20.onnx");
        var calibrator = new Calibrator(new PreprocessedSamples(DataSpec.Open("cifar10:cifar10#test", SharedData.Root), preprocessing), count: 1);
        var lowered = Recipe.Parse("tr:budget=8 + ends:keep=float").Apply(network, calibrator);
        var cost = LayerCost.Sum(lowered.Layers.Values.Select(layer => layer.Cost.Start().Count(0)));
        cost.Macs.ShouldBe(40108032);
        cost.Operations["termPairs.published"].ShouldBe(40108032 * 3);
        cost.Operations["termPairs.qt"].ShouldBe(40108032L * 64);
    }

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void ThePerceptronIsAsAccurateAsTheSpecificationMeasured()
    {
        var (network, calibrator, samples, labels) = Perceptron(calibrationSamples: 250);
        foreach (var row in VectorTable.Read(Folder + "perceptron.vectors.txt"))
        {
            var correct = Correct(network, calibrator, samples, labels, $"{row["recipe"]} + ends:keep=same");
            output.WriteLine($"{row["recipe"]}: {correct}, specification {row["correct"]}");
            ((double)correct).ShouldBe(row.Integer("correct"), row.Integer("tolerance"), row.ToString());
        }
    }

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("apart", " + batch-norm")]
    [InlineData("folded", "")]
    public void ResNet20IsAsAccurateAsTheSpecificationMeasured(string column, string batchNorms)
    {
        var (network, preprocessing) = Model("cifar10-resnet20.onnx");
        var data = DataSpec.Open("cifar10:cifar10#test", SharedData.Root);
        var samples = new PreprocessedSamples(data, preprocessing);
        var training = new PreprocessedSamples(DataSpec.Open("cifar10:cifar10#train", SharedData.Root), preprocessing);
        var calibrator = new Calibrator(new EveryNth(training, training.Count / 64), count: 64);
        int[] labels = [.. Enumerable.Range(0, data.Count).Select(data.Label)];
        var top1 = new Dictionary<string, double>();
        foreach (var row in VectorTable.Read(Folder + "resnet20.vectors.txt").Where(row => row[column] != "-"))
        {
            var percent = 100.0 * Correct(network, calibrator, samples, labels, $"{row["recipe"]} + ends:keep=float{batchNorms}") / data.Count;
            output.WriteLine($"{row["recipe"]}: {percent:0.0}, specification {row[column]}");
            top1[row["recipe"]] = percent;
        }

        foreach (var row in VectorTable.Read(Folder + "resnet20.vectors.txt").Where(row => row[column] != "-"))
            top1[row["recipe"]].ShouldBe(row.Number(column), row.Number(column) < 89 ? 1.55 : 0.55, row.ToString());
        // The shape that must come out: an eighth of the weight terms costs a point (two when folded), and only with HESE.
        var plain = top1["tr:group=1,budget=8,terms=8"];
        top1["tr:group=8,budget=8"].ShouldBeGreaterThan(plain - (column == "folded" ? 2 : 1));
        top1["tr:group=8,budget=8"].ShouldBeGreaterThan(top1["tr:group=8,budget=8,encoding=binary,data-encoding=hese"] + 5);
        top1["tr:group=16,budget=16"].ShouldBeGreaterThan(top1["tr:group=1,budget=1"]);
        top1["tr:group=8,budget=8"].ShouldBeGreaterThan(top1["tr:group=1,budget=1"]);
    }

    private static int Correct(Network network, Calibrator calibrator, ISampleSource samples, int[] labels, string recipe)
    {
        var lowered = Recipe.Parse(recipe).Apply(network, calibrator);
        var run = NetworkRun.Execute(lowered, samples, labels.Length, Environment.ProcessorCount, null, CancellationToken.None);
        return Scores.Hits(run, labels, 1).Count(hit => hit);
    }

    // Calibrated on the training images 0, 200, 400, ...
    private static (Network Network, Calibrator Calibrator, ISampleSource Samples, int[] Labels) Perceptron(int calibrationSamples)
    {
        var (network, preprocessing) = Model("mnist-mlp-784-512-512-10.onnx");
        var data = DataSpec.Open("mnist:mnist", SharedData.Root);
        var training = new PreprocessedSamples(DataSpec.Open("mnist:mnist#train", SharedData.Root), preprocessing);
        var calibrator = new Calibrator(new EveryNth(training, 200), calibrationSamples);
        return (network, calibrator, new PreprocessedSamples(data, preprocessing), [.. Enumerable.Range(0, data.Count).Select(data.Label)]);
    }

    private static (Network Network, Preprocessing Preprocessing) Model(string name)
    {
        var file = SharedData.Require("models/" + name);
        return (OnnxNetwork.Load(file), Preprocessing.FromModelsJsonBeside(file).ShouldNotBeNull());
    }
}

using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Search;
using Subbyte.Tests.Data;
using Xunit.Abstractions;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>Section 8, item 2: on trained networks the search ends at least one computation bit below fixed point, on images that decide nothing of what is reported.</summary>
[Trait("Speed", "Slow")]
public sealed class FpecSearchOnTrainedNetworksTests(ITestOutputHelper output) : IDisposable
{
    private const double MaxLoss = 0.5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("mnist-mlp", "mnist:mnist#test:2000-9999", "mnist:mnist#test:0-1999", 2000)]
    [InlineData("cifar10-resnet20", "cifar10:cifar10/test_batch_first1017.bin.gz", "cifar10:cifar10/jpeg75_test_batch.bin.gz#1017-1516", 1017)]
    public void A_compensated_network_needs_fewer_computation_bits(string name, string decide, string report, int samples)
    {
        SharedData.Require("models");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        var workload = Workload.Find(name);
        DataSet Open(string spec) => DataSpec.Open(spec.Insert(spec.IndexOf(':', StringComparison.Ordinal) + 1, SharedData.Root + "/"), null, workload.ModelPath);
        var task = EvaluationTask.Load(workload.ModelPath, workload.FindPreprocessing(), Open(report), workload.OpenCalibration(), 256);
        var divided = SearchTask.Of(task, Open(decide), samples);
        var store = new ResultStore(_folder.Path);
        var outcome = new FpecSearch(divided, new SearchOptions { Candidates = [], MaxLoss = MaxLoss, Objective = FpecSearch.Objective, Trials = 60 }, store).Run(_ => null, CancellationToken.None);
        var document = new SearchRun(divided, new EvaluationOptions(), store).Report(outcome, FpecSearch.Name, FpecSearch.Objective.Name, 1, _ => null, CancellationToken.None);

        var plain = outcome.BestUniform.ShouldNotBeNull();
        var chosen = outcome.Chosen.ShouldNotBeNull();
        output.WriteLine($"fixed point: {plain.Recipe}; chosen: {chosen.Summary}, {chosen.Recipe}");
        Bits(chosen).ShouldBeLessThan(Bits(plain));
        chosen.Trial.Loss.ShouldBeLessThanOrEqualTo(MaxLoss);
        var reported = document.Results.First(result => result.Recipe == chosen.Recipe);
        var operations = reported.Cost.Operations;
        var (eight, sixteen) = (operations["picojoules.fxp8"] / operations["picojoules.fpec"], operations["picojoules.fxp16"] / operations["picojoules.fpec"]);
        output.WriteLine($"energy of 8 bits {eight:0.00}, of 16 bits {sixteen:0.00} times as much; reported {reported.Value:P2}, fp32 {reported.Baseline:P2}");
        eight.ShouldBeInRange(1.05, 3.0);
        sixteen.ShouldBeGreaterThan(eight);
    }

    private static int Bits(SearchPoint point) => int.Parse(point.Recipe.Split("bits=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
}

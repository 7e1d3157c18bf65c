using Subbyte.Experiments.Reproduction;
using Subbyte.Tests.Data;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Experiments.Reproduction;

/// <summary>The quick form of every paper that trains: each experiment runs and holds.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class QuickFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Papers => [.. ExperimentList.Names.Where(name => ExperimentList.Find(name).Experiments.Any(IsQuickTraining))];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Papers))]
    [Trait("Speed", "Slow")]
    public void The_quick_trainings_of_a_paper_hold(string name)
    {
        var data = Path.GetDirectoryName(SharedData.Require("mnist"))!;
        SharedData.Require("cifar10/train_lossless_8068.bin.gz");
        SharedData.Require("models/cifar10-resnet20.onnx");
        var before = Environment.GetEnvironmentVariable("SUBBYTE_DATA");
        try
        {
            Environment.SetEnvironmentVariable("SUBBYTE_DATA", data);
            var list = ExperimentList.Find(name);
            list.Experiments = [.. list.Experiments.Where(IsQuickTraining)];
            var figures = new ReproductionRun(list, new ResultStore(_folder.Path), threads: 2).Execute(name, quick: true, _ => null, CancellationToken.None).Experiments;
            figures.ShouldNotBeEmpty();
            figures.ShouldAllBe(figure => figure.Verdict == Verdict.Holds);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SUBBYTE_DATA", before);
        }
    }

    private static bool IsQuickTraining(Experiment experiment) => experiment is { Quick: true, Train: not null };
}

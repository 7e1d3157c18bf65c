using Subbyte.Networks;
using Subbyte.Tests.Kernels;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

[Collection(InstructionSetCollection.Name)]
public sealed class DeterminismTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 2, BatchSize = 20, LabelSmoothing = 0.1f, Optimizer = new AdamOptions { WeightDecay = 1e-3f } };

    [Fact]
    public void WeightsDoNotDependOnTheNumberOfThreads()
        => new[] { 1, 2, 3, 7 }.Select(threads => Train(Options with { Threads = threads })).Distinct().ShouldHaveSingleItem();

    [Fact]
    public void WeightsDoNotDependOnTheInstructionSet()
    {
        var hashes = new List<string>();
        InstructionSets.ForEach(_ => hashes.Add(Train(Options with { Threads = 2 })));
        hashes.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void WeightsAreTheSameOnEveryMachine()
    {
        // A golden value: it changes only when the arithmetic of training is changed on purpose.
        Train(Options)[..16].ShouldBe("2FE2E4B33BCC2D60");
    }

    [Fact]
    public void AnotherSeedGivesOtherWeights() => Train(Options with { Seed = 2 }).ShouldNotBe(Train(Options));

    /// <summary>Every kind of operator, 16 classes of noise.</summary>
    private static string Train(TrainingOptions options)
        => WeightHash.Of(Trainer.Train(Everything(), ArraySamples.Random(5, 50, 6, 3, 9, 9), options).Network);

    private static Network Everything()
    {
        var builder = new NetworkBuilder("everything", [3, 9, 9], seed: 3);
        var x = builder.Unit("1", builder.Input, 20, kernel: 3);
        x = builder.MaxPool("max", x, 2);
        x = builder.Sum("add", builder.Unit("2", x, 20, kernel: 3, groups: 20), x);
        x = builder.Relu("relu3", builder.Convolution("conv3", x, 12, kernel: 1, bias: true));
        x = builder.Convolution("conv4", x, 18, kernel: 3, stride: 2, groups: 2);
        x = builder.Linear("fc5", builder.Flatten("flatten5", x), 30);
        x = builder.Relu("relu5", builder.BatchNormalization("bn5", x));
        return builder.Build(builder.Linear("fc6", x, 6), Preprocessing.Identity);
    }
}

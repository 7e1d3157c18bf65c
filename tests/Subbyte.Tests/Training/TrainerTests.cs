using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 4, BatchSize = 32, Optimizer = new SgdOptions { LearningRate = 0.05f }, Threads = 1 };

    [Theory]
    [InlineData("sgd")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void ASeparableProblemIsLearntInAFewEpochs(string rule)
    {
        OptimizerOptions optimizer = rule switch
        {
            "sgd" => new SgdOptions { LearningRate = 0.05f },
            "nesterov" => new SgdOptions { LearningRate = 0.05f, Nesterov = true, WeightDecay = 1e-4f },
            "adam" => new AdamOptions { LearningRate = 0.01f },
            _ => new AdamOptions { LearningRate = 0.01f, WeightDecay = 0.01f, DecoupledDecay = true },
        };
        var result = Trainer.Train(Quarters(), ArraySamples.Quarters(1, 400), Options with { Optimizer = optimizer });
        result.IsComplete.ShouldBeTrue();
        result.Epoch.ShouldBe(4);
        Trainer.Accuracy(result.Network, ArraySamples.Quarters(2, 200)).ShouldBeGreaterThan(0.98);
    }

    [Fact]
    public void TheLossFallsAndProgressTellsOfIt()
    {
        var progress = new Recorder();
        Trainer.Train(Quarters(), ArraySamples.Quarters(1, 400), Options with { Validation = ArraySamples.Quarters(2, 100) }, progress);
        var epochs = progress.Reports.GroupBy(report => report.Epoch).Select(group => group.Last()).ToArray();
        epochs.Select(report => report.Epoch).ShouldBe([1, 2, 3, 4]);
        epochs[^1].Loss.ShouldBeLessThan(epochs[0].Loss);
        epochs[^1].Step.ShouldBe(48);
        epochs[^1].Steps.ShouldBe(48);
        epochs[^1].Remaining.ShouldBe(TimeSpan.Zero);
        epochs[0].Remaining.ShouldBeGreaterThan(TimeSpan.Zero);
        epochs.ShouldAllBe(report => report.SamplesPerSecond > 0 && report.ValidationAccuracy != null && report.Accuracy > 0);
        epochs[^1].LearningRate.ShouldBeLessThan(epochs[0].LearningRate);
    }

    [Fact]
    public void CancellingKeepsTheBestEpochSoFar()
    {
        using var source = new CancellationTokenSource();
        var validation = ArraySamples.Quarters(2, 100);
        var progress = new Recorder(report =>
        {
            if (report is { Epoch: 2, Step: 24 }) source.Cancel();
        });
        var result = Trainer.Train(Quarters(), ArraySamples.Quarters(1, 400), Options with { Epochs = 50, Validation = validation }, progress, source.Token);
        result.IsComplete.ShouldBeFalse();
        result.Epoch.ShouldBeInRange(1, 2);
        result.ValidationAccuracy.ShouldBe(progress.Reports.Max(report => report.ValidationAccuracy));
        Trainer.Accuracy(result.Network, validation).ShouldBe(result.ValidationAccuracy!.Value);
    }

    [Fact]
    public void CancellingWithoutValidationKeepsTheNetworkAsItIs()
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(_ => source.Cancel());
        var network = Quarters();
        var result = Trainer.Train(network, ArraySamples.Quarters(1, 400), Options with { Epochs = 50 }, progress, source.Token);
        result.IsComplete.ShouldBeFalse();
        WeightHash.Of(result.Network).ShouldNotBe(WeightHash.Of(network));
    }

    [Fact]
    public void CancellingBeforeTheFirstStepGivesTheNetworkBack()
    {
        var network = Quarters();
        var result = Trainer.Train(network, ArraySamples.Quarters(1, 40), Options, cancellation: new CancellationToken(canceled: true));
        result.Epoch.ShouldBe(0);
        WeightHash.Of(result.Network).ShouldBe(WeightHash.Of(network));
    }

    [Fact]
    public void TheBestEpochIsTheOneWithTheHighestValidationAccuracy()
    {
        // A rate that grows absurd spoils the network after it was good.
        var progress = new Recorder();
        var options = Options with { Epochs = 6, Schedule = new StepSchedule([3], 400), Validation = ArraySamples.Quarters(2, 100) };
        var result = Trainer.Train(Quarters(), ArraySamples.Quarters(1, 400), options, progress);
        result.ValidationAccuracy.ShouldBe(progress.Reports.Max(report => report.ValidationAccuracy));
        result.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void ABatchLargerThanTheDataIsAllOfThem()
        => Trainer.Train(Quarters(), ArraySamples.Quarters(1, 10), Options with { BatchSize = 128 }).IsComplete.ShouldBeTrue();

    [Fact]
    public void DivergenceStopsWithAClearWord()
    {
        var network = new TinyNetwork(1, 1, 8, 8).Apply("Flatten").Linear(4, 64).Build();
        Should.Throw<UserErrorException>(() => Trainer.Train(network, ArraySamples.Quarters(1, 400), Options with { Optimizer = new SgdOptions { LearningRate = 3e38f } }))
            .Message.ShouldContain("diverged");
    }

    [Fact]
    public void OperatorsThatCannotBeTrainedAreNamedAllAtOnce()
    {
        var network = new TinyNetwork(1, 1, 8, 8).Apply("Sin").Apply("Flatten").Linear(4, 64).Apply("Erf").Build();
        var message = Should.Throw<UserErrorException>(() => Trainer.Train(network, ArraySamples.Quarters(1, 40), Options)).Message;
        message.ShouldContain("'Sin0'");
        message.ShouldContain("'Erf3'");
    }

    [Fact]
    public void DataThatDoNotFitAreRefused()
    {
        Should.Throw<UserErrorException>(() => Trainer.Train(Quarters(), ArraySamples.Quarters(1, 40, size: 6), Options)).Message.ShouldContain("[1,6,6]");
        Should.Throw<UserErrorException>(() => Trainer.Train(Quarters(), ArraySamples.Random(1, 60, 9, 1, 8, 8), Options)).Message.ShouldContain("4 outputs");
        Should.Throw<UserErrorException>(() => new LabeledSamples(new ArraySamples([[1f], [2f]], 1), [0]));
        Should.Throw<UserErrorException>(() => new LabeledSamples(new ArraySamples([[1f]], 1), [-1]));
        Should.Throw<UserErrorException>(() => new LabeledSamples(new ArraySamples([], 1), []));
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        TrainingOptions[] wrong = [Options with { Epochs = 0 }, Options with { BatchSize = 0 }, Options with { Threads = 0 }, Options with { LabelSmoothing = 1 }, Options with { Optimizer = new SgdOptions { LearningRate = float.NaN } }];
        foreach (var options in wrong)
            Should.Throw<UserErrorException>(() => Trainer.Train(Quarters(), ArraySamples.Quarters(1, 40), options));
    }

    [Fact]
    public void AStepOnOneThreadAllocatesNothing()
    {
        var data = ArraySamples.Quarters(1, 40);
        int[] indices = [.. Enumerable.Range(0, 40)];
        var graph = new TrainingGraph(Quarters(), 40, 0.1f, new WorkerTeam(1));
        var optimizer = new SgdOptions().Start(graph.Parameters);
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Step()
        {
            graph.ComputeGradients(data, indices);
            optimizer.Begin(0.01);
            for (var parameter = 0; parameter < optimizer.Count; parameter++) optimizer.Move(parameter);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AFailingSampleSourceEndsTrainingWithItsOwnError(int threads)
    {
        var data = new LabeledSamples(new CachedSamples(new FailingSamples()), [.. new int[32]]);
        Should.Throw<UserErrorException>(() => Trainer.Train(Quarters(), data, Options with { Threads = threads })).Message.ShouldBe("disk on fire");
    }

    private static Network Quarters()
    {
        var builder = new NetworkBuilder("quarters", [1, 8, 8], seed: 1);
        var x = builder.Unit("1", builder.Input, 4, kernel: 3);
        x = builder.Unit("2", builder.MaxPool("max", x, 2), 8, kernel: 3);
        return builder.Build(builder.Linear("fc", builder.Flatten("flatten", x), 4), Preprocessing.Identity);
    }

    private sealed class Recorder(Action<TrainingProgress>? seen = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reports { get; } = [];

        public void Report(TrainingProgress value)
        {
            Reports.Add(value);
            seen?.Invoke(value);
        }
    }

    private sealed class FailingSamples : ISampleSource
    {
        public int Count => 32;

        public ReadOnlySpan<int> SampleShape => new[] { 1, 8, 8 };

        public void Read(int index, Span<float> destination) => throw new UserErrorException("disk on fire");
    }
}

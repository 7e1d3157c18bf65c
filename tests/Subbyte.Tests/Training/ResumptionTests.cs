using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>A training that is broken off after any step, and goes on in a new process, ends with the same bits.</summary>
public sealed class ResumptionTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 16,
        Optimizer = new AdamOptions { WeightDecay = 1e-3f },
        Augmentation = new Augmentation { Crop = 1, Flip = true },
        GradientClip = 0.5f,
        Validation = ArraySamples.Quarters(9, 24),
        Threads = 2,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(7)]
    public void AfterAnyStepTheRestEndsWithTheSameBits(int stepsAtOnce)
    {
        var undisturbed = Run(new MemoryJournal(), int.MaxValue);
        var journal = new MemoryJournal();
        TrainingResult result;
        var parts = 0;
        do
        {
            result = Run(journal, stepsAtOnce);
            (++parts).ShouldBeLessThan(40);
        }
        while (!result.IsComplete);

        parts.ShouldBeGreaterThan(1);
        WeightHash.Of(result.Network).ShouldBe(WeightHash.Of(undisturbed.Network));
        result.History.Select(epoch => (epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.ValidationAccuracy, epoch.LearningRate))
            .ShouldBe(undisturbed.History.Select(epoch => (epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.ValidationAccuracy, epoch.LearningRate)));
        (result.Epoch, result.ValidationAccuracy).ShouldBe((undisturbed.Epoch, undisturbed.ValidationAccuracy));
    }

    [Fact]
    public void AFinishedTrainingIsNotRunAgain()
    {
        var journal = new MemoryJournal();
        var first = Run(journal, int.MaxValue);
        var saved = journal.Saved;
        var again = Run(journal, int.MaxValue);
        journal.Saved.ShouldBe(saved);
        WeightHash.Of(again.Network).ShouldBe(WeightHash.Of(first.Network));
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefused()
    {
        var journal = new MemoryJournal();
        Run(journal, 3);
        Should.Throw<UserErrorException>(() => Run(new MemoryJournal { Identity = "another", Content = journal.Content }, 3)).Message.ShouldContain("another training");
    }

    [Fact]
    public void ADamagedCheckpointIsRefusedWhereverTheDamageIs()
    {
        var journal = new MemoryJournal();
        Run(journal, 3);
        var good = journal.Content!;
        foreach (var place in Enumerable.Range(0, 40).Select(i => (int)((long)i * (good.Length - 1) / 39)))
        {
            var damaged = (byte[])good.Clone();
            damaged[place] ^= 0x10;
            Should.Throw<UserErrorException>(() => Run(new MemoryJournal { Content = damaged }, 3)).Message.ShouldContain("checkpoint");
        }

        Should.Throw<UserErrorException>(() => Run(new MemoryJournal { Content = good[..(good.Length / 2)] }, 3)).Message.ShouldContain("checkpoint");
    }

    private static TrainingResult Run(MemoryJournal journal, int steps)
    {
        using var cancellation = new CancellationTokenSource();
        var data = new CountedSamples(ArraySamples.Quarters(1, 100), (long)steps * Options.BatchSize, cancellation);
        return Trainer.Train(Network(), new LabeledSamples(data, ArraySamples.Quarters(1, 100).Labels), Options with { Journal = journal }, null, cancellation.Token);
    }

    private static Network Network()
    {
        var builder = new NetworkBuilder("quarters", [1, 8, 8], seed: 1);
        var x = builder.MaxPool("pool", builder.Unit("1", builder.Input, 8, kernel: 3), 2);
        x = builder.Dropout("drop", builder.Relu("relu2", builder.Linear("fc2", builder.Flatten("flatten", x), 12)), 0.3f);
        return builder.Build(builder.Linear("fc3", x, 4), Preprocessing.Identity);
    }

    /// <summary>Samples that cancel the training when so many have been read.</summary>
    private sealed class CountedSamples(LabeledSamples data, long reads, CancellationTokenSource cancellation) : ISampleSource
    {
        private long _reads;

        public int Count => data.Count;

        public ReadOnlySpan<int> SampleShape => data.Samples.SampleShape;

        public void Read(int index, Span<float> destination)
        {
            if (Interlocked.Increment(ref _reads) == reads) cancellation.Cancel();
            data.Samples.Read(index, destination);
        }
    }

    private sealed class MemoryJournal : ITrainingJournal
    {
        public string Identity { get; init; } = "the training";

        public TimeSpan Interval => TimeSpan.FromDays(1);

        public byte[]? Content { get; set; }

        public int Saved { get; private set; }

        public Stream? OpenCheckpoint() => Content is null ? null : new MemoryStream(Content);

        public void SaveCheckpoint(Action<Stream> write)
        {
            using var stream = new MemoryStream();
            write(stream);
            Content = stream.ToArray();
            Saved++;
        }

        public void EpochEnded(IReadOnlyList<EpochMetrics> history, bool isBest, Func<Network> network) => network().Nodes.ShouldNotBeEmpty();
    }
}

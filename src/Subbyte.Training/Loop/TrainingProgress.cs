namespace Subbyte.Training;

/// <summary>Where a training stands.</summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the whole training.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the whole training.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of the epoch's training samples so far that were classified rightly, each before its own step.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Accuracy on the validation samples after the latest epoch, or null.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Learning rate of the latest step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training samples a second since the start.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Time left, at the speed so far.</summary>
    public required TimeSpan Remaining { get; init; }
}

namespace Subbyte.Training;

/// <summary>Where a training stands.</summary>
public sealed record TrainingProgress
{
    /// <summary>Name of the phase; empty where there is one alone.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The epoch of the phase, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the phase.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps of the phase that are done.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the phase.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of the epoch's training samples so far that were classified rightly, each before its own step.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Accuracy on the validation samples after the latest epoch, or null.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Learning rate of the latest step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training samples a second since the start; of texts, words.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Time left, at the speed so far.</summary>
    public required TimeSpan Remaining { get; init; }
}

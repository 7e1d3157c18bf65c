namespace Subbyte.Training;

/// <summary>What an epoch gave.</summary>
public sealed record EpochMetrics
{
    /// <summary>Name of its phase; empty where there is one alone.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The epoch, from 1, through all phases; of a phase without epochs the one before.</summary>
    public required int Epoch { get; init; }

    /// <summary>Learning rate of its last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean loss, or null for a phase without epochs.</summary>
    public double? Loss { get; init; }

    /// <summary>Share of its training samples that were classified rightly, each before its own step; null for a phase without epochs.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean loss on the samples that epochs are judged on, or null.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Accuracy on them, or null.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Wall-clock seconds; they say nothing about the result.</summary>
    public double Seconds { get; init; }

    /// <summary>How weights and inputs of layers are distributed at its end.</summary>
    public IReadOnlyList<LayerHistogram> Histograms { get; init; } = [];
}

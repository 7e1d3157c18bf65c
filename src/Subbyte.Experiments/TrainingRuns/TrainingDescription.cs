using Subbyte.Training;

namespace Subbyte.Experiments;

/// <summary>How a network was trained.</summary>
public sealed record TrainingDescription
{
    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>The network that it started from, as the recipe names it.</summary>
    public required string Network { get; init; }

    /// <summary>The data that it was trained on.</summary>
    public required DataDescription Train { get; init; }

    /// <summary>The data that chose the best epoch, or null.</summary>
    public DataDescription? Validation { get; init; }

    /// <summary>A hash of all that the weights depend on.</summary>
    public required string Identity { get; init; }

    /// <summary>Epochs that the recipe names.</summary>
    public required int Epochs { get; init; }

    /// <summary>Whether the training ran to its end.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The epoch after which the network was taken.</summary>
    public required int Epoch { get; init; }

    /// <summary>Training samples that are tested too; 0 in an honest training.</summary>
    public required int TestedToo { get; init; }

    /// <summary>Wall-clock seconds of the training, since its latest resumption.</summary>
    public required double Seconds { get; init; }

    /// <summary>All epochs.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }
}

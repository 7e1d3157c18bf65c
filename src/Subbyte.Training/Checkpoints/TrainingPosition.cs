namespace Subbyte.Training;

/// <summary>Where a training stands, beside its arrays: all that a checkpoint has to say in words.</summary>
internal sealed record TrainingPosition
{
    /// <summary>What the training is.</summary>
    public string Identity { get; set; } = "";

    /// <summary>Index of the phase.</summary>
    public int Phase { get; set; }

    /// <summary>Epochs of the phase that are done.</summary>
    public int PhaseEpochs { get; set; }

    /// <summary>Epochs of all phases that are done.</summary>
    public int Epochs { get; set; }

    /// <summary>Steps of the present epoch that are done.</summary>
    public int EpochSteps { get; set; }

    /// <summary>Steps of all phases that are done.</summary>
    public long Steps { get; set; }

    /// <summary>Steps of the phase that are done, in which the optimizer moved.</summary>
    public long PhaseSteps { get; set; }

    /// <summary>Sum of the losses of the present epoch.</summary>
    public double Loss { get; set; }

    /// <summary>Samples of the present epoch that were classified rightly.</summary>
    public int Correct { get; set; }

    /// <summary>Samples of the present epoch.</summary>
    public int Samples { get; set; }

    /// <summary>Whether some epoch was the best so far and its arrays are kept.</summary>
    public bool HasBest { get; set; }

    /// <summary>Accuracy of the best epoch.</summary>
    public double BestAccuracy { get; set; }

    /// <summary>The best epoch, from 1.</summary>
    public int BestEpoch { get; set; }

    /// <summary>How the phases so far ended.</summary>
    public List<PhaseEnd> Ends { get; init; } = [];

    /// <summary>All epochs so far.</summary>
    public List<EpochMetrics> History { get; init; } = [];

    /// <summary>Seconds of work so far.</summary>
    public double Seconds { get; set; }
}

/// <summary>How a phase ended.</summary>
/// <param name="Accuracy">Accuracy where it was judged, else of the training samples.</param>
/// <param name="Loss">Mean loss of its last epoch, or null for a phase without epochs.</param>
internal sealed record PhaseEnd(double Accuracy, double? Loss);

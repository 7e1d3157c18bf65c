namespace Subbyte.Methods.Training;

/// <summary>
/// The phases of a training as data. A plan is a pure function of how the phases so far ended, so that a run that is resumed goes on as it
/// would have.
/// </summary>
public interface ITrainingPlan
{
    /// <summary>The next phase.</summary>
    /// <param name="epochs">Epochs that the recipe names.</param>
    /// <param name="outcomes">How the phases so far ended, in order.</param>
    /// <returns>The phase, or null where training ends.</returns>
    TrainingPhase? Next(int epochs, IReadOnlyList<PhaseOutcome> outcomes);

    /// <summary>Which phase's network is the result.</summary>
    /// <param name="outcomes">How the phases ended, at least one.</param>
    /// <returns>Its index.</returns>
    int Result(IReadOnlyList<PhaseOutcome> outcomes) => outcomes.Count - 1;
}

/// <summary>One phase: a training of its own, whose schedule runs over its epochs and whose optimizer starts anew.</summary>
/// <param name="Name">What progress and tables call it.</param>
/// <param name="Epochs">Its epochs, ≥ 0; with 0 knobs are turned and the network is judged.</param>
public sealed record TrainingPhase(string Name, int Epochs)
{
    /// <summary>Knobs that are turned at its beginning, by name: <see cref="ITrainableQuantizer.Turn"/> of every quantizer.</summary>
    public IReadOnlyDictionary<string, double> Knobs { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Index of the phase at whose end it begins; null for the one before, or the network as it came.</summary>
    public int? StartFrom { get; init; }

    /// <summary>What trains; the rest stays as it is.</summary>
    public TrainedParts Trains { get; init; } = TrainedParts.All;

    /// <summary>Factor on the recipe's learning rate.</summary>
    public double LearningRateFactor { get; init; } = 1;
}

/// <summary>Parts of a network that a phase may train.</summary>
[Flags]
public enum TrainedParts
{
    /// <summary>Nothing but running statistics of batch normalizations.</summary>
    None = 0,

    /// <summary>Weights and biases.</summary>
    Weights = 1,

    /// <summary>Scales and shifts of batch normalizations.</summary>
    Normalizations = 2,

    /// <summary>Parameters of quantizers.</summary>
    Quantizers = 4,

    /// <summary>Everything.</summary>
    All = Weights | Normalizations | Quantizers,
}

/// <summary>How a phase ended.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Accuracy">Accuracy on the validation samples, 0 … 1.</param>
/// <param name="Loss">Mean training loss of its last epoch; NaN for a phase without epochs.</param>
public sealed record PhaseOutcome(TrainingPhase Phase, double Accuracy, double Loss);

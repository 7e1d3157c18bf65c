namespace Subbyte.Training;

/// <summary>How a network is trained. Immutable; the same options, data and seed give the same bits on every machine.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often training goes through the samples, ≥ 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples of one step, ≥ 1. What is left at the end of an epoch, less than a batch, waits for another epoch's shuffle.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The rule of the steps, with the learning rate at its peak.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>How the learning rate moves.</summary>
    public LearningRateSchedule Schedule { get; init; } = new CosineSchedule();

    /// <summary>Label smoothing ε, 0 ≤ ε &lt; 1.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Seed of the shuffles.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads, ≥ 1. They change nothing but the time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Samples on which every epoch is judged, or null; see <see cref="KeepsBest"/>.</summary>
    public LabeledSamples? Validation { get; init; }

    /// <summary>Whether the best judged epoch is the result rather than the last one. Leave it out where the samples that judge are those of the final test.</summary>
    public bool KeepsBest { get; init; } = true;

    /// <summary>Largest norm of the gradient of all parameters together; a longer one is shortened to it. 0 for no limit.</summary>
    public float GradientClip { get; init; }

    /// <summary>What is done to samples before each step.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>A teacher beside the labels, or null.</summary>
    public Distillation? Distillation { get; init; }

    /// <summary>What methods do to the training.</summary>
    public TrainingMethods Methods { get; init; } = TrainingMethods.None;

    /// <summary>Where checkpoints go and come from, or null for none.</summary>
    public ITrainingJournal? Journal { get; init; }

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="UserErrorException">A value is out of its range; the message names it.</exception>
    internal void Check()
    {
        if (Epochs < 1) throw new UserErrorException($"epochs {Epochs} must be at least 1");
        if (BatchSize < 1) throw new UserErrorException($"batch size {BatchSize} must be at least 1");
        if (Threads < 1) throw new UserErrorException($"threads {Threads} must be at least 1");
        if (LabelSmoothing is not (>= 0 and < 1)) throw new UserErrorException($"label smoothing {LabelSmoothing} must be at least 0 and below 1");
        if (!float.IsFinite(GradientClip) || GradientClip < 0) throw new UserErrorException($"gradient clip {GradientClip} must be finite and not negative");
        if (!float.IsFinite(Optimizer.LearningRate) || Optimizer.LearningRate < 0) throw new UserErrorException($"learning rate {Optimizer.LearningRate} must be finite and not negative");
    }
}

namespace Subbyte.Methods.Mlt;

/// <summary>How thresholds and scales of the weights are found in training.</summary>
public enum MltThresholds
{
    /// <summary>Scales are trained, thresholds lie at half of them: the nearest digit.</summary>
    Nearest,

    /// <summary>Both follow the latent weights by TWN's closed forms in every step.</summary>
    Twn,
}

/// <summary>Among which weights the smallest are pruned.</summary>
public enum PruningScope
{
    /// <summary>Those of a layer: every layer has the same sparsity.</summary>
    Layer,

    /// <summary>Those of all layers: one threshold.</summary>
    Network,
}

/// <summary>Options of <c>mlt</c>.</summary>
public sealed record MltOptions
{
    /// <summary>Levels of a weight.</summary>
    [Option("w", "levels of a weight", Minimum = 1, Maximum = 4)]
    public int WeightLevels { get; set; } = 2;

    /// <summary>Levels of an activation.</summary>
    [Option("a", "levels of an activation, or open for another step or float", Choices = "open|1|2|3|4")]
    public string ActivationLevels { get; set; } = "open";

    /// <summary>How thresholds and scales are found (training).</summary>
    [Option("thresholds", "training: scales are trained (nearest digit), or follow the weights by TWN's closed forms")]
    public MltThresholds Thresholds { get; set; }

    /// <summary>Whether gradients stop outside the range of the code (training).</summary>
    [Option("window", "training: no gradient for weights outside the range of the code")]
    public bool Window { get; set; } = true;

    /// <summary>Word sparsity of the weights at the end of the pruning (training).</summary>
    [Option("sparsity", "training: share of weights that pruning makes zero, 0 for none", Minimum = 0, Maximum = 0.999)]
    public double Sparsity { get; set; }

    /// <summary>Steps of the pruning (training).</summary>
    [Option("steps", "training: steps of the pruning, each a training of its own", Minimum = 1, Maximum = 100)]
    public int Steps { get; set; } = 10;

    /// <summary>Sparsities in turn, in place of the schedule (training).</summary>
    [Option("stages", "training: sparsities in turn, as in 0.7/0.85/0.92, in place of sparsity and steps")]
    public string Stages { get; set; } = "";

    /// <summary>Among which weights the smallest are pruned (training).</summary>
    [Option("scope", "training: the smallest weights are looked for in each layer, or in the network as a whole")]
    public PruningScope Scope { get; set; }

    /// <summary>Epochs of each step (training).</summary>
    [Option("step-epochs", "training: epochs of each step of the pruning", Minimum = 1, Maximum = 1000, Unit = "epochs")]
    public int StepEpochs { get; set; } = 2;

    /// <summary>What a step may lose (training).</summary>
    [Option("tolerance", "training: points of validation accuracy that pruning may lose before a step is taken back and halved", Minimum = 0, Maximum = 100, Unit = "points")]
    public double Tolerance { get; set; } = 0.5;

    /// <summary>Whether digits are pruned after words (training).</summary>
    [Option("prune-digits", "training: after words, raise the threshold of the last level while the accuracy holds")]
    public bool PruneDigits { get; set; }

    /// <summary>Standard deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: latent weights from scratch with this standard deviation; 0 starts from the float network", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}

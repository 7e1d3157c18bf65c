namespace Subbyte.Methods.Zap;

/// <summary>Where predictors come from.</summary>
public enum ZapPredictors
{
    /// <summary>They are trained on the calibration samples.</summary>
    Train,

    /// <summary>With their thresholds, from the file of a network that was fine-tuned with them.</summary>
    Stored,
}

/// <summary>Options of <c>zap</c>.</summary>
public sealed record ZapOptions
{
    /// <summary>Which positions are computed beforehand.</summary>
    [Option("mask", "pattern of positions that are computed beforehand: 3 (a third of them), 4, 5 (a checkerboard), 6, 7, 8, 9, 10, or the complements 2, 1, 0 of the last three", Minimum = 0, Maximum = 10)]
    public int Mask { get; set; } = 5;

    /// <summary>Threshold of the predictors' outputs.</summary>
    [Option("threshold", "an activation is computed where the predictor's output is above it, one for all layers", Minimum = -10, Maximum = 10)]
    public double Threshold { get; set; }

    /// <summary>Share of activation mass that all layers together may lose.</summary>
    [Option("loss", "a threshold for each layer, such that the layers' lost shares of activation mass add up to no more; 0 keeps 'threshold'", Minimum = 0, Maximum = 20)]
    public double Loss { get; set; }

    /// <summary>Where predictors come from.</summary>
    [Option("predictors", "train: predictors are trained on the calibration samples; stored: those that the network was fine-tuned with, and their thresholds, which its file holds; nothing else counts then")]
    public ZapPredictors Predictors { get; set; }

    /// <summary>Epochs of the predictors' training.</summary>
    [Option("epochs", "epochs of the predictors' training", Minimum = 0, Maximum = 100, Unit = "epochs")]
    public int Epochs { get; set; } = 3;

    /// <summary>Samples that the predictors are trained on.</summary>
    [Option("samples", "calibration samples that the predictors are trained on, without labels", Minimum = 2, Maximum = 1_000_000)]
    public int Samples { get; set; } = 1536;

    /// <summary>Samples of one step.</summary>
    [Option("batch", "samples of one training step", Minimum = 2, Maximum = 1024)]
    public int Batch { get; set; } = 64;

    /// <summary>Learning rate of Adam.</summary>
    [Option("rate", "learning rate of Adam", Minimum = 0, Maximum = 1)]
    public double Rate { get; set; } = 0.01;

    /// <summary>Seed of the predictors' initial weights.</summary>
    [Option("seed", "seed of the predictors' initial weights", Minimum = 0, Maximum = int.MaxValue)]
    public int Seed { get; set; } = 1;
}

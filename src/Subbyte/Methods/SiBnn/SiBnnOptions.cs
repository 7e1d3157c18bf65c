using Subbyte.Methods.Binary;

namespace Subbyte.Methods.SiBnn;

/// <summary>How the threshold of the activations is found.</summary>
public enum ThresholdRule
{
    /// <summary>Threshold and gradient scale of each channel are trained.</summary>
    Learned,

    /// <summary>Both stay where they begin.</summary>
    Fixed,

    /// <summary>At each channel's median over the first samples, where an activation carries most information; it stays there.</summary>
    Median,
}

/// <summary>What the inputs of the layers are.</summary>
public enum SiBnnActivations
{
    /// <summary>0 or 1.</summary>
    Step,

    /// <summary>±1, the baseline.</summary>
    Sign,

    /// <summary>Left to another step of the recipe, or float.</summary>
    Open,
}

/// <summary>Options of <c>si-bnn</c>.</summary>
public sealed record SiBnnOptions
{
    /// <summary>What the inputs of the layers are.</summary>
    [Option("activations", "inputs of the layers: 0 or 1, ±1 (the baseline), or left to another step")]
    public SiBnnActivations Activations { get; set; }

    /// <summary>How the threshold is found (training).</summary>
    [Option("rule", "training: the threshold is learned, stays fixed, or lies at each channel's median")]
    public ThresholdRule Rule { get; set; }

    /// <summary>Where the threshold begins (training).</summary>
    [Option("threshold", "training: where the threshold of a channel begins, in units of its input", Minimum = -8, Maximum = 8)]
    public double Threshold { get; set; } = 0.45;

    /// <summary>How far below the threshold gradients pass (training).</summary>
    [Option("rho", "training: how far below the threshold gradients pass, in units of the gradient scale", Minimum = 0, Maximum = 1)]
    public double Rho { get; set; } = 0.3;

    /// <summary>How the gradient reaches the latent weights (training).</summary>
    [Option("gradient", "training: gradient of a latent weight as in the authors' code, by the exact product rule, or with the scale held constant")]
    public BinaryGradient Gradient { get; set; }

    /// <summary>How the latent weights begin (training).</summary>
    [Option("start", "training: latent weights from scratch, or from the float network")]
    public LatentStart Start { get; set; }

    /// <summary>Deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: standard deviation of a start from scratch; 0 takes 1/n with n the layer's fan-in", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}

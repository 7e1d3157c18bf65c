namespace Subbyte.Methods.Sttn;

/// <summary>How the gradient of a ternary weight reaches its two latents.</summary>
public enum SttnGradient
{
    /// <summary>As in the authors' code: the scale is left out of the first term.</summary>
    Repo,

    /// <summary>The product rule, the common scale included.</summary>
    Exact,

    /// <summary>The product rule with the scale held constant: the exact form's first term.</summary>
    Scaled,
}

/// <summary>How the two latents of a weight begin.</summary>
public enum SttnStart
{
    /// <summary>Drawn independently: the method.</summary>
    Independent,

    /// <summary>Equal: they stay so, and no weight is ever zero (an ablation).</summary>
    Equal,
}

/// <summary>What the inputs of the layers are.</summary>
public enum SttnActivations
{
    /// <summary>−1, 0 or 1 with thresholds at ±½.</summary>
    Ternary,

    /// <summary>Left to another step of the recipe, or float.</summary>
    Open,
}

/// <summary>Options of <c>sttn</c>.</summary>
public sealed record SttnOptions
{
    /// <summary>What the inputs of the layers are.</summary>
    [Option("activations", "inputs of the layers: ternary, or left to another step")]
    public SttnActivations Activations { get; set; }

    /// <summary>How the gradient reaches the latents (training).</summary>
    [Option("gradient", "training: gradient of a latent as in the authors' code, by the exact product rule, or by that with the scale held constant")]
    public SttnGradient Gradient { get; set; }

    /// <summary>How the latents begin (training).</summary>
    [Option("start", "training: whether the two latents of a weight begin independent or equal")]
    public SttnStart Start { get; set; }

    /// <summary>Deviation of the latents' start (training).</summary>
    [Option("deviation", "training: standard deviation of the latents' start; 0 takes 1/n with n the layer's fan-in", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}

namespace Subbyte.Methods.Binary;

/// <summary>How the gradient of a binary weight reaches its latent; everywhere only where |latent| ≤ 1.</summary>
public enum BinaryGradient
{
    /// <summary>As in Si-BNN's code: (1 − 1/n)·g + sgn(w)·(1/n)·Σ sgn(w)·g.</summary>
    Repo,

    /// <summary>The product rule, the scale included (XNOR-Net's): α·g + sgn(w)·(1/n)·Σ sgn(w)·g.</summary>
    Exact,

    /// <summary>The scale held constant: α·g.</summary>
    Scaled,
}

/// <summary>How latents begin.</summary>
public enum LatentStart
{
    /// <summary>From a normal distribution of deviation 1/n, or as the recipe says: from scratch.</summary>
    Scratch,

    /// <summary>From the float network's weights.</summary>
    Float,
}

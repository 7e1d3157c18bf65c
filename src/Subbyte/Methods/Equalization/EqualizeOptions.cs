namespace Subbyte.Methods.Equalization;

/// <summary>What happens to a clamp from above, such as ReLU6, between two layers whose channels are scaled apart.</summary>
public enum ClampRule
{
    /// <summary>Each channel gets a bound of its own: the function stays the same.</summary>
    Exact,

    /// <summary>It becomes a ReLU, as in the paper: values beyond the bound pass.</summary>
    Relu,

    /// <summary>Layers with one between them are left alone.</summary>
    Keep,
}

/// <summary>Options of <c>equalize</c>.</summary>
public sealed record EqualizeOptions
{
    /// <summary>What happens to clamps from above.</summary>
    [Option("clamp", "what happens to a ReLU6 between two layers: a bound for each channel (exact), a ReLU as in the paper (relu), or the pair is left alone (keep)")]
    public ClampRule Clamp { get; set; }

    /// <summary>Whether biases that keep a channel far above zero move to the next layer.</summary>
    [Option("absorb", "move what a channel's activation hardly ever falls below (mean − 3 deviations on the calibration samples) into the next layer's bias, where that has no padding")]
    public bool Absorb { get; set; }

    /// <summary>Most sweeps over all pairs.</summary>
    [Option("sweeps", "most sweeps over all pairs of layers", Minimum = 1, Maximum = 1000)]
    public int Sweeps { get; set; } = 20;
}

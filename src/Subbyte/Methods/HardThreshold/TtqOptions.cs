namespace Subbyte.Methods.HardThreshold;

/// <summary>Options of <c>ttq</c>.</summary>
public sealed record TtqOptions
{
    /// <summary>Threshold in units of the layer's largest weight (training).</summary>
    [Option("threshold", "training: threshold in units of the layer's largest weight", Minimum = 0, Maximum = 0.99)]
    public double Threshold { get; set; } = 0.05;

    /// <summary>Share of zeros, in place of the threshold (training).</summary>
    [Option("sparsity", "training: share of weights that are zero, in place of the threshold; 0 for none", Minimum = 0, Maximum = 0.99)]
    public double Sparsity { get; set; }

    /// <summary>Standard deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: latent weights from scratch with this standard deviation; 0 starts from the float network", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}

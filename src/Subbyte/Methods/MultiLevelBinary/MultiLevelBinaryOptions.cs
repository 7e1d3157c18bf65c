namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>Options of <c>residual-binary</c>, <c>abc-net</c> and <c>lq-nets</c>.</summary>
public sealed record MultiLevelBinaryOptions
{
    /// <summary>Levels of a weight.</summary>
    [Option("w", "levels of a weight", Minimum = 1, Maximum = 3)]
    public int WeightLevels { get; set; } = 2;

    /// <summary>Levels of an activation.</summary>
    [Option("a", "levels of an activation (residual signs with trained scales), or open for another step or float", Choices = "open|1|2|3")]
    public string ActivationLevels { get; set; } = "open";

    /// <summary>Standard deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: latent weights from scratch with this standard deviation; 0 starts from the float network", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}

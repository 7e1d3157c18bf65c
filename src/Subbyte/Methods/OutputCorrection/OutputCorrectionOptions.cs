namespace Subbyte.Methods.OutputCorrection;

/// <summary>Which statistics of a layer's output are matched.</summary>
public enum CorrectionMode
{
    /// <summary>Mean and standard deviation: the effect of re-estimating the batch norm that follows.</summary>
    Std,

    /// <summary>The least-squares line from the quantized to the float output.</summary>
    Affine,

    /// <summary>The mean.</summary>
    Bias,
}

/// <summary>Options of <c>output-correction</c>.</summary>
public sealed record OutputCorrectionOptions
{
    /// <summary>Which statistics are matched.</summary>
    [Option("mode", "what is matched to the float layer's output: mean and deviation (std), the least-squares line (affine), the mean (bias)")]
    public CorrectionMode Mode { get; set; }
}

namespace Subbyte.Methods.BiasCorrection;

/// <summary>Options of <c>bias-correction</c>.</summary>
public sealed record BiasCorrectionOptions
{
    /// <summary>Most calibration samples.</summary>
    [Option("samples", "most calibration samples; the network runs over them once a layer", Minimum = 1, Maximum = 100_000, Unit = "samples")]
    public int Samples { get; set; } = 64;
}

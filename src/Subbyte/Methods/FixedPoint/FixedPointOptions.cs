namespace Subbyte.Methods.FixedPoint;

/// <summary>Options of <c>fxp</c>.</summary>
public sealed record FixedPointOptions
{
    /// <summary>Bits of a code.</summary>
    [Option("bits", "bits of a code, of weights and activations", Minimum = 2, Maximum = 16, Unit = "bits")]
    public int Bits { get; set; } = 8;

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are fixed-point; the other one stays open for another step, or for int8")]
    public Operands Operands { get; set; }
}

namespace Subbyte.Methods.Lsq;

/// <summary>Options of <c>lsq</c>.</summary>
public sealed record LsqOptions
{
    /// <summary>Bits of a weight.</summary>
    [Option("w", "bits of a weight", Minimum = 2, Maximum = 8, Unit = "bits")]
    public int WeightBits { get; set; } = 4;

    /// <summary>Bits of an activation.</summary>
    [Option("a", "bits of an activation, or open for another step or float", Choices = "open|2|3|4|5|6|7|8")]
    public string ActivationBits { get; set; } = "4";

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are coded; the other one stays open for another step")]
    public Operands Operands { get; set; }
}

namespace Subbyte.Hardware.Rtl;

/// <summary>The control registers that switch an array between term-revealed and conventional quantization (Term Revealing, section 3.6).</summary>
/// <param name="Hese">HESE_ENCODER_ON: signed terms; off for the ones of a magnitude.</param>
/// <param name="Comparator">COMPARATOR_ON: a group has a budget.</param>
/// <param name="Bits">QUANT_BITWIDTH, 1 … 15.</param>
/// <param name="Group">GROUP_SIZE, 1 … 32; stored less one.</param>
/// <param name="Budget">GROUP_BUDGET, 1 … 127.</param>
/// <param name="Terms">DATA_TERMS, 1 … 15.</param>
public sealed record TermRevealingControl(bool Hese, bool Comparator, int Bits, int Group, int Budget, int Terms)
{
    /// <summary>One cycle a step: what elements without terms need.</summary>
    public static TermRevealingControl SingleCycle { get; } = new(false, false, 8, 1, 1, 1);

    /// <summary>Bits of the registers.</summary>
    public const int RegisterBits = 22;

    /// <summary>The registers in one word.</summary>
    public int Register => (Hese ? 1 : 0) | (Comparator ? 2 : 0) | (Bits << 2) | ((Group - 1) << 6) | (Budget << 11) | (Terms << 18);
}

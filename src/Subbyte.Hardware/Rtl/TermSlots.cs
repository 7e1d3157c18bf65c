namespace Subbyte.Hardware.Rtl;

/// <summary>What a term MAC has place for in a step.</summary>
/// <param name="Weights">Terms of weights.</param>
/// <param name="Data">Terms of data values.</param>
/// <param name="IndexBits">Bits of a value's place in its group.</param>
internal sealed record TermSlots(int Weights, int Data, int IndexBits)
{
    /// <summary>Places enough for two modes.</summary>
    public static TermSlots Of(TermSlots one, TermSlots other)
        => new(Math.Max(one.Weights, other.Weights), Math.Max(one.Data, other.Data), Math.Max(one.IndexBits, other.IndexBits));
}

namespace Subbyte.Lowering;

/// <summary>A code of which an element's partner decides only whether it is 0: one table for elements that share something with it, one for those that are alone. Base codes begin at 0.</summary>
public interface IPairCode : IActivationCode
{
    /// <summary>What is added to an element's place in the patch, without carry, to find its partner: 1, 2 or 3.</summary>
    int Distance { get; }

    /// <summary>The code of each of 256 base codes whose partner is not 0.</summary>
    ReadOnlySpan<byte> Paired { get; }

    /// <summary>The code of each of 256 base codes whose partner is 0, or lies behind the patch's end.</summary>
    ReadOnlySpan<byte> Alone { get; }
}

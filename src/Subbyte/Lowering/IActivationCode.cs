namespace Subbyte.Lowering;

/// <summary>How far an activation code looks when it encodes a base code.</summary>
public enum CodeReach
{
    /// <summary>At the code alone: a table.</summary>
    Element,

    /// <summary>At a run of consecutive k.</summary>
    Run,

    /// <summary>At the whole patch row.</summary>
    Row,
}

/// <summary>
/// One factor of a product term: a map of the base codes of a patch row to the codes that are multiplied. Padded positions hold the
/// quantizer's zero point before encoding; a missing partner at the row's end is the code's own affair.
/// </summary>
public interface IActivationCode
{
    /// <summary>Range of the codes that come out.</summary>
    CodeRange Range { get; }

    /// <summary>How far the code looks.</summary>
    CodeReach Reach { get; }

    /// <summary>For <see cref="CodeReach.Run"/>: the number of consecutive k that are encoded together; else 1.</summary>
    int RunLength => 1;

    /// <summary>For <see cref="CodeReach.Run"/>: whether runs end at each kernel position (true) or go on over it (false).</summary>
    bool RunsEndAtKernelPosition => false;

    /// <summary>For <see cref="CodeReach.Element"/>: the code of each base code, from the base range's lowest on; else empty.</summary>
    ReadOnlySpan<short> Table => default;

    /// <summary>Encodes one patch row: the scalar definition.</summary>
    /// <param name="patch">Base codes [depth] of one group's patch row.</param>
    /// <param name="channels">Channels of the group, the length of the run at one kernel position.</param>
    /// <param name="codes">Codes [depth].</param>
    void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes);

    /// <summary>
    /// A fast form over bytes of whole runs: encodes any number of consecutive values whose runs, or whole patch rows where the code looks at them,
    /// start at the first. Only asked for when base codes are bytes; codes are written less the range's lowest where that is negative, so that they are unsigned.
    /// </summary>
    /// <param name="patch">Base codes.</param>
    /// <param name="codes">Codes.</param>
    /// <returns>False when the code has no such form; nothing was written then.</returns>
    bool TryEncode(ReadOnlySpan<byte> patch, Span<byte> codes) => false;
}

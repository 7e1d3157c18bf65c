namespace Subbyte.Lowering;

/// <summary>
/// A code that looks at an element of a patch and at a few partners of it, in the same place of every patch: it can be made for many patches at
/// once where each element's base codes lie side by side. Base codes are bytes.
/// </summary>
public interface IPartnerCode : IActivationCode
{
    /// <summary>Number of partners of an element.</summary>
    int PartnerCount { get; }

    /// <summary>An element's partner.</summary>
    /// <param name="k">The element.</param>
    /// <param name="index">Which partner, 0 ≤ index &lt; <see cref="PartnerCount"/>.</param>
    /// <param name="depth">Length of a patch row.</param>
    /// <returns>The partner, or −1 where it has none.</returns>
    int Partner(int k, int index, int depth);

    /// <summary>Encodes an element for many patches; codes are written less the range's lowest where that is negative.</summary>
    /// <param name="planes">Base codes.</param>
    /// <param name="own">Where the element's base codes begin.</param>
    /// <param name="partners">Where those of each partner begin, or −1.</param>
    /// <param name="codes">One code a patch.</param>
    void EncodePlane(ReadOnlySpan<byte> planes, int own, ReadOnlySpan<int> partners, Span<byte> codes);
}

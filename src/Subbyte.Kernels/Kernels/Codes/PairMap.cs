using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// The map of neighbouring pairs behind SPARQ's vSPARQ (Shomron et al., NeurIPS 2021, section 3.3): a code whose partner is zero keeps the
/// budget of both.
/// </summary>
public static partial class PairMap
{
    /// <summary>From how many codes on it pays to rearrange the tables.</summary>
    private const int WorthSlicing = 256;

    /// <summary>
    /// Pairs are elements (0,1), (2,3), …; each code becomes <c>survivor[code]</c> if its partner is 0, else <c>trim[code]</c>. The partner
    /// of an odd last element is 0.
    /// </summary>
    /// <param name="codes">Codes of one run.</param>
    /// <param name="trim">256 entries: a code that shares its pair's budget.</param>
    /// <param name="survivor">256 entries: a code that has the budget alone.</param>
    /// <param name="d">Result, as many as codes; it may be the same memory as <paramref name="codes"/>, but may not overlap it otherwise.</param>
    /// <exception cref="ArgumentException">The lengths differ or a table does not have 256 entries.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> trim, ReadOnlySpan<byte> survivor, Span<byte> d)
    {
        if (codes.Length != d.Length)
            throw new ArgumentException($"{codes.Length} codes cannot become {d.Length} results", nameof(d));
        if (trim.Length != 256 || survivor.Length != 256)
            throw new ArgumentException($"tables for bytes have 256 entries, not {trim.Length} and {survivor.Length}", nameof(trim));
        var i = ByteTable512.IsUsable ? MapBlocks512(codes, trim, survivor, d) : Cpu.HasAvx2 && codes.Length >= WorthSlicing ? MapBlocks256(codes, trim, survivor, d) : 0;
        for (; i + 1 < codes.Length; i += 2)
        {
            byte first = codes[i], second = codes[i + 1];
            d[i] = second == 0 ? survivor[first] : trim[first];
            d[i + 1] = first == 0 ? survivor[second] : trim[second];
        }
        if (i < codes.Length) d[i] = survivor[codes[i]];
    }
}

using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Elementwise maps of codes through a table. Source and destination may be the same memory, but may not overlap otherwise.</summary>
public static partial class TableLookup
{
    /// <summary>From how many codes on it pays to rearrange a table.</summary>
    private const int WorthSlicing = 256;

    /// <summary>Maps bytes to bytes: <c>d[i] = table[codes[i]]</c>.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="table">256 entries.</param>
    /// <param name="d">Result, as many as codes.</param>
    /// <exception cref="ArgumentException">The lengths differ or the table does not have 256 entries.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> table, Span<byte> d)
    {
        Check(codes.Length, d.Length);
        CheckTable(table.Length);
        var done = ByteTable512.IsUsable ? MapBlocks512(codes, table, d) : Cpu.HasAvx2 && codes.Length >= WorthSlicing ? MapBlocks256(codes, table, d) : 0;
        for (var i = done; i < codes.Length; i++)
            d[i] = table[codes[i]];
    }

    /// <summary>Maps bytes to 16-bit values: <c>d[i] = table[codes[i]]</c>.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="table">256 entries.</param>
    /// <param name="d">Result, as many as codes.</param>
    /// <exception cref="ArgumentException">The lengths differ or the table does not have 256 entries.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map(ReadOnlySpan<byte> codes, ReadOnlySpan<short> table, Span<short> d)
    {
        Check(codes.Length, d.Length);
        CheckTable(table.Length);
        var done = ByteTable512.IsUsable && codes.Length >= WorthSlicing ? MapBlocks512(codes, table, d) : 0;
        for (var i = done; i < codes.Length; i++)
            d[i] = table[codes[i]];
    }

    /// <summary>Maps 16-bit codes to 16-bit values: <c>d[i] = table[codes[i] − lowest]</c>.</summary>
    /// <param name="codes">Codes, each in <paramref name="lowest"/> … <paramref name="lowest"/> + table length − 1.</param>
    /// <param name="lowest">Code of the first entry.</param>
    /// <param name="table">One entry per code.</param>
    /// <param name="d">Result, as many as codes.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="IndexOutOfRangeException">A code is outside the table.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map(ReadOnlySpan<short> codes, int lowest, ReadOnlySpan<short> table, Span<short> d)
    {
        Check(codes.Length, d.Length);
        for (var i = 0; i < codes.Length; i++)
            d[i] = table[codes[i] - lowest];
    }

    private static void Check(int codes, int results)
    {
        if (codes != results)
            throw new ArgumentException($"{codes} codes cannot become {results} results", nameof(codes));
    }

    private static void CheckTable(int entries)
    {
        if (entries != 256)
            throw new ArgumentException($"a table for bytes has 256 entries, not {entries}", nameof(entries));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// The 512-bit register tile of products by table: up to fourteen rows by one or two panels of 32 outputs. A look-up and an addition of 16 bits do the work of
/// 96 multiply-accumulates. Where a sum could leave 16 bits, all but its last eight are moved to a second sum.
/// </summary>
internal static unsafe class TripleTiles
{
    /// <summary>Most rows of a tile.</summary>
    public const int Rows = 14;

    private const int LowBits = 8;

    /// <summary>Multiplies one tile.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="panels">1 or 2.</param>
    /// <param name="tile">Where the operands are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int panels, ref TripleTile tile)
    {
        if (panels > 1) Run<Two>(rows, ref tile);
        else Run<One>(rows, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TPanels>(int rows, ref TripleTile tile) where TPanels : ICount
    {
        switch (rows)
        {
            case 1: Run<One, TPanels>(ref tile); break;
            case 2: Run<Two, TPanels>(ref tile); break;
            case 3: Run<Three, TPanels>(ref tile); break;
            case 4: Run<Four, TPanels>(ref tile); break;
            case 5: Run<Five, TPanels>(ref tile); break;
            case 6: Run<Six, TPanels>(ref tile); break;
            case 7: Run<Seven, TPanels>(ref tile); break;
            case 8: Run<Eight, TPanels>(ref tile); break;
            case 9: Run<Nine, TPanels>(ref tile); break;
            case 10: Run<Ten, TPanels>(ref tile); break;
            case 11: Run<Eleven, TPanels>(ref tile); break;
            case 12: Run<Twelve, TPanels>(ref tile); break;
            case 13: Run<Thirteen, TPanels>(ref tile); break;
            case 14: Run<Fourteen, TPanels>(ref tile); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows, TPanels>(ref TripleTile t) where TRows : ICount where TPanels : ICount
    {
        Vector512<short> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default, s60 = default, s61 = default;
        Vector512<short> s70 = default, s71 = default, s80 = default, s81 = default, s90 = default, s91 = default, s100 = default, s101 = default, s110 = default, s111 = default, s120 = default, s121 = default, s130 = default, s131 = default;
        var w = t.W;
        var tables = t.Tables;
        var step = t.Steps;
        for (nint segment = 0, last = t.SegmentCount - 1; ; segment++)
        {
            for (var end = step + t.Segments[segment]; step < end; step++, w += TPanels.Value * TernaryTriples.Width)
            {
                var table = tables + step->Offset;
                Vector512<ushort> w0 = Vector512.Load(w), w1 = TPanels.Value > 1 ? Vector512.Load(w + TernaryTriples.Width) : default;
                for (var left = step->Triples; left > 0; left--)
                {
                    Look<TPanels>(table, w0, w1, ref s00, ref s01);
                    if (TRows.Value > 1) Look<TPanels>(table + (1 * TripleTables.GroupBytes), w0, w1, ref s10, ref s11);
                    if (TRows.Value > 2) Look<TPanels>(table + (2 * TripleTables.GroupBytes), w0, w1, ref s20, ref s21);
                    if (TRows.Value > 3) Look<TPanels>(table + (3 * TripleTables.GroupBytes), w0, w1, ref s30, ref s31);
                    if (TRows.Value > 4) Look<TPanels>(table + (4 * TripleTables.GroupBytes), w0, w1, ref s40, ref s41);
                    if (TRows.Value > 5) Look<TPanels>(table + (5 * TripleTables.GroupBytes), w0, w1, ref s50, ref s51);
                    if (TRows.Value > 6) Look<TPanels>(table + (6 * TripleTables.GroupBytes), w0, w1, ref s60, ref s61);
                    if (TRows.Value > 7) Look<TPanels>(table + (7 * TripleTables.GroupBytes), w0, w1, ref s70, ref s71);
                    if (TRows.Value > 8) Look<TPanels>(table + (8 * TripleTables.GroupBytes), w0, w1, ref s80, ref s81);
                    if (TRows.Value > 9) Look<TPanels>(table + (9 * TripleTables.GroupBytes), w0, w1, ref s90, ref s91);
                    if (TRows.Value > 10) Look<TPanels>(table + (10 * TripleTables.GroupBytes), w0, w1, ref s100, ref s101);
                    if (TRows.Value > 11) Look<TPanels>(table + (11 * TripleTables.GroupBytes), w0, w1, ref s110, ref s111);
                    if (TRows.Value > 12) Look<TPanels>(table + (12 * TripleTables.GroupBytes), w0, w1, ref s120, ref s121);
                    if (TRows.Value > 13) Look<TPanels>(table + (13 * TripleTables.GroupBytes), w0, w1, ref s130, ref s131);
                    table += TripleTables.Bytes;
                    w0 >>>= TernaryTriples.IndexBits;
                    if (TPanels.Value > 1) w1 >>>= TernaryTriples.IndexBits;
                }
            }

            if (segment == last) break;
            var high = t.High;
            var isFirst = segment == 0;
            Split<TPanels>(high, isFirst, ref s00, ref s01);
            if (TRows.Value > 1) Split<TPanels>(high + (1 * TPanels.Value * TernaryTriples.Width), isFirst, ref s10, ref s11);
            if (TRows.Value > 2) Split<TPanels>(high + (2 * TPanels.Value * TernaryTriples.Width), isFirst, ref s20, ref s21);
            if (TRows.Value > 3) Split<TPanels>(high + (3 * TPanels.Value * TernaryTriples.Width), isFirst, ref s30, ref s31);
            if (TRows.Value > 4) Split<TPanels>(high + (4 * TPanels.Value * TernaryTriples.Width), isFirst, ref s40, ref s41);
            if (TRows.Value > 5) Split<TPanels>(high + (5 * TPanels.Value * TernaryTriples.Width), isFirst, ref s50, ref s51);
            if (TRows.Value > 6) Split<TPanels>(high + (6 * TPanels.Value * TernaryTriples.Width), isFirst, ref s60, ref s61);
            if (TRows.Value > 7) Split<TPanels>(high + (7 * TPanels.Value * TernaryTriples.Width), isFirst, ref s70, ref s71);
            if (TRows.Value > 8) Split<TPanels>(high + (8 * TPanels.Value * TernaryTriples.Width), isFirst, ref s80, ref s81);
            if (TRows.Value > 9) Split<TPanels>(high + (9 * TPanels.Value * TernaryTriples.Width), isFirst, ref s90, ref s91);
            if (TRows.Value > 10) Split<TPanels>(high + (10 * TPanels.Value * TernaryTriples.Width), isFirst, ref s100, ref s101);
            if (TRows.Value > 11) Split<TPanels>(high + (11 * TPanels.Value * TernaryTriples.Width), isFirst, ref s110, ref s111);
            if (TRows.Value > 12) Split<TPanels>(high + (12 * TPanels.Value * TernaryTriples.Width), isFirst, ref s120, ref s121);
            if (TRows.Value > 13) Split<TPanels>(high + (13 * TPanels.Value * TernaryTriples.Width), isFirst, ref s130, ref s131);
        }

        Store<TPanels>(ref t, 0, s00, s01);
        if (TRows.Value > 1) Store<TPanels>(ref t, 1, s10, s11);
        if (TRows.Value > 2) Store<TPanels>(ref t, 2, s20, s21);
        if (TRows.Value > 3) Store<TPanels>(ref t, 3, s30, s31);
        if (TRows.Value > 4) Store<TPanels>(ref t, 4, s40, s41);
        if (TRows.Value > 5) Store<TPanels>(ref t, 5, s50, s51);
        if (TRows.Value > 6) Store<TPanels>(ref t, 6, s60, s61);
        if (TRows.Value > 7) Store<TPanels>(ref t, 7, s70, s71);
        if (TRows.Value > 8) Store<TPanels>(ref t, 8, s80, s81);
        if (TRows.Value > 9) Store<TPanels>(ref t, 9, s90, s91);
        if (TRows.Value > 10) Store<TPanels>(ref t, 10, s100, s101);
        if (TRows.Value > 11) Store<TPanels>(ref t, 11, s110, s111);
        if (TRows.Value > 12) Store<TPanels>(ref t, 12, s120, s121);
        if (TRows.Value > 13) Store<TPanels>(ref t, 13, s130, s131);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Look<TPanels>(byte* table, Vector512<ushort> w0, Vector512<ushort> w1, ref Vector512<short> s0, ref Vector512<short> s1) where TPanels : ICount
    {
        var sums = Vector512.Load((short*)table);
        s0 = Avx512BW.Add(s0, Avx512BW.PermuteVar32x16(sums, w0.AsInt16()));
        if (TPanels.Value > 1) s1 = Avx512BW.Add(s1, Avx512BW.PermuteVar32x16(sums, w1.AsInt16()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split<TPanels>(short* high, bool isFirst, ref Vector512<short> s0, ref Vector512<short> s1) where TPanels : ICount
    {
        Split(high, isFirst, ref s0);
        if (TPanels.Value > 1) Split(high + TernaryTriples.Width, isFirst, ref s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(short* high, bool isFirst, ref Vector512<short> sums)
    {
        var upper = sums >> LowBits;
        if (!isFirst) upper += Vector512.Load(high);
        upper.Store(high);
        sums &= Vector512.Create((short)byte.MaxValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TPanels>(ref TripleTile t, nint row, Vector512<short> s0, Vector512<short> s1) where TPanels : ICount
    {
        var c = t.C + (row * t.LdC);
        var high = t.High + (row * TPanels.Value * TernaryTriples.Width);
        Store(ref t, c, high, s0);
        if (TPanels.Value > 1) Store(ref t, c + TernaryTriples.Width, high + TernaryTriples.Width, s1);
    }

    /// <summary>Even lanes are the first half of a panel's outputs, odd ones the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref TripleTile t, int* c, short* high, Vector512<short> sums)
    {
        Vector512<int> even = Avx512BW.MultiplyAddAdjacent(sums, Vector512.Create(1).AsInt16()), odd = Avx512BW.MultiplyAddAdjacent(sums, Vector512.Create(1 << 16).AsInt16());
        if (t.SegmentCount > 1)
        {
            var upper = Vector512.Load(high);
            even += Avx512BW.MultiplyAddAdjacent(upper, Vector512.Create(1 << LowBits).AsInt16());
            odd += Avx512BW.MultiplyAddAdjacent(upper, Vector512.Create(1 << (LowBits + 16)).AsInt16());
        }

        if (t.Continues)
        {
            even += Vector512.Load(c);
            odd += Vector512.Load(c + Vector512<int>.Count);
        }

        even.Store(c);
        odd.Store(c + Vector512<int>.Count);
    }
}

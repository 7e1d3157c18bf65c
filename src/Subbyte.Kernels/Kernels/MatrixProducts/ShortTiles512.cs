using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// The 512-bit register tile of u8·s8 products for weights of few bits: up to twelve rows by one or two panels (a vector each), twelve or 24 sums of 16 bits in registers. They are
/// added to the 32-bit sums in memory every <see cref="Tile.StepsOfShortSum"/> steps, before they could saturate.
/// </summary>
internal readonly struct ShortTiles512 : ITileSet
{
    /// <inheritdoc/>
    public static int Rows => 12;

    /// <inheritdoc/>
    public static int Panels => 2;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int panels, ref Tile tile)
    {
        if (panels == Panels) Run<Two>(rows, ref tile);
        else Run<One>(rows, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TPanels>(int rows, ref Tile tile) where TPanels : ICount
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
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TRows, TPanels>(ref Tile t) where TRows : ICount where TPanels : ICount
    {
        var c = t.C;
        nint ldc = t.LdC, lda = t.LdA, lda2 = 2 * lda;
        if (!t.Continues)
        {
            for (var row = 0; row < TRows.Value; row++)
                new Span<int>(c + (row * ldc), TPanels.Value * Panel.Width).Clear();
        }

        byte* a0 = t.A, a3 = a0 + lda2 + lda, a6 = a3 + lda2 + lda, a9 = a6 + lda2 + lda;
        nint length = t.Steps * Panel.Width, skip = t.Skip;
        int* w = t.W, end = w + length, last = end + ((t.Runs - 1) * length);
        var panelLength = t.PanelLength;
        var flush = t.StepsOfShortSum * Panel.Width;
        while (w < last)
        {
            Vector512<short> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
            Vector512<short> s60 = default, s61 = default, s70 = default, s71 = default, s80 = default, s81 = default, s90 = default, s91 = default, s100 = default, s101 = default, s110 = default, s111 = default;
            // The sums of 16 bits go on from run to run as long as they fit.
            for (var left = flush; left > 0 && w < last;)
            {
                var stop = end - w > left ? w + left : end;
                left -= (nint)(stop - w);
                for (; w < stop; w += Panel.Width)
                {
                    Vector512<sbyte> w0 = Vector512.Load((sbyte*)w), w1 = TPanels.Value > 1 ? Vector512.Load((sbyte*)(w + panelLength)) : default;
                    Step<TPanels>(a0, w0, w1, ref s00, ref s01);
                    if (TRows.Value > 1) Step<TPanels>(a0 + lda, w0, w1, ref s10, ref s11);
                    if (TRows.Value > 2) Step<TPanels>(a0 + lda2, w0, w1, ref s20, ref s21);
                    if (TRows.Value > 3) Step<TPanels>(a3, w0, w1, ref s30, ref s31);
                    if (TRows.Value > 4) Step<TPanels>(a3 + lda, w0, w1, ref s40, ref s41);
                    if (TRows.Value > 5) Step<TPanels>(a3 + lda2, w0, w1, ref s50, ref s51);
                    if (TRows.Value > 6) Step<TPanels>(a6, w0, w1, ref s60, ref s61);
                    if (TRows.Value > 7) Step<TPanels>(a6 + lda, w0, w1, ref s70, ref s71);
                    if (TRows.Value > 8) Step<TPanels>(a6 + lda2, w0, w1, ref s80, ref s81);
                    if (TRows.Value > 9) Step<TPanels>(a9, w0, w1, ref s90, ref s91);
                    if (TRows.Value > 10) Step<TPanels>(a9 + lda, w0, w1, ref s100, ref s101);
                    if (TRows.Value > 11) Step<TPanels>(a9 + lda2, w0, w1, ref s110, ref s111);
                    a0 += sizeof(int);
                    a3 += sizeof(int);
                    a6 += sizeof(int);
                    a9 += sizeof(int);
                }
                if (w < end) continue;
                end += length;
                a0 += skip;
                a3 += skip;
                a6 += skip;
                a9 += skip;
            }

            Flush<TPanels>(c, s00, s01);
            if (TRows.Value > 1) Flush<TPanels>(c + ldc, s10, s11);
            if (TRows.Value > 2) Flush<TPanels>(c + (2 * ldc), s20, s21);
            if (TRows.Value > 3) Flush<TPanels>(c + (3 * ldc), s30, s31);
            if (TRows.Value > 4) Flush<TPanels>(c + (4 * ldc), s40, s41);
            if (TRows.Value > 5) Flush<TPanels>(c + (5 * ldc), s50, s51);
            if (TRows.Value > 6) Flush<TPanels>(c + (6 * ldc), s60, s61);
            if (TRows.Value > 7) Flush<TPanels>(c + (7 * ldc), s70, s71);
            if (TRows.Value > 8) Flush<TPanels>(c + (8 * ldc), s80, s81);
            if (TRows.Value > 9) Flush<TPanels>(c + (9 * ldc), s90, s91);
            if (TRows.Value > 10) Flush<TPanels>(c + (10 * ldc), s100, s101);
            if (TRows.Value > 11) Flush<TPanels>(c + (11 * ldc), s110, s111);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Step<TPanels>(byte* a, Vector512<sbyte> w0, Vector512<sbyte> w1, ref Vector512<short> s0, ref Vector512<short> s1) where TPanels : ICount
    {
        var x = Vector512.Create(*(int*)a).AsByte();
        s0 = Avx512BW.Add(s0, Avx512BW.MultiplyAddAdjacent(x, w0));
        if (TPanels.Value > 1) s1 = Avx512BW.Add(s1, Avx512BW.MultiplyAddAdjacent(x, w1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Flush<TPanels>(int* c, Vector512<short> s0, Vector512<short> s1) where TPanels : ICount
    {
        (Vector512.Load(c) + Avx512BW.MultiplyAddAdjacent(s0, Vector512<short>.One)).Store(c);
        if (TPanels.Value > 1) (Vector512.Load(c + Vector512<int>.Count) + Avx512BW.MultiplyAddAdjacent(s1, Vector512<short>.One)).Store(c + Vector512<int>.Count);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// The 256-bit register tile of u8·s8 products for weights of few bits: up to six rows by one panel (two vectors), twelve sums of 16 bits in registers. They are
/// added to the 32-bit sums in memory every <see cref="Tile.StepsOfShortSum"/> steps, before they could saturate.
/// </summary>
internal readonly struct ShortTiles256 : ITileSet
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Panels => 1;

    /// <inheritdoc/>
    public static int PanelsOfOneRow => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int panels, ref Tile tile)
    {
        switch (rows)
        {
            case 1: Run<One>(ref tile); break;
            case 2: Run<Two>(ref tile); break;
            case 3: Run<Three>(ref tile); break;
            case 4: Run<Four>(ref tile); break;
            case 5: Run<Five>(ref tile); break;
            case 6: Run<Six>(ref tile); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TRows>(ref Tile t) where TRows : ICount
    {
        var c = t.C;
        nint ldc = t.LdC, lda = t.LdA, lda2 = 2 * lda;
        if (!t.Continues)
        {
            for (var row = 0; row < TRows.Value; row++)
                new Span<int>(c + (row * ldc), Panel.Width).Clear();
        }

        byte* a0 = t.A, a3 = a0 + lda2 + lda;
        nint length = t.Steps * Panel.Width, skip = t.Skip;
        int* w = t.W, end = w + length, last = end + ((t.Runs - 1) * length);
        var flush = t.StepsOfShortSum * Panel.Width;
        while (w < last)
        {
            Vector256<short> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
            // The sums of 16 bits go on from run to run as long as they fit.
            for (var left = flush; left > 0 && w < last;)
            {
                var stop = end - w > left ? w + left : end;
                left -= (nint)(stop - w);
                for (; w < stop; w += Panel.Width)
                {
                    Vector256<sbyte> w0 = Vector256.Load((sbyte*)w), w1 = Vector256.Load((sbyte*)(w + Vector256<int>.Count));
                    Step(a0, w0, w1, ref s00, ref s01);
                    if (TRows.Value > 1) Step(a0 + lda, w0, w1, ref s10, ref s11);
                    if (TRows.Value > 2) Step(a0 + lda2, w0, w1, ref s20, ref s21);
                    if (TRows.Value > 3) Step(a3, w0, w1, ref s30, ref s31);
                    if (TRows.Value > 4) Step(a3 + lda, w0, w1, ref s40, ref s41);
                    if (TRows.Value > 5) Step(a3 + lda2, w0, w1, ref s50, ref s51);
                    a0 += sizeof(int);
                    a3 += sizeof(int);
                }
                if (w < end) continue;
                end += length;
                a0 += skip;
                a3 += skip;
            }

            Flush(c, s00, s01);
            if (TRows.Value > 1) Flush(c + ldc, s10, s11);
            if (TRows.Value > 2) Flush(c + (2 * ldc), s20, s21);
            if (TRows.Value > 3) Flush(c + (3 * ldc), s30, s31);
            if (TRows.Value > 4) Flush(c + (4 * ldc), s40, s41);
            if (TRows.Value > 5) Flush(c + (5 * ldc), s50, s51);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Step(byte* a, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<short> s0, ref Vector256<short> s1)
    {
        var x = Vector256.Create(*(int*)a).AsByte();
        s0 = Avx2.Add(s0, Avx2.MultiplyAddAdjacent(x, w0));
        s1 = Avx2.Add(s1, Avx2.MultiplyAddAdjacent(x, w1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Flush(int* c, Vector256<short> s0, Vector256<short> s1)
    {
        (Vector256.Load(c) + Avx2.MultiplyAddAdjacent(s0, Vector256<short>.One)).Store(c);
        (Vector256.Load(c + Vector256<int>.Count) + Avx2.MultiplyAddAdjacent(s1, Vector256<short>.One)).Store(c + Vector256<int>.Count);
    }
}

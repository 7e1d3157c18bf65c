using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>One step of a sum in 512-bit vectors of 32-bit lanes.</summary>
internal interface ITileOperator512
{
    /// <summary>The sum after one more step.</summary>
    /// <param name="sum">The sum before.</param>
    /// <param name="a">A lane of a row, in every lane.</param>
    /// <param name="w">A lane of each output's weights.</param>
    static abstract Vector512<int> Step(Vector512<int> sum, Vector512<int> a, Vector512<int> w);
}

/// <summary>The 512-bit register tile: up to twelve rows by one or two panels (a vector each), 24 sums in registers.</summary>
internal static class Tile512
{
    /// <summary>Multiplies a tile of <typeparamref name="TRows"/> rows by <typeparamref name="TPanels"/> panels.</summary>
    /// <typeparam name="TOperator">One step of the sum.</typeparam>
    /// <typeparam name="TRows">Rows, at most 12.</typeparam>
    /// <typeparam name="TPanels">Panels, 1 or 2.</typeparam>
    /// <param name="t">Operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TOperator, TRows, TPanels>(ref Tile t) where TOperator : ITileOperator512 where TRows : ICount where TPanels : ICount
    {
        Vector512<int> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        Vector512<int> s60 = default, s61 = default, s70 = default, s71 = default, s80 = default, s81 = default, s90 = default, s91 = default, s100 = default, s101 = default, s110 = default, s111 = default;
        var c = t.C;
        nint ldc = t.LdC, lda = t.LdA, lda2 = 2 * lda;
        if (t.Continues)
        {
            Load<TPanels>(c, ref s00, ref s01);
            if (TRows.Value > 1) Load<TPanels>(c + ldc, ref s10, ref s11);
            if (TRows.Value > 2) Load<TPanels>(c + (2 * ldc), ref s20, ref s21);
            if (TRows.Value > 3) Load<TPanels>(c + (3 * ldc), ref s30, ref s31);
            if (TRows.Value > 4) Load<TPanels>(c + (4 * ldc), ref s40, ref s41);
            if (TRows.Value > 5) Load<TPanels>(c + (5 * ldc), ref s50, ref s51);
            if (TRows.Value > 6) Load<TPanels>(c + (6 * ldc), ref s60, ref s61);
            if (TRows.Value > 7) Load<TPanels>(c + (7 * ldc), ref s70, ref s71);
            if (TRows.Value > 8) Load<TPanels>(c + (8 * ldc), ref s80, ref s81);
            if (TRows.Value > 9) Load<TPanels>(c + (9 * ldc), ref s90, ref s91);
            if (TRows.Value > 10) Load<TPanels>(c + (10 * ldc), ref s100, ref s101);
            if (TRows.Value > 11) Load<TPanels>(c + (11 * ldc), ref s110, ref s111);
        }

        byte* a0 = t.A, a3 = a0 + lda2 + lda, a6 = a3 + lda2 + lda, a9 = a6 + lda2 + lda;
        var w = t.W;
        nint panelLength = t.PanelLength, skip = t.Skip;
        for (var runs = t.Runs; runs > 0; runs--)
        {
            for (var end = w + (t.Steps * Panel.Width); w < end; w += Panel.Width)
            {
                Vector512<int> w0 = Vector512.Load(w), w1 = TPanels.Value > 1 ? Vector512.Load(w + panelLength) : default;
                Step<TOperator, TPanels>(a0, w0, w1, ref s00, ref s01);
                if (TRows.Value > 1) Step<TOperator, TPanels>(a0 + lda, w0, w1, ref s10, ref s11);
                if (TRows.Value > 2) Step<TOperator, TPanels>(a0 + lda2, w0, w1, ref s20, ref s21);
                if (TRows.Value > 3) Step<TOperator, TPanels>(a3, w0, w1, ref s30, ref s31);
                if (TRows.Value > 4) Step<TOperator, TPanels>(a3 + lda, w0, w1, ref s40, ref s41);
                if (TRows.Value > 5) Step<TOperator, TPanels>(a3 + lda2, w0, w1, ref s50, ref s51);
                if (TRows.Value > 6) Step<TOperator, TPanels>(a6, w0, w1, ref s60, ref s61);
                if (TRows.Value > 7) Step<TOperator, TPanels>(a6 + lda, w0, w1, ref s70, ref s71);
                if (TRows.Value > 8) Step<TOperator, TPanels>(a6 + lda2, w0, w1, ref s80, ref s81);
                if (TRows.Value > 9) Step<TOperator, TPanels>(a9, w0, w1, ref s90, ref s91);
                if (TRows.Value > 10) Step<TOperator, TPanels>(a9 + lda, w0, w1, ref s100, ref s101);
                if (TRows.Value > 11) Step<TOperator, TPanels>(a9 + lda2, w0, w1, ref s110, ref s111);
                a0 += sizeof(int);
                a3 += sizeof(int);
                a6 += sizeof(int);
                a9 += sizeof(int);
            }

            a0 += skip;
            a3 += skip;
            a6 += skip;
            a9 += skip;
        }

        Store<TPanels>(c, s00, s01);
        if (TRows.Value > 1) Store<TPanels>(c + ldc, s10, s11);
        if (TRows.Value > 2) Store<TPanels>(c + (2 * ldc), s20, s21);
        if (TRows.Value > 3) Store<TPanels>(c + (3 * ldc), s30, s31);
        if (TRows.Value > 4) Store<TPanels>(c + (4 * ldc), s40, s41);
        if (TRows.Value > 5) Store<TPanels>(c + (5 * ldc), s50, s51);
        if (TRows.Value > 6) Store<TPanels>(c + (6 * ldc), s60, s61);
        if (TRows.Value > 7) Store<TPanels>(c + (7 * ldc), s70, s71);
        if (TRows.Value > 8) Store<TPanels>(c + (8 * ldc), s80, s81);
        if (TRows.Value > 9) Store<TPanels>(c + (9 * ldc), s90, s91);
        if (TRows.Value > 10) Store<TPanels>(c + (10 * ldc), s100, s101);
        if (TRows.Value > 11) Store<TPanels>(c + (11 * ldc), s110, s111);
    }

    /// <summary>Multiplies one row by four panels.</summary>
    /// <typeparam name="TOperator">One step of the sum.</typeparam>
    /// <param name="t">Operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void RunRow<TOperator>(ref Tile t) where TOperator : ITileOperator512
    {
        Vector512<int> s0 = default, s1 = default, s2 = default, s3 = default;
        var c = t.C;
        if (t.Continues)
        {
            s0 = Vector512.Load(c);
            s1 = Vector512.Load(c + (1 * Vector512<int>.Count));
            s2 = Vector512.Load(c + (2 * Vector512<int>.Count));
            s3 = Vector512.Load(c + (3 * Vector512<int>.Count));
        }

        int* a = (int*)t.A, w0 = t.W, w1 = w0 + t.PanelLength, w2 = w1 + t.PanelLength, w3 = w2 + t.PanelLength;
        for (var runs = t.Runs; runs > 0; runs--, a = (int*)((byte*)a + t.Skip))
        {
            for (var end = a + t.Steps; a < end; a++)
            {
                var x = Vector512.Create(*a);
                s0 = TOperator.Step(s0, x, Vector512.Load(w0));
                s1 = TOperator.Step(s1, x, Vector512.Load(w1));
                s2 = TOperator.Step(s2, x, Vector512.Load(w2));
                s3 = TOperator.Step(s3, x, Vector512.Load(w3));
                w0 += Panel.Width;
                w1 += Panel.Width;
                w2 += Panel.Width;
                w3 += Panel.Width;
            }
        }

        s0.Store(c);
        s1.Store(c + (1 * Vector512<int>.Count));
        s2.Store(c + (2 * Vector512<int>.Count));
        s3.Store(c + (3 * Vector512<int>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Step<TOperator, TPanels>(byte* a, Vector512<int> w0, Vector512<int> w1, ref Vector512<int> s0, ref Vector512<int> s1)
        where TOperator : ITileOperator512 where TPanels : ICount
    {
        var x = Vector512.Create(*(int*)a);
        s0 = TOperator.Step(s0, x, w0);
        if (TPanels.Value > 1) s1 = TOperator.Step(s1, x, w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Load<TPanels>(int* c, ref Vector512<int> s0, ref Vector512<int> s1) where TPanels : ICount
    {
        s0 = Vector512.Load(c);
        if (TPanels.Value > 1) s1 = Vector512.Load(c + Vector512<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Store<TPanels>(int* c, Vector512<int> s0, Vector512<int> s1) where TPanels : ICount
    {
        s0.Store(c);
        if (TPanels.Value > 1) s1.Store(c + Vector512<int>.Count);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>One step of a sum in 128-bit vectors of 32-bit lanes.</summary>
internal interface ITileOperator128
{
    /// <summary>The sum after one more step.</summary>
    /// <param name="sum">The sum before.</param>
    /// <param name="a">A lane of a row, in every lane.</param>
    /// <param name="w">A lane of each output's weights.</param>
    static abstract Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w);
}

/// <summary>The 128-bit register tile: up to six rows by half a panel (two vectors), twelve sums in registers, as many as every machine has.</summary>
internal static class Tile128
{
    /// <summary>Multiplies a tile of <typeparamref name="TRows"/> rows.</summary>
    /// <typeparam name="TOperator">One step of the sum.</typeparam>
    /// <typeparam name="TRows">Rows, at most 6.</typeparam>
    /// <param name="t">Operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TOperator, TRows>(ref Tile t) where TOperator : ITileOperator128 where TRows : ICount
    {
        Vector128<int> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        var c = t.C;
        nint ldc = t.LdC, lda = t.LdA, lda2 = 2 * lda;
        if (t.Continues)
        {
            Load(c, ref s00, ref s01);
            if (TRows.Value > 1) Load(c + ldc, ref s10, ref s11);
            if (TRows.Value > 2) Load(c + (2 * ldc), ref s20, ref s21);
            if (TRows.Value > 3) Load(c + (3 * ldc), ref s30, ref s31);
            if (TRows.Value > 4) Load(c + (4 * ldc), ref s40, ref s41);
            if (TRows.Value > 5) Load(c + (5 * ldc), ref s50, ref s51);
        }

        byte* a0 = t.A, a3 = a0 + lda2 + lda;
        var w = t.W;
        var skip = t.Skip;
        for (var runs = t.Runs; runs > 0; runs--)
        {
            for (var end = w + (t.Steps * Panel.Width); w < end; w += Panel.Width)
            {
                Vector128<int> w0 = Vector128.Load(w), w1 = Vector128.Load(w + Vector128<int>.Count);
                Step<TOperator>(a0, w0, w1, ref s00, ref s01);
                if (TRows.Value > 1) Step<TOperator>(a0 + lda, w0, w1, ref s10, ref s11);
                if (TRows.Value > 2) Step<TOperator>(a0 + lda2, w0, w1, ref s20, ref s21);
                if (TRows.Value > 3) Step<TOperator>(a3, w0, w1, ref s30, ref s31);
                if (TRows.Value > 4) Step<TOperator>(a3 + lda, w0, w1, ref s40, ref s41);
                if (TRows.Value > 5) Step<TOperator>(a3 + lda2, w0, w1, ref s50, ref s51);
                a0 += sizeof(int);
                a3 += sizeof(int);
            }

            a0 += skip;
            a3 += skip;
        }

        Store(c, s00, s01);
        if (TRows.Value > 1) Store(c + ldc, s10, s11);
        if (TRows.Value > 2) Store(c + (2 * ldc), s20, s21);
        if (TRows.Value > 3) Store(c + (3 * ldc), s30, s31);
        if (TRows.Value > 4) Store(c + (4 * ldc), s40, s41);
        if (TRows.Value > 5) Store(c + (5 * ldc), s50, s51);
    }

    /// <summary>Multiplies one row by two panels.</summary>
    /// <typeparam name="TOperator">One step of the sum.</typeparam>
    /// <param name="t">Operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void RunRow<TOperator>(ref Tile t) where TOperator : ITileOperator128
    {
        Vector128<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        var c = t.C;
        if (t.Continues)
        {
            Load(c, ref s0, ref s1);
            Load(c + 8, ref s2, ref s3);
            Load(c + 16, ref s4, ref s5);
            Load(c + 24, ref s6, ref s7);
        }

        int* a = (int*)t.A, w0 = t.W, w1 = w0 + t.PanelLength;
        for (var runs = t.Runs; runs > 0; runs--, a = (int*)((byte*)a + t.Skip))
        {
            for (var end = a + t.Steps; a < end; a++)
            {
                var x = Vector128.Create(*a);
                s0 = TOperator.Step(s0, x, Vector128.Load(w0));
                s1 = TOperator.Step(s1, x, Vector128.Load(w0 + 4));
                s2 = TOperator.Step(s2, x, Vector128.Load(w0 + 8));
                s3 = TOperator.Step(s3, x, Vector128.Load(w0 + 12));
                s4 = TOperator.Step(s4, x, Vector128.Load(w1));
                s5 = TOperator.Step(s5, x, Vector128.Load(w1 + 4));
                s6 = TOperator.Step(s6, x, Vector128.Load(w1 + 8));
                s7 = TOperator.Step(s7, x, Vector128.Load(w1 + 12));
                w0 += Panel.Width;
                w1 += Panel.Width;
            }
        }

        Store(c, s0, s1);
        Store(c + 8, s2, s3);
        Store(c + 16, s4, s5);
        Store(c + 24, s6, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Step<TOperator>(byte* a, Vector128<int> w0, Vector128<int> w1, ref Vector128<int> s0, ref Vector128<int> s1)
        where TOperator : ITileOperator128
    {
        var x = Vector128.Create(*(int*)a);
        s0 = TOperator.Step(s0, x, w0);
        s1 = TOperator.Step(s1, x, w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Load(int* c, ref Vector128<int> s0, ref Vector128<int> s1)
    {
        s0 = Vector128.Load(c);
        s1 = Vector128.Load(c + Vector128<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Store(int* c, Vector128<int> s0, Vector128<int> s1)
    {
        s0.Store(c);
        s1.Store(c + Vector128<int>.Count);
    }
}

using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// The register tile of products whose first operand lies with its rows side by side: <c>c[i, j] = Σr a[r, i] · w[r, j]</c>, up to twelve <c>i</c> by one or two vectors of
/// <c>j</c>. Each step broadcasts neighbours, so that neither operand has to be transposed.
/// </summary>
internal unsafe struct OuterTile
{
    /// <summary>First element of <c>a</c> at the first step.</summary>
    public float* A;

    /// <summary>Elements from one step of <c>a</c> to the next.</summary>
    public nint StepA;

    /// <summary>First element of <c>w</c> at the first step: a panel's line.</summary>
    public float* W;

    /// <summary>Elements from the first vector of <c>w</c> to the second.</summary>
    public nint SecondW;

    /// <summary>Number of steps of a run.</summary>
    public nint Steps;

    /// <summary>Runs, at least 1: one in a matrix, one for each line of output positions.</summary>
    public nint Runs;

    /// <summary>Elements of <c>a</c> from the end of one run to the beginning of the next.</summary>
    public nint Skip;

    /// <summary>First sum.</summary>
    public float* C;

    /// <summary>Elements from one row of sums to the next.</summary>
    public nint LdC;

    /// <summary>Whether the sums go on from what is there, or begin at zero.</summary>
    public bool Continues;

    /// <summary>Multiplies a tile.</summary>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <typeparam name="TVectors">Vectors of <c>w</c>, 1 or 2.</typeparam>
    /// <param name="rows">Number of <c>i</c>, 1 to 12.</param>
    /// <param name="t">Operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, TVectors>(int rows, ref OuterTile t) where TLanes : struct, IProductLanes<TLanes> where TVectors : ICount
    {
        switch (rows)
        {
            case 1: Run<TLanes, One, TVectors>(ref t); break;
            case 2: Run<TLanes, Two, TVectors>(ref t); break;
            case 3: Run<TLanes, Three, TVectors>(ref t); break;
            case 4: Run<TLanes, Four, TVectors>(ref t); break;
            case 5: Run<TLanes, Five, TVectors>(ref t); break;
            case 6: Run<TLanes, Six, TVectors>(ref t); break;
            case 7: Run<TLanes, Seven, TVectors>(ref t); break;
            case 8: Run<TLanes, Eight, TVectors>(ref t); break;
            case 9: Run<TLanes, Nine, TVectors>(ref t); break;
            case 10: Run<TLanes, Ten, TVectors>(ref t); break;
            case 11: Run<TLanes, Eleven, TVectors>(ref t); break;
            case 12: Run<TLanes, Twelve, TVectors>(ref t); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes, TRows, TVectors>(ref OuterTile t) where TLanes : struct, IProductLanes<TLanes> where TRows : ICount where TVectors : ICount
    {
        TLanes s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        TLanes s60 = default, s61 = default, s70 = default, s71 = default, s80 = default, s81 = default, s90 = default, s91 = default, s100 = default, s101 = default, s110 = default, s111 = default;
        var c = t.C;
        var ldc = t.LdC;
        if (t.Continues)
        {
            Load<TLanes, TVectors>(c, ref s00, ref s01);
            if (TRows.Value > 1) Load<TLanes, TVectors>(c + ldc, ref s10, ref s11);
            if (TRows.Value > 2) Load<TLanes, TVectors>(c + (2 * ldc), ref s20, ref s21);
            if (TRows.Value > 3) Load<TLanes, TVectors>(c + (3 * ldc), ref s30, ref s31);
            if (TRows.Value > 4) Load<TLanes, TVectors>(c + (4 * ldc), ref s40, ref s41);
            if (TRows.Value > 5) Load<TLanes, TVectors>(c + (5 * ldc), ref s50, ref s51);
            if (TRows.Value > 6) Load<TLanes, TVectors>(c + (6 * ldc), ref s60, ref s61);
            if (TRows.Value > 7) Load<TLanes, TVectors>(c + (7 * ldc), ref s70, ref s71);
            if (TRows.Value > 8) Load<TLanes, TVectors>(c + (8 * ldc), ref s80, ref s81);
            if (TRows.Value > 9) Load<TLanes, TVectors>(c + (9 * ldc), ref s90, ref s91);
            if (TRows.Value > 10) Load<TLanes, TVectors>(c + (10 * ldc), ref s100, ref s101);
            if (TRows.Value > 11) Load<TLanes, TVectors>(c + (11 * ldc), ref s110, ref s111);
        }

        float* a = t.A, w = t.W;
        nint stepA = t.StepA, second = t.SecondW, skip = t.Skip;
        for (var runs = t.Runs; runs > 0; runs--, a += skip)
        {
            for (var end = w + (t.Steps * Panel.Width); w < end; w += Panel.Width, a += stepA)
            {
                TLanes w0 = TLanes.Load(w), w1 = TVectors.Value > 1 ? TLanes.Load(w + second) : default;
                Step<TLanes, TVectors>(a, w0, w1, ref s00, ref s01);
                if (TRows.Value > 1) Step<TLanes, TVectors>(a + 1, w0, w1, ref s10, ref s11);
                if (TRows.Value > 2) Step<TLanes, TVectors>(a + 2, w0, w1, ref s20, ref s21);
                if (TRows.Value > 3) Step<TLanes, TVectors>(a + 3, w0, w1, ref s30, ref s31);
                if (TRows.Value > 4) Step<TLanes, TVectors>(a + 4, w0, w1, ref s40, ref s41);
                if (TRows.Value > 5) Step<TLanes, TVectors>(a + 5, w0, w1, ref s50, ref s51);
                if (TRows.Value > 6) Step<TLanes, TVectors>(a + 6, w0, w1, ref s60, ref s61);
                if (TRows.Value > 7) Step<TLanes, TVectors>(a + 7, w0, w1, ref s70, ref s71);
                if (TRows.Value > 8) Step<TLanes, TVectors>(a + 8, w0, w1, ref s80, ref s81);
                if (TRows.Value > 9) Step<TLanes, TVectors>(a + 9, w0, w1, ref s90, ref s91);
                if (TRows.Value > 10) Step<TLanes, TVectors>(a + 10, w0, w1, ref s100, ref s101);
                if (TRows.Value > 11) Step<TLanes, TVectors>(a + 11, w0, w1, ref s110, ref s111);
            }
        }

        Store<TLanes, TVectors>(c, s00, s01);
        if (TRows.Value > 1) Store<TLanes, TVectors>(c + ldc, s10, s11);
        if (TRows.Value > 2) Store<TLanes, TVectors>(c + (2 * ldc), s20, s21);
        if (TRows.Value > 3) Store<TLanes, TVectors>(c + (3 * ldc), s30, s31);
        if (TRows.Value > 4) Store<TLanes, TVectors>(c + (4 * ldc), s40, s41);
        if (TRows.Value > 5) Store<TLanes, TVectors>(c + (5 * ldc), s50, s51);
        if (TRows.Value > 6) Store<TLanes, TVectors>(c + (6 * ldc), s60, s61);
        if (TRows.Value > 7) Store<TLanes, TVectors>(c + (7 * ldc), s70, s71);
        if (TRows.Value > 8) Store<TLanes, TVectors>(c + (8 * ldc), s80, s81);
        if (TRows.Value > 9) Store<TLanes, TVectors>(c + (9 * ldc), s90, s91);
        if (TRows.Value > 10) Store<TLanes, TVectors>(c + (10 * ldc), s100, s101);
        if (TRows.Value > 11) Store<TLanes, TVectors>(c + (11 * ldc), s110, s111);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVectors>(float* a, TLanes w0, TLanes w1, ref TLanes s0, ref TLanes s1) where TLanes : struct, IProductLanes<TLanes> where TVectors : ICount
    {
        var x = TLanes.Create(*a);
        s0 = TLanes.FusedMultiplyAdd(x, w0, s0);
        if (TVectors.Value > 1) s1 = TLanes.FusedMultiplyAdd(x, w1, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TLanes, TVectors>(float* c, ref TLanes s0, ref TLanes s1) where TLanes : struct, IProductLanes<TLanes> where TVectors : ICount
    {
        s0 = TLanes.Load(c);
        if (TVectors.Value > 1) s1 = TLanes.Load(c + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVectors>(float* c, TLanes s0, TLanes s1) where TLanes : struct, IProductLanes<TLanes> where TVectors : ICount
    {
        s0.Store(c);
        if (TVectors.Value > 1) s1.Store(c + TLanes.Count);
    }
}

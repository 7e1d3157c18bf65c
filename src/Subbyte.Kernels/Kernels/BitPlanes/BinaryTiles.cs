using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Register tiles of binary products: each output gets −<typeparamref name="TFactor"/> times the number of positions where the bits of activation and weight
/// differ. Every bit position of a lane counts in carry-save form; each eighth step overflows into counts of bytes.
/// </summary>
/// <typeparam name="TVector">Vectors of lanes, a lane an output.</typeparam>
/// <typeparam name="TRows">Most rows of a tile.</typeparam>
/// <typeparam name="TFactor">1 or 2.</typeparam>
internal readonly unsafe struct BinaryTiles<TVector, TRows, TFactor> : IBitTiles
    where TVector : struct, IBitVector<TVector>
    where TRows : ICount
    where TFactor : ICount
{
    /// <inheritdoc/>
    public static int Rows => TRows.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TR, TV>(ref BitTile t) where TR : ICount where TV : ICount
    {
        // One local a counter: the JIT keeps no vectors of a structure in registers.
        TVector i00 = default, i01 = default, i10 = default, i11 = default;
        TVector j00 = default, j01 = default, j10 = default, j11 = default;
        TVector k00 = default, k01 = default, k10 = default, k11 = default;
        TVector n00 = default, n01 = default, n10 = default, n11 = default;
        TVector p00 = default, p01 = default, p10 = default, p11 = default;
        TVector q00 = default, q01 = default, q10 = default, q11 = default;
        byte* a0 = t.A, a1 = a0 + t.LdA;
        var offsets = t.Offsets;
        nint steps = t.Steps, next = t.NextVector;
        var w = t.W;
        for (; steps >= 8; steps -= 8, offsets += 8, w += 8 * Panel.Width)
        {
            Pair<TR, TV>(a0, a1, offsets, w, next, ref i00, ref i01, ref i10, ref i11, ref p00, ref p01, ref p10, ref p11);
            Pair<TR, TV>(a0, a1, offsets + 2, w + (2 * Panel.Width), next, ref i00, ref i01, ref i10, ref i11, ref q00, ref q01, ref q10, ref q11);
            p00 = TVector.Add(ref j00, p00, q00);
            if (TV.Value > 1) p01 = TVector.Add(ref j01, p01, q01);
            if (TR.Value > 1) p10 = TVector.Add(ref j10, p10, q10);
            if (TR.Value > 1 && TV.Value > 1) p11 = TVector.Add(ref j11, p11, q11);
            TVector r00 = default, r01 = default, r10 = default, r11 = default;
            Pair<TR, TV>(a0, a1, offsets + 4, w + (4 * Panel.Width), next, ref i00, ref i01, ref i10, ref i11, ref q00, ref q01, ref q10, ref q11);
            Pair<TR, TV>(a0, a1, offsets + 6, w + (6 * Panel.Width), next, ref i00, ref i01, ref i10, ref i11, ref r00, ref r01, ref r10, ref r11);
            AddFours(ref k00, ref n00, p00, TVector.Add(ref j00, q00, r00));
            if (TV.Value > 1) AddFours(ref k01, ref n01, p01, TVector.Add(ref j01, q01, r01));
            if (TR.Value > 1) AddFours(ref k10, ref n10, p10, TVector.Add(ref j10, q10, r10));
            if (TR.Value > 1 && TV.Value > 1) AddFours(ref k11, ref n11, p11, TVector.Add(ref j11, q11, r11));
        }

        for (; steps >= 2; steps -= 2, offsets += 2, w += 2 * Panel.Width)
        {
            Pair<TR, TV>(a0, a1, offsets, w, next, ref i00, ref i01, ref i10, ref i11, ref p00, ref p01, ref p10, ref p11);
            AddTwos(ref j00, ref k00, ref n00, p00);
            if (TV.Value > 1) AddTwos(ref j01, ref k01, ref n01, p01);
            if (TR.Value > 1) AddTwos(ref j10, ref k10, ref n10, p10);
            if (TR.Value > 1 && TV.Value > 1) AddTwos(ref j11, ref k11, ref n11, p11);
        }

        if (steps > 0)
        {
            var x = TVector.Broadcast(a0 + *offsets);
            AddOnes(ref i00, ref j00, ref k00, ref n00, TVector.Xor(x, TVector.Load(w)));
            if (TV.Value > 1) AddOnes(ref i01, ref j01, ref k01, ref n01, TVector.Xor(x, TVector.Load(w + next)));
            if (TR.Value > 1) x = TVector.Broadcast(a1 + *offsets);
            if (TR.Value > 1) AddOnes(ref i10, ref j10, ref k10, ref n10, TVector.Xor(x, TVector.Load(w)));
            if (TR.Value > 1 && TV.Value > 1) AddOnes(ref i11, ref j11, ref k11, ref n11, TVector.Xor(x, TVector.Load(w + next)));
        }

        Store(i00, j00, k00, n00, t.C, t.Continues);
        if (TV.Value > 1) Store(i01, j01, k01, n01, t.C + TVector.Count, t.Continues);
        if (TR.Value > 1) Store(i10, j10, k10, n10, t.C + t.LdC, t.Continues);
        if (TR.Value > 1 && TV.Value > 1) Store(i11, j11, k11, n11, t.C + t.LdC + TVector.Count, t.Continues);
    }

    /// <summary>Two steps of every output; the carries come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TR, TV>(byte* a0, byte* a1, nint* offsets, uint* w, nint next, ref TVector s00, ref TVector s01, ref TVector s10, ref TVector s11, ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11)
        where TR : ICount where TV : ICount
    {
        nint first = offsets[0], second = offsets[1];
        TVector w0 = TVector.Load(w), v0 = TVector.Load(w + Panel.Width);
        TVector w1 = TV.Value > 1 ? TVector.Load(w + next) : default, v1 = TV.Value > 1 ? TVector.Load(w + next + Panel.Width) : default;
        TVector x = TVector.Broadcast(a0 + first), y = TVector.Broadcast(a0 + second);
        c00 = TVector.AddDifferences(ref s00, x, w0, y, v0);
        if (TV.Value > 1) c01 = TVector.AddDifferences(ref s01, x, w1, y, v1);
        if (TR.Value < 2) return;
        x = TVector.Broadcast(a1 + first);
        y = TVector.Broadcast(a1 + second);
        c10 = TVector.AddDifferences(ref s10, x, w0, y, v0);
        if (TV.Value > 1) c11 = TVector.AddDifferences(ref s11, x, w1, y, v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFours(ref TVector fours, ref TVector eights, TVector x, TVector y) => eights = TVector.AddCounts(eights, TVector.Add(ref fours, x, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwos(ref TVector twos, ref TVector fours, ref TVector eights, TVector x)
        => eights = TVector.AddCounts(eights, TVector.HalfAdd(ref fours, TVector.HalfAdd(ref twos, x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOnes(ref TVector ones, ref TVector twos, ref TVector fours, ref TVector eights, TVector x)
        => AddTwos(ref twos, ref fours, ref eights, TVector.HalfAdd(ref ones, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector ones, TVector twos, TVector fours, TVector eights, int* sums, bool continues)
    {
        var rest = TVector.AddTwice(TVector.AddCounts(default, twos), TVector.AddCounts(default, fours));
        TVector.Accumulate(sums, continues, TVector.AddTwice(TVector.AddCounts(default, ones), rest), eights, 8, -TFactor.Value, 0);
    }
}

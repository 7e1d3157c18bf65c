using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Register tiles of ternary products. A step is a word of the mask plane and one of the sign plane; a product plus one is 0, 1 or 2, so it goes into the
/// carry-save counters as one bit of weight 1 (the product is 0) and one of weight 2 (it is +1).
/// </summary>
/// <typeparam name="TVector">Vectors of lanes, a lane an output.</typeparam>
internal readonly unsafe struct TernaryTiles<TVector> : IBitTiles where TVector : struct, IBitVector<TVector>
{
    /// <inheritdoc/>
    public static int Rows => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TR, TV>(ref BitTile t) where TR : ICount where TV : ICount
    {
        // One local a counter: the JIT keeps no vectors of a structure in registers.
        TVector i0 = default, i1 = default, j0 = default, j1 = default, k0 = default, k1 = default, m0 = default, m1 = default, n0 = default, n1 = default;
        var a = t.A;
        var offsets = t.Offsets;
        nint steps = t.Steps, next = t.NextVector;
        var w = t.W;
        for (; steps >= 8; steps -= 8, offsets += 8, w += 16 * Panel.Width)
        {
            TVector e0 = Four(a, offsets, w, ref i0, ref j0, ref k0, out var f0), e1 = default, f1 = default;
            if (TV.Value > 1) e1 = Four(a, offsets, w + next, ref i1, ref j1, ref k1, out f1);
            var h0 = Four(a, offsets + 4, w + (8 * Panel.Width), ref i0, ref j0, ref k0, out var g0);
            Overflow(ref k0, ref m0, ref n0, e0, h0, f0, g0);
            if (TV.Value < 2) continue;
            var h1 = Four(a, offsets + 4, w + next + (8 * Panel.Width), ref i1, ref j1, ref k1, out var g1);
            Overflow(ref k1, ref m1, ref n1, e1, h1, f1, g1);
        }

        for (; steps > 0; steps--, offsets++, w += 2 * Panel.Width)
        {
            Single(a + *offsets, w, ref i0, ref j0, ref k0, ref m0);
            if (TV.Value > 1) Single(a + *offsets, w + next, ref i1, ref j1, ref k1, ref m1);
        }

        var constant = -BitPacking.WordBits * (int)t.Steps;
        Store(i0, j0, k0, m0, n0, t.C, t.Continues, constant);
        if (TV.Value > 1) Store(i1, j1, k1, m1, n1, t.C + TVector.Count, t.Continues, constant);
    }

    /// <summary>Four steps; one carry of weight 8 comes back, and one of weight 4 that has not been added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Four(byte* a, nint* offsets, uint* w, ref TVector ones, ref TVector twos, ref TVector fours, out TVector rest)
    {
        var first = Pair(a + offsets[0], a + offsets[1], w, ref ones, ref twos, out var carry);
        var second = Pair(a + offsets[2], a + offsets[3], w + (4 * Panel.Width), ref ones, ref twos, out var nextCarry);
        rest = TVector.Add(ref twos, carry, nextCarry);
        return TVector.Add(ref fours, first, second);
    }

    /// <summary>Two steps; a carry of weight 4 comes back, and one of weight 2 that has not been added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pair(byte* x, byte* y, uint* w, ref TVector ones, ref TVector twos, out TVector carry)
    {
        TVector mask = TVector.And(TVector.Broadcast(x), TVector.Load(w)), nextMask = TVector.And(TVector.Broadcast(y), TVector.Load(w + (2 * Panel.Width)));
        carry = TVector.AddComplements(ref ones, mask, nextMask);
        var agreeing = TVector.Agreeing(mask, TVector.Broadcast(x + sizeof(uint)), TVector.Load(w + Panel.Width));
        return TVector.Add(ref twos, agreeing, TVector.Agreeing(nextMask, TVector.Broadcast(y + sizeof(uint)), TVector.Load(w + (3 * Panel.Width))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Overflow(ref TVector fours, ref TVector eights, ref TVector sixteens, TVector first, TVector second, TVector rest, TVector nextRest)
    {
        var sum = TVector.Add(ref fours, rest, nextRest);
        var carry = TVector.Add(ref sum, first, second);
        eights = TVector.AddCounts(eights, sum);
        sixteens = TVector.AddCounts(sixteens, carry);
    }

    /// <summary>One step, carried through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Single(byte* x, uint* w, ref TVector ones, ref TVector twos, ref TVector fours, ref TVector eights)
    {
        var mask = TVector.And(TVector.Broadcast(x), TVector.Load(w));
        var carry = TVector.HalfAdd(ref ones, TVector.Complement(mask));
        carry = TVector.Add(ref twos, carry, TVector.Agreeing(mask, TVector.Broadcast(x + sizeof(uint)), TVector.Load(w + Panel.Width)));
        eights = TVector.AddCounts(eights, TVector.HalfAdd(ref fours, carry));
    }

    /// <summary>Counts of weight 8 and twice those of weight 16 fit a byte together as long as a tile has at most 120 steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector ones, TVector twos, TVector fours, TVector eights, TVector sixteens, int* sums, bool continues, int constant)
    {
        var rest = TVector.AddTwice(TVector.AddCounts(default, twos), TVector.AddCounts(default, fours));
        TVector.Accumulate(sums, continues, TVector.AddTwice(TVector.AddCounts(default, ones), rest), TVector.AddTwice(eights, sixteens), 8, 1, constant);
    }
}

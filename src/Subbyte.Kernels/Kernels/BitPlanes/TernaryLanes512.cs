using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Register tiles of ternary products whose lane is a byte. A step is a byte of the mask plane and one of the sign plane; a product plus one is 0, 1 or 2, so
/// it goes into the carry-save counters as one bit of weight 1 (the product is 0) and one of weight 2 (it is +1).
/// </summary>
internal readonly unsafe struct TernaryLanes512 : ILaneTiles
{
    private const int Word = 2 * sizeof(uint) * PackedBitMatrix.OutputsOfBlock;

    /// <inheritdoc/>
    public static int Rows => 2;

    /// <inheritdoc/>
    public static int Outputs => Vector512<byte>.Count;

    // Counts of weight sixteen and 32, up to eight each in four steps, must fit a byte.
    /// <inheritdoc/>
    public static int StepsOfTile => 120;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(ref BitTile t) where TRows : ICount
    {
        var rows = TRows.Value;
        // Counters of weights 1, 2, 4, 8 and, in bytes, 16 and 32. One local a counter: the JIT keeps no vectors of a structure in registers.
        Vector512<byte> i0 = default, i1 = default, j0 = default, j1 = default, k0 = default, k1 = default, m0 = default, m1 = default;
        Vector512<byte> n0 = default, n1 = default, o0 = default, o1 = default;
        byte* a0 = t.A, a1 = a0 + t.LdA;
        var offsets = t.Offsets;
        var steps = t.Steps;
        var w = (byte*)t.W;
        if ((steps & 1) != 0)
        {
            var offset = *offsets++;
            Single(ref i0, ref j0, ref k0, ref m0, a0 + offset, w);
            if (rows > 1) Single(ref i1, ref j1, ref k1, ref m1, a1 + offset, w);
            w += Word;
        }

        // Carries of weight 8 and 16 wait for the next ones.
        Vector512<byte> d0 = default, d1 = default, e0 = default, e1 = default;
        for (steps >>= 1; steps > 0; steps--, offsets += 2, w += 2 * Word)
        {
            // Rows take turns, so that few weights are in registers at a time.
            var offset = offsets[0];
            var p0 = First(ref i0, ref j0, ref k0, a0 + offset, w, out var q0);
            Vector512<byte> p1 = default, q1 = default;
            if (rows > 1) p1 = First(ref i1, ref j1, ref k1, a1 + offset, w, out q1);
            offset = offsets[1];
            p0 = Second(ref i0, ref j0, ref k0, ref m0, a0 + offset, w + Word, p0, ref q0);
            if (rows > 1) p1 = Second(ref i1, ref j1, ref k1, ref m1, a1 + offset, w + Word, p1, ref q1);
            if ((steps & 1) == 0)
            {
                (d0, d1, e0, e1) = (q0, q1, p0, p1);
                continue;
            }

            Overflow(ref m0, ref n0, ref o0, d0, q0, e0, p0);
            if (rows > 1) Overflow(ref m1, ref n1, ref o1, d1, q1, e1, p1);
        }

        var constant = -BitPacking.WordBits * (int)t.Steps;
        CarrySave512.Store(CarrySave512.Count(i0, j0, k0, m0), n0, o0, constant, t.C, t.Continues);
        if (rows > 1) CarrySave512.Store(CarrySave512.Count(i1, j1, k1, m1), n1, o1, constant, t.C + t.LdC, t.Continues);
    }

    /// <summary>The first word: its carries find empty counters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Single(ref Vector512<byte> ones, ref Vector512<byte> twos, ref Vector512<byte> fours, ref Vector512<byte> eights, byte* x, byte* w)
    {
        fours = CarrySave512.AddProducts(ref ones, ref twos, x, w, out var second, out var third);
        eights = CarrySave512.Add(ref fours, second, third);
    }

    /// <summary>A word; a carry of weight 8 comes back, and one of weight 4 that has not been added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> First(ref Vector512<byte> ones, ref Vector512<byte> twos, ref Vector512<byte> fours, byte* x, byte* w, out Vector512<byte> rest)
    {
        var first = CarrySave512.AddProducts(ref ones, ref twos, x, w, out var second, out rest);
        return CarrySave512.Add(ref fours, first, second);
    }

    /// <summary>The word after it; a carry of weight 16 comes back, and one of weight 8 that has not been added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Second(ref Vector512<byte> ones, ref Vector512<byte> twos, ref Vector512<byte> fours, ref Vector512<byte> eights, byte* x, byte* w, Vector512<byte> carry, ref Vector512<byte> rest)
    {
        var first = CarrySave512.AddProducts(ref ones, ref twos, x, w, out var second, out var third);
        rest = CarrySave512.Add(ref fours, rest, third);
        return CarrySave512.Add(ref eights, carry, CarrySave512.Add(ref fours, first, second));
    }

    /// <summary>Two carries of weight 8 and two of weight 16 leave the counters of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Overflow(ref Vector512<byte> eights, ref Vector512<byte> sixteens, ref Vector512<byte> highest, Vector512<byte> x, Vector512<byte> y, Vector512<byte> first, Vector512<byte> second)
    {
        var sum = CarrySave512.Add(ref eights, x, y);
        var carry = CarrySave512.Add(ref sum, first, second);
        sixteens = CarrySave512.AddCounts(sixteens, sum);
        highest = CarrySave512.AddCounts(highest, carry);
    }
}

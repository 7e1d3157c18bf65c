using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Register tiles of binary products whose lane is a byte: each of 64 outputs gets −<typeparamref name="TFactor"/> times the number of positions where
/// the bits of activation and weight differ. Carry-save adders take sixteen steps of eight bits before bytes count what overflows.
/// </summary>
/// <typeparam name="TFactor">1 or 2.</typeparam>
internal readonly unsafe struct BinaryLanes512<TFactor> : ILaneTiles where TFactor : ICount
{
    private const int Line = PackedBitMatrix.OutputsOfBlock;
    private const int Word = sizeof(uint) * Line;

    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Outputs => Vector512<byte>.Count;

    // Counts of weight sixteen must fit a byte.
    /// <inheritdoc/>
    public static int StepsOfTile => 120;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(ref BitTile t) where TRows : ICount
    {
        var rows = TRows.Value;
        // Counters of weights 1, 2, 4, 8 and, in bytes, 16. One local a counter: the JIT keeps no vectors of a structure in registers.
        Vector512<byte> i0 = default, i1 = default, i2 = default, i3 = default, j0 = default, j1 = default, j2 = default, j3 = default;
        Vector512<byte> k0 = default, k1 = default, k2 = default, k3 = default, m0 = default, m1 = default, m2 = default, m3 = default;
        Vector512<byte> n0 = default, n1 = default, n2 = default, n3 = default;
        byte* a0 = t.A, a1 = a0 + t.LdA, a2 = a1 + t.LdA, a3 = a2 + t.LdA;
        var offsets = t.Offsets;
        var steps = t.Steps;
        var w = (byte*)t.W;
        if ((steps & 1) != 0)
        {
            var offset = *offsets++;
            Vector512<byte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Line), w2 = Vector512.Load(w + (2 * Line)), w3 = Vector512.Load(w + (3 * Line));
            k0 = CarrySave512.AddDifferences(ref i0, ref j0, a0 + offset, w0, w1, w2, w3);
            if (rows > 1) k1 = CarrySave512.AddDifferences(ref i1, ref j1, a1 + offset, w0, w1, w2, w3);
            if (rows > 2) k2 = CarrySave512.AddDifferences(ref i2, ref j2, a2 + offset, w0, w1, w2, w3);
            if (rows > 3) k3 = CarrySave512.AddDifferences(ref i3, ref j3, a3 + offset, w0, w1, w2, w3);
            w += Word;
        }

        // Carries of weight eight wait for the next ones.
        Vector512<byte> e0 = default, e1 = default, e2 = default, e3 = default;
        for (steps >>= 1; steps > 0; steps--, offsets += 2, w += 2 * Word)
        {
            var offset = offsets[0];
            Vector512<byte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Line), w2 = Vector512.Load(w + (2 * Line)), w3 = Vector512.Load(w + (3 * Line));
            Vector512<byte> p0 = CarrySave512.AddDifferences(ref i0, ref j0, a0 + offset, w0, w1, w2, w3), p1 = default, p2 = default, p3 = default;
            if (rows > 1) p1 = CarrySave512.AddDifferences(ref i1, ref j1, a1 + offset, w0, w1, w2, w3);
            if (rows > 2) p2 = CarrySave512.AddDifferences(ref i2, ref j2, a2 + offset, w0, w1, w2, w3);
            if (rows > 3) p3 = CarrySave512.AddDifferences(ref i3, ref j3, a3 + offset, w0, w1, w2, w3);
            offset = offsets[1];
            (w0, w1, w2, w3) = (Vector512.Load(w + Word), Vector512.Load(w + Word + Line), Vector512.Load(w + Word + (2 * Line)), Vector512.Load(w + Word + (3 * Line)));
            p0 = CarrySave512.Add(ref k0, p0, CarrySave512.AddDifferences(ref i0, ref j0, a0 + offset, w0, w1, w2, w3));
            if (rows > 1) p1 = CarrySave512.Add(ref k1, p1, CarrySave512.AddDifferences(ref i1, ref j1, a1 + offset, w0, w1, w2, w3));
            if (rows > 2) p2 = CarrySave512.Add(ref k2, p2, CarrySave512.AddDifferences(ref i2, ref j2, a2 + offset, w0, w1, w2, w3));
            if (rows > 3) p3 = CarrySave512.Add(ref k3, p3, CarrySave512.AddDifferences(ref i3, ref j3, a3 + offset, w0, w1, w2, w3));
            if ((steps & 1) == 0)
            {
                (e0, e1, e2, e3) = (p0, p1, p2, p3);
                continue;
            }

            n0 = CarrySave512.AddCounts(n0, CarrySave512.Add(ref m0, e0, p0));
            if (rows > 1) n1 = CarrySave512.AddCounts(n1, CarrySave512.Add(ref m1, e1, p1));
            if (rows > 2) n2 = CarrySave512.AddCounts(n2, CarrySave512.Add(ref m2, e2, p2));
            if (rows > 3) n3 = CarrySave512.AddCounts(n3, CarrySave512.Add(ref m3, e3, p3));
        }

        Store(i0, j0, k0, m0, n0, t.C, t.Continues);
        if (rows > 1) Store(i1, j1, k1, m1, n1, t.C + t.LdC, t.Continues);
        if (rows > 2) Store(i2, j2, k2, m2, n2, t.C + (2 * t.LdC), t.Continues);
        if (rows > 3) Store(i3, j3, k3, m3, n3, t.C + (3 * t.LdC), t.Continues);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<byte> ones, Vector512<byte> twos, Vector512<byte> fours, Vector512<byte> eights, Vector512<byte> sixteens, int* sums, bool continues)
        => CarrySave512.Store(CarrySave512.Count(ones, twos, fours, eights), sixteens, -TFactor.Value, sums, continues);
}

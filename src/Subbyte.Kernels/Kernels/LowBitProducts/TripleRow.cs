using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Products of one row of activations and ternary weights by table: four panels of outputs share the loads of the tables.</summary>
internal static unsafe class TripleRow
{
    private const int PanelsOfTile = 4;

    // Farther away weights take longer to read than to multiply, and those of two bits, which lie in one stream, come sooner.
    private const int MostBytes = 8 << 20;

    // With fewer outputs the tables are used too seldom.
    private const int FewestOutputs = 96;

    /// <summary>Whether a row is multiplied so on this machine.</summary>
    /// <param name="w">Weights.</param>
    /// <returns>True when it is.</returns>
    public static bool Serves(PackedLowBitMatrix w) => Cpu.HasAvx512 && w.Outputs >= FewestOutputs && w.Panels.Length <= MostBytes && TernaryTriples.Fits(w, 1);

    /// <summary>Multiplies.</summary>
    /// <param name="row">The row.</param>
    /// <param name="w">Weights.</param>
    /// <param name="c">Result, overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<byte> row, TernaryTriples w, Span<int> c)
    {
        var sums = stackalloc int[PanelsOfTile * TernaryTriples.Width];
        // The groups of a row are as pixels of nine channels, one behind the other; the last is filled up, and its last table made of four bytes.
        int bytes = w.GroupsOfBlock * TripleTables.GroupBytes, length = (w.Blocks * w.GroupsOfBlock * TernaryTriples.ChannelsOfGroup) + sizeof(int);
        var room = Scratch<byte>.Rent(bytes + length);
        row.CopyTo(room[bytes..]);
        room[(bytes + row.Length)..(bytes + length)].Clear();
        fixed (byte* tables = room)
        fixed (ushort* indices = w.Indices)
        {
            var line = new TripleLine { First = tables + bytes, PixelBytes = TernaryTriples.ChannelsOfGroup, Readable = TernaryTriples.ChannelsOfGroup + sizeof(int), Triples = TernaryTriples.TriplesOfGroup, Stride = 1, Slots = w.GroupsOfBlock };
            for (var block = 0; block < w.Blocks; block++)
            {
                line.Count = w.GroupsOf(block);
                TripleTables.Write(ref line, 0, 1, tables);
                line.First += line.Count * TernaryTriples.ChannelsOfGroup;
                for (var panel = 0; panel < w.Panels; panel += PanelsOfTile)
                {
                    var pair = indices + w.Offset(block, panel / 2);
                    var next = w.Offset(block, (panel / 2) + 1) - w.Offset(block, panel / 2);
                    switch (Math.Min(PanelsOfTile, w.Panels - panel))
                    {
                        case 1: Run<One, One>(tables, pair, next, w.GroupsOf(block), sums); break;
                        case 2: Run<Two, Two>(tables, pair, next, w.GroupsOf(block), sums); break;
                        case 3: Run<Three, One>(tables, pair, next, w.GroupsOf(block), sums); break;
                        default: Run<Four, Two>(tables, pair, next, w.GroupsOf(block), sums); break;
                    }

                    var output = panel * TernaryTriples.Width;
                    for (var i = 0; i < Math.Min(PanelsOfTile * TernaryTriples.Width, w.Outputs - output); i++) c[output + i] = sums[i] + (block > 0 ? c[output + i] : 0);
                }
            }
        }
    }

    /// <summary>All groups of a block by up to four panels, the last pair of which has <typeparamref name="TLast"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TPanels, TLast>(byte* tables, ushort* w, nint next, int groups, int* sums) where TPanels : ICount where TLast : ICount
    {
        Vector512<int> e0 = default, o0 = default, e1 = default, o1 = default, e2 = default, o2 = default, e3 = default, o3 = default;
        var v = w + next;
        for (var left = groups; left > 0; left -= TernaryTriples.StepsOfShortSum)
        {
            // A sum for each triple of a group: chains that do not wait for each other.
            Vector512<short> x0 = default, y0 = default, z0 = default, x1 = default, y1 = default, z1 = default, x2 = default, y2 = default, z2 = default, x3 = default, y3 = default, z3 = default;
            for (var end = tables + (Math.Min(left, TernaryTriples.StepsOfShortSum) * TripleTables.GroupBytes); tables < end; tables += TripleTables.GroupBytes)
            {
                Vector512<short> x = Vector512.Load((short*)tables), y = Vector512.Load((short*)(tables + TripleTables.Bytes)), z = Vector512.Load((short*)(tables + (2 * TripleTables.Bytes)));
                Add(w, x, y, z, ref x0, ref y0, ref z0);
                if (TPanels.Value > 1) Add(w + TernaryTriples.Width, x, y, z, ref x1, ref y1, ref z1);
                if (TPanels.Value > 2) Add(v, x, y, z, ref x2, ref y2, ref z2);
                if (TPanels.Value > 3) Add(v + TernaryTriples.Width, x, y, z, ref x3, ref y3, ref z3);
                w += Math.Min(2, TPanels.Value) * TernaryTriples.Width;
                v += TLast.Value * TernaryTriples.Width;
            }

            Widen(x0 + y0 + z0, ref e0, ref o0);
            if (TPanels.Value > 1) Widen(x1 + y1 + z1, ref e1, ref o1);
            if (TPanels.Value > 2) Widen(x2 + y2 + z2, ref e2, ref o2);
            if (TPanels.Value > 3) Widen(x3 + y3 + z3, ref e3, ref o3);
        }

        Store(e0, o0, sums);
        Store(e1, o1, sums + TernaryTriples.Width);
        Store(e2, o2, sums + (2 * TernaryTriples.Width));
        Store(e3, o3, sums + (3 * TernaryTriples.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ushort* w, Vector512<short> x, Vector512<short> y, Vector512<short> z, ref Vector512<short> sumX, ref Vector512<short> sumY, ref Vector512<short> sumZ)
    {
        var indices = Vector512.Load(w);
        sumX += Avx512BW.PermuteVar32x16(x, indices.AsInt16());
        sumY += Avx512BW.PermuteVar32x16(y, (indices >>> TernaryTriples.IndexBits).AsInt16());
        sumZ += Avx512BW.PermuteVar32x16(z, (indices >>> (2 * TernaryTriples.IndexBits)).AsInt16());
    }

    /// <summary>Even lanes are the first half of a panel's outputs, odd ones the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector512<short> sums, ref Vector512<int> even, ref Vector512<int> odd)
    {
        even += Avx512BW.MultiplyAddAdjacent(sums, Vector512.Create(1).AsInt16());
        odd += Avx512BW.MultiplyAddAdjacent(sums, Vector512.Create(1 << 16).AsInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<int> even, Vector512<int> odd, int* sums)
    {
        even.Store(sums);
        odd.Store(sums + Vector512<int>.Count);
    }
}

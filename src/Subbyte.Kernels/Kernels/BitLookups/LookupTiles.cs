using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Register tiles of convolutions whose kernel is three pixels wide, by tables: the table of a pixel's code is loaded once for the three positions that see it,
/// the indices of a vector of outputs once for all positions.
/// </summary>
/// <typeparam name="TVector">The vectors.</typeparam>
internal static unsafe class LookupTiles<TVector> where TVector : struct, ILookupVector<TVector>
{
    /// <summary>Kernel columns.</summary>
    public const int Columns = 3;

    /// <summary>Multiplies a tile.</summary>
    /// <typeparam name="TPositions">Positions.</typeparam>
    /// <param name="codes">Codes of the first pixel of the first group.</param>
    /// <param name="pitch">Codes from one group to the next.</param>
    /// <param name="tables">Products of codes.</param>
    /// <param name="indices">Indices of the outputs, [group][column][output].</param>
    /// <param name="groups">Groups of all rows of the kernel.</param>
    /// <param name="sums">Where the sums go, and what becomes of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TPositions>(ushort* codes, nint pitch, byte* tables, byte* indices, nint groups, in LookupSums sums) where TPositions : ICount
    {
        var positions = TPositions.Value;
        // Three products a group; their sum must fit a byte.
        nint most = byte.MaxValue / TVector.Bits / Columns;
        // Sums of 16 bits of the even and the odd lanes. One local a vector: the JIT keeps no vectors of a structure in registers.
        TVector e0 = default, e1 = default, e2 = default, e3 = default, e4 = default, e5 = default, e6 = default, e7 = default;
        TVector o0 = default, o1 = default, o2 = default, o3 = default, o4 = default, o5 = default, o6 = default, o7 = default;
        for (; groups > 0; groups -= most)
        {
            TVector n0 = default, n1 = default, n2 = default, n3 = default, n4 = default, n5 = default, n6 = default, n7 = default;
            for (var group = Math.Min(groups, most); group > 0; group--, codes += pitch, indices += Columns * TVector.Outputs)
            {
                TVector first = TVector.Load(indices), second = TVector.Load(indices + TVector.Outputs), third = TVector.Load(indices + (2 * TVector.Outputs));
                Add<TPositions>(0, TVector.Load(tables + *codes), first, second, third, ref n0, ref n0, ref n0);
                Add<TPositions>(1, TVector.Load(tables + codes[1]), first, second, third, ref n0, ref n0, ref n1);
                Add<TPositions>(2, TVector.Load(tables + codes[2]), first, second, third, ref n0, ref n1, ref n2);
                if (positions > 1) Add<TPositions>(3, TVector.Load(tables + codes[3]), first, second, third, ref n1, ref n2, ref n3);
                if (positions > 2) Add<TPositions>(4, TVector.Load(tables + codes[4]), first, second, third, ref n2, ref n3, ref n4);
                if (positions > 3) Add<TPositions>(5, TVector.Load(tables + codes[5]), first, second, third, ref n3, ref n4, ref n5);
                if (positions > 4) Add<TPositions>(6, TVector.Load(tables + codes[6]), first, second, third, ref n4, ref n5, ref n6);
                if (positions > 5) Add<TPositions>(7, TVector.Load(tables + codes[7]), first, second, third, ref n5, ref n6, ref n7);
                if (positions > 6) Add<TPositions>(8, TVector.Load(tables + codes[8]), first, second, third, ref n6, ref n7, ref n7);
                if (positions > 7) Add<TPositions>(9, TVector.Load(tables + codes[9]), first, second, third, ref n7, ref n7, ref n7);
            }

            TVector.Widen(n0, ref e0, ref o0);
            if (positions > 1) TVector.Widen(n1, ref e1, ref o1);
            if (positions > 2) TVector.Widen(n2, ref e2, ref o2);
            if (positions > 3) TVector.Widen(n3, ref e3, ref o3);
            if (positions > 4) TVector.Widen(n4, ref e4, ref o4);
            if (positions > 5) TVector.Widen(n5, ref e5, ref o5);
            if (positions > 6) TVector.Widen(n6, ref e6, ref o6);
            if (positions > 7) TVector.Widen(n7, ref e7, ref o7);
        }

        Store(sums, 0, e0, o0);
        if (positions > 1) Store(sums, 1, e1, o1);
        if (positions > 2) Store(sums, 2, e2, o2);
        if (positions > 3) Store(sums, 3, e3, o3);
        if (positions > 4) Store(sums, 4, e4, o4);
        if (positions > 5) Store(sums, 5, e5, o5);
        if (positions > 6) Store(sums, 6, e6, o6);
        if (positions > 7) Store(sums, 7, e7, o7);
    }

    /// <summary>A pixel is the third column of the position two before it, the second of the one before it, and the first of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TPositions>(int pixel, TVector table, TVector first, TVector second, TVector third, ref TVector beforeLast, ref TVector last, ref TVector own) where TPositions : ICount
    {
        if (pixel >= 2) beforeLast = TVector.AddLookups(beforeLast, table, third);
        if (pixel >= 1 && pixel - 1 < TPositions.Value) last = TVector.AddLookups(last, table, second);
        if (pixel < TPositions.Value) own = TVector.AddLookups(own, table, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in LookupSums sums, nint position, TVector even, TVector odd)
        => TVector.Store(even, odd, sums.Factor, sums.Constant, (int*)sums.C + (position * sums.Ld), sums.Continues);
}

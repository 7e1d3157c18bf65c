using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Register tiles of matrix products by tables: the table of a row's code is loaded once for two vectors of outputs, their indices once for all rows.</summary>
/// <typeparam name="TVector">The vectors.</typeparam>
internal static unsafe class LookupRows<TVector> where TVector : struct, ILookupVector<TVector>
{
    /// <summary>Vectors of outputs.</summary>
    public const int Vectors = 2;

    /// <summary>Multiplies a tile.</summary>
    /// <typeparam name="TRows">Rows.</typeparam>
    /// <param name="codes">Codes of the first row.</param>
    /// <param name="pitch">Codes from one group to the next.</param>
    /// <param name="tables">Products of codes.</param>
    /// <param name="indices">Indices of the outputs, [group][output].</param>
    /// <param name="groups">Groups.</param>
    /// <param name="wide">Room for the 16-bit sums of a tile: four vectors a row.</param>
    /// <param name="sums">Where the sums go, and what becomes of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(ushort* codes, nint pitch, byte* tables, byte* indices, nint groups, byte* wide, LookupSums sums) where TRows : ICount
    {
        var rows = TRows.Value;
        nint most = byte.MaxValue / TVector.Bits;
        new Span<byte>(wide, 2 * Vectors * rows * TVector.Outputs).Clear();
        for (; groups > 0; groups -= most)
        {
            // One local a vector: the JIT keeps no vectors of a structure in registers.
            TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
            for (var group = Math.Min(groups, most); group > 0; group--, codes += pitch, indices += Vectors * TVector.Outputs)
            {
                TVector first = TVector.Load(indices), second = TVector.Load(indices + TVector.Outputs);
                Add(ref a0, ref b0, TVector.Load(tables + *codes), first, second);
                if (rows > 1) Add(ref a1, ref b1, TVector.Load(tables + codes[1]), first, second);
                if (rows > 2) Add(ref a2, ref b2, TVector.Load(tables + codes[2]), first, second);
                if (rows > 3) Add(ref a3, ref b3, TVector.Load(tables + codes[3]), first, second);
                if (rows > 4) Add(ref a4, ref b4, TVector.Load(tables + codes[4]), first, second);
                if (rows > 5) Add(ref a5, ref b5, TVector.Load(tables + codes[5]), first, second);
                if (rows > 6) Add(ref a6, ref b6, TVector.Load(tables + codes[6]), first, second);
                if (rows > 7) Add(ref a7, ref b7, TVector.Load(tables + codes[7]), first, second);
            }

            Widen(a0, b0, wide);
            if (rows > 1) Widen(a1, b1, wide + (2 * Vectors * TVector.Outputs));
            if (rows > 2) Widen(a2, b2, wide + (4 * Vectors * TVector.Outputs));
            if (rows > 3) Widen(a3, b3, wide + (6 * Vectors * TVector.Outputs));
            if (rows > 4) Widen(a4, b4, wide + (8 * Vectors * TVector.Outputs));
            if (rows > 5) Widen(a5, b5, wide + (10 * Vectors * TVector.Outputs));
            if (rows > 6) Widen(a6, b6, wide + (12 * Vectors * TVector.Outputs));
            if (rows > 7) Widen(a7, b7, wide + (14 * Vectors * TVector.Outputs));
        }

        for (var i = 0; i < Vectors * rows; i++, wide += 2 * TVector.Outputs)
        {
            var c = (int*)sums.C + (i / Vectors * sums.Ld) + (i % Vectors * TVector.Outputs);
            TVector.Store(TVector.Load(wide), TVector.Load(wide + TVector.Outputs), sums.Factor, sums.Constant, c, sums.Continues);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref TVector a, ref TVector b, TVector table, TVector first, TVector second)
    {
        a = TVector.AddLookups(a, table, first);
        b = TVector.AddLookups(b, table, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(TVector a, TVector b, byte* wide)
    {
        Widen(a, wide);
        Widen(b, wide + (2 * TVector.Outputs));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(TVector counts, byte* wide)
    {
        TVector even = TVector.Load(wide), odd = TVector.Load(wide + TVector.Outputs);
        TVector.Widen(counts, ref even, ref odd);
        TVector.Save(even, wide);
        TVector.Save(odd, wide + TVector.Outputs);
    }
}

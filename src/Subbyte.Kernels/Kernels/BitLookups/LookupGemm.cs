using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Matrix products of bit planes by tables, for enough rows and outputs that fill pairs of vectors; sums are those of <see cref="BitGemm"/>.</summary>
/// <typeparam name="TVector">The vectors.</typeparam>
internal static unsafe class LookupGemm<TVector> where TVector : struct, ILookupVector<TVector>
{
    // Codes of a block of rows that stay in the first cache.
    private const int CodesOfBlock = 1 << 13;
    private const int OutputsOfBlock = LookupRows<TVector>.Vectors;

    /// <summary>Whether tables suit a product.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="w">Weights.</param>
    public static bool Fits(int rows, PackedBitMatrix w) => rows >= TVector.Positions && w.Positions == 1 && w.Outputs % (OutputsOfBlock * TVector.Outputs) == 0;

    /// <summary>Multiplies rows of words.</summary>
    /// <param name="a">First word of the first row.</param>
    /// <param name="lda">Words from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="w">Weights that <see cref="Fits"/> has found to suit.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="c">Sums.</param>
    /// <param name="ldc">Sums from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(uint* a, nint lda, int rows, PackedBitMatrix w, BitProduct product, int* c, nint ldc)
    {
        var codes = new LookupCodes(w.Channels, w.Planes, TVector.Bits);
        var groups = codes.Groups;
        var block = Math.Max(TVector.Positions, CodesOfBlock / groups / TVector.Positions * TVector.Positions);
        nint pitch = Math.Min(block, (rows + TVector.Pixels - 1) / TVector.Pixels * TVector.Pixels);
        fixed (ushort* offsets = Scratch<ushort>.Rent(checked(groups * (int)pitch)))
        {
            for (var row = 0; row < rows; row += block)
            {
                var count = Math.Min(block, rows - row);
                codes.Encode<TVector>(a + (row * lda), lda, count, offsets, pitch);
                Run(offsets, pitch, count, groups, w, product, c + (row * ldc), ldc);
            }
        }
    }

    /// <summary>Blocks of outputs, whose indices stay in the first caches, over all rows; sums go on where there are more groups than a tile may count.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(ushort* codes, nint pitch, int rows, int groups, PackedBitMatrix w, BitProduct product, int* c, nint ldc)
    {
        var wide = stackalloc byte[2 * OutputsOfBlock * TVector.Positions * TVector.Outputs];
        fixed (byte* tables = LookupTable<TVector>.Of(product))
        fixed (byte* indices = w.Lookups<TVector>().Indices)
        {
            for (var first = 0; first < groups; first += LookupTable<TVector>.MostGroups)
            {
                var count = Math.Min(LookupTable<TVector>.MostGroups, groups - first);
                var sums = new LookupSums(0, ldc, LookupTable<TVector>.Factor(product), LookupTable<TVector>.Constant(product, count), Continues: first > 0);
                for (var output = 0; output < w.Outputs; output += OutputsOfBlock * TVector.Outputs)
                {
                    var block = indices + ((nint)output * groups) + ((nint)first * OutputsOfBlock * TVector.Outputs);
                    for (var row = 0; row < rows; row += TVector.Positions)
                        RunTile(Math.Min(TVector.Positions, rows - row), codes + (first * pitch) + row, pitch, tables, block, count, wide, sums with { C = (nint)(c + (row * ldc) + output) });
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTile(int rows, ushort* codes, nint pitch, byte* tables, byte* indices, nint groups, byte* wide, LookupSums sums)
    {
        switch (rows)
        {
            case 1: LookupRows<TVector>.Run<One>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 2: LookupRows<TVector>.Run<Two>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 3: LookupRows<TVector>.Run<Three>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 4: LookupRows<TVector>.Run<Four>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 5: LookupRows<TVector>.Run<Five>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 6: LookupRows<TVector>.Run<Six>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 7: LookupRows<TVector>.Run<Seven>(codes, pitch, tables, indices, groups, wide, sums); break;
            case 8: LookupRows<TVector>.Run<Eight>(codes, pitch, tables, indices, groups, wide, sums); break;
        }
    }
}

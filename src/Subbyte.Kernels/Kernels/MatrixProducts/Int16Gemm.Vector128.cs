using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

// No portable instruction multiplies 16-bit lanes into 32-bit sums: operands are widened first, a block of rows at a time.
public static partial class Int16Gemm
{
    /// <summary>Widened codes of one block of rows: 256 KiB.</summary>
    private const int CodesOfBlock = 1 << 16;

    /// <summary>As <see cref="Multiply"/>, for sums of which <paramref name="stepsOfShortSum"/> pairs of products fit 16 bits each.</summary>
    internal static unsafe void MultiplyShort(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<int> c, int ldc, int stepsOfShortSum)
    {
        fixed (short* pa = a, pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.Run<ShortTiles128>((byte*)pa, (nint)lda * sizeof(short), rows, (int*)pw, w.Steps, w.Steps, w.Outputs, pc, ldc, stepsOfShortSum);
    }

    private static unsafe void MultiplyWidened(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        var blockRows = RowsOfWidenedBlock(w.Depth);
        fixed (int* pw = w.WidenedPanels, pc = c)
        {
            for (var row = 0; row < rows; row += blockRows)
            {
                var count = Math.Min(blockRows, rows - row);
                fixed (uint* block = Widen(a[(row * lda)..], lda, count, w.Depth))
                    PanelProduct.Run<TileSet128<Chain128>>((byte*)block, (nint)w.Depth * sizeof(int), count, pw, w.Depth, w.Depth, w.Outputs, pc + ((nint)row * ldc), ldc);
            }
        }
    }

    /// <summary>The same for patches of a map that are read in place.</summary>
    internal static unsafe void MultiplyShortPatches(ReadOnlySpan<short> firstPatch, in PatchLayout patches, int lines, PackedInt16Matrix w, Span<int> c, int ldc, int stepsOfShortSum)
    {
        fixed (short* pa = firstPatch, pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.RunPatches<ShortTiles128>((byte*)pa, patches, lines, (int*)pw, w.Outputs, pc, ldc, stepsOfShortSum);
    }

    private static unsafe void MultiplyWidenedPatches(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        if (lines == 0) return;
        var extent = patches.Extent(firstLine, lines);
        fixed (uint* widened = Widen(map[patches.Patch(firstLine, 0)..], extent, 1, extent))
        fixed (int* pw = w.WidenedPanels, pc = c)
            PanelProduct.RunPatches<TileSet128<Chain128>>((byte*)widened, patches.Layout.Widened, lines, pw, w.Outputs, pc, ldc);
    }

    private static int RowsOfWidenedBlock(int depth) => Math.Max(TileSet128<Chain128>.Rows, CodesOfBlock / Math.Max(1, depth));

    /// <summary>Rows as 32-bit integers, side by side.</summary>
    private static Span<uint> Widen(ReadOnlySpan<short> a, int lda, int rows, int depth)
    {
        // Sums have the working memory of signed integers.
        var block = Scratch<uint>.Rent(rows * depth);
        for (var row = 0; row < rows; row++)
            CodeConversion.Widen(a.Slice(row * lda, depth), System.Runtime.InteropServices.MemoryMarshal.Cast<uint, int>(block.Slice(row * depth, depth)));
        return block;
    }

    private readonly struct Chain128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w) => sum + (a * w);
    }

    private readonly struct HighHalves128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w) => sum + ((a * w) >> 16);
    }
}

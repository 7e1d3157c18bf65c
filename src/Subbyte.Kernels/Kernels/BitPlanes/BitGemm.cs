using System.Numerics;
using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>What the sums of a bit-plane product are.</summary>
public enum BitProduct
{
    /// <summary>0/1 × ±1, one plane each: <c>−differences</c>; the number of +1 weights of the output has to be added.</summary>
    ZeroOne,

    /// <summary>±1 × ±1, one plane each: <c>−2 · differences</c>; the number of products has to be added. Padding is a −1.</summary>
    Signs,

    /// <summary>Ternary × ternary, two planes each: the dot product. Padding is a 0.</summary>
    Ternary,
}

/// <summary>
/// Matrix products of bit planes by tables or by carry-save population counts (Harley–Seal), exact on every instruction set; the summand that
/// <see cref="BitProduct"/> names is a constant of an output and belongs to the epilogue's offsets.
/// </summary>
public static class BitGemm
{
    // Counts of weight eight, and twice those of sixteen, must fit a byte.
    private const int StepsOfBinaryTile = 248;
    private const int StepsOfTernaryTile = 120;

    /// <summary>Multiplies rows of words.</summary>
    /// <param name="a">Row-major words; row <c>n</c> begins at <c>n · lda</c> and has the steps of <paramref name="w"/>, a word a plane each.</param>
    /// <param name="lda">Words from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void Multiply(ReadOnlySpan<uint> a, int lda, int rows, PackedBitMatrix w, BitProduct product, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        CheckPlanes(w, product);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Steps * w.Planes, w.Steps * w.Planes, c.Length, ldc, w.Outputs);
        var layout = new PatchLayout(0, rows, (nint)lda * sizeof(uint), 1, w.Steps * w.Planes, 0);
        fixed (uint* pa = a)
        fixed (int* pc = c)
        {
            if (Cpu.HasAvx512Vbmi && LookupGemm<Lookup512>.Fits(rows, w)) LookupGemm<Lookup512>.Run(pa, lda, rows, w, product, pc, ldc);
            else if (Cpu.HasAvx2 && !Cpu.HasAvx512 && LookupGemm<Lookup256>.Fits(rows, w)) LookupGemm<Lookup256>.Run(pa, lda, rows, w, product, pc, ldc);
            else Run((byte*)pa, layout, rows == 0 ? 0 : 1, w, product, c, ldc);
        }
    }

    /// <summary>Multiplies the patches of a padded map of words by packed weights.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it: words of all planes are its channels.</param>
    /// <param name="patches">Where its patches lie; planned for steps of one element.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void MultiplyPatches(ReadOnlySpan<uint> map, PatchMap patches, int firstLine, int lines, PackedBitMatrix w, BitProduct product, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        CheckPlanes(w, product);
        patches.Check(map.Length, firstLine, lines, w.Steps * w.Planes, 1, c.Length, ldc, w.Outputs);
        fixed (uint* pa = map)
            Run((byte*)(pa + patches.Patch(firstLine, 0)), patches.Layout, lines, w, product, c, ldc);
    }

    /// <summary>Refuses weights of another number of planes than a product has.</summary>
    internal static void CheckPlanes(PackedBitMatrix w, BitProduct product)
    {
        if (w.Planes != (product == BitProduct.Ternary ? 2 : 1)) throw new ArgumentException($"weights of {w.Planes} planes do not fit a product of {product}", nameof(w));
    }

    private static unsafe void Run(byte* a, in PatchLayout layout, int lines, PackedBitMatrix w, BitProduct product, Span<int> c, int ldc)
    {
        fixed (uint* pw = w.Panels)
        fixed (int* pc = c)
        {
            switch (product)
            {
                case BitProduct.ZeroOne when Cpu.HasAvx512: Run<BinaryLanes512<One>, BinaryTiles<Bits512, Two, One>, Bits512>(a, layout, lines, w, pw, pc, ldc, StepsOfBinaryTile); break;
                case BitProduct.ZeroOne when Cpu.HasAvx2: Run<BinaryLanes256<One>, BinaryTiles<Bits256, One, One>, Bits256>(a, layout, lines, w, pw, pc, ldc, StepsOfBinaryTile); break;
                case BitProduct.Signs when Cpu.HasAvx512: Run<BinaryLanes512<Two>, BinaryTiles<Bits512, Two, Two>, Bits512>(a, layout, lines, w, pw, pc, ldc, StepsOfBinaryTile); break;
                case BitProduct.Signs when Cpu.HasAvx2: Run<BinaryLanes256<Two>, BinaryTiles<Bits256, One, Two>, Bits256>(a, layout, lines, w, pw, pc, ldc, StepsOfBinaryTile); break;
                case BitProduct.Ternary when Cpu.HasAvx512: Run<TernaryLanes512, TernaryTiles<Bits512>, Bits512>(a, layout, lines, w, pw, pc, ldc, StepsOfTernaryTile); break;
                case BitProduct.Ternary when Cpu.HasAvx2: Run<TernaryLanes256, TernaryTiles<Bits256>, Bits256>(a, layout, lines, w, pw, pc, ldc, StepsOfTernaryTile); break;
                default: RunScalar(a, layout, lines, w, pw, product, pc, ldc); break;
            }
        }
    }

    /// <summary>Whole blocks of outputs by byte lanes, the others by lanes of 32 bits.</summary>
    private static unsafe void Run<TLanes, TTiles, TVector>(byte* a, in PatchLayout layout, int lines, PackedBitMatrix w, uint* weights, int* c, nint ldc, int stepsOfTile)
        where TLanes : ILaneTiles where TTiles : IBitTiles where TVector : struct, IBitVector<TVector>
    {
        RunLanes<TLanes>(a, layout, lines, w, c, ldc);
        if (w.OutputsInLanes < w.Outputs) Run<TTiles, TVector>(a, layout, lines, w, w.OutputsInLanes, weights, c, ldc, stepsOfTile);
    }

    /// <summary>Blocks of outputs, whose weights stay in the first cache, over all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunLanes<TTiles>(byte* a, in PatchLayout layout, int lines, PackedBitMatrix w, int* c, nint ldc) where TTiles : ILaneTiles
    {
        if (w.OutputsInLanes == 0) return;
        var tiles = (layout.LineLength + TTiles.Rows - 1) / TTiles.Rows;
        var step = sizeof(uint) * w.Planes * PackedBitMatrix.OutputsOfBlock;
        fixed (byte* lanes = w.Lanes)
        fixed (nint* offsets = Offsets(layout, w))
        {
            var tile = new BitTile { LdA = layout.PixelStride, LdC = ldc };
            var blocks = Math.Max(1, (w.Steps + TTiles.StepsOfTile - 1) / TTiles.StepsOfTile);
            for (var block = 0; block < blocks; block++)
            {
                var first = (int)((long)w.Steps * block / blocks);
                tile.Offsets = offsets + first;
                tile.Steps = (int)((long)w.Steps * (block + 1) / blocks) - first;
                tile.Continues = block > 0;
                for (var output = 0; output < w.OutputsInLanes; output += TTiles.Outputs)
                {
                    var part = output % PackedBitMatrix.OutputsOfBlock;
                    tile.W = (uint*)(lanes + ((((nint)(output / PackedBitMatrix.OutputsOfBlock) * w.Steps) + first) * step) + part);
                    // A part of a block is that of each of its four vectors.
                    var sums = c + (output - part) + (part / sizeof(uint));
                    for (var line = 0; line < lines; line++)
                    {
                        for (int i = 0, row = 0; i < tiles; i++)
                        {
                            var end = (int)((long)layout.LineLength * (i + 1) / tiles);
                            tile.A = a + (line * layout.LineStride) + (row * layout.PixelStride);
                            tile.C = sums + ((((nint)line * layout.LineLength) + row) * ldc);
                            RunTile<TTiles>(ref tile, end - row);
                            row = end;
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTile<TTiles>(ref BitTile tile, int rows) where TTiles : ILaneTiles
    {
        switch (rows)
        {
            case 1: TTiles.Run<One>(ref tile); break;
            case 2: TTiles.Run<Two>(ref tile); break;
            case 3: TTiles.Run<Three>(ref tile); break;
            case 4: TTiles.Run<Four>(ref tile); break;
        }
    }

    /// <summary>Vectors of outputs, whose weights stay in the first cache, over all rows; sums go on where a row has more steps than a tile may count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TTiles, TVector>(byte* a, in PatchLayout layout, int lines, PackedBitMatrix w, int begin, uint* weights, int* c, nint ldc, int stepsOfTile)
        where TTiles : IBitTiles where TVector : struct, IBitVector<TVector>
    {
        fixed (nint* offsets = Offsets(layout, w))
        {
            var tile = new BitTile { LdA = layout.PixelStride };
            for (var first = 0; first < w.Steps; first += stepsOfTile)
            {
                tile.Offsets = offsets + first;
                tile.Steps = Math.Min(stepsOfTile, w.Steps - first);
                tile.Continues = first > 0;
                for (var output = begin; output < w.Outputs;)
                {
                    var two = output % Panel.Width == 0 && output + TVector.Count < w.Outputs;
                    tile.W = weights + ((((nint)(output / Panel.Width) * w.Steps) + first) * w.Planes * Panel.Width) + (output % Panel.Width);
                    tile.NextVector = TVector.Count < Panel.Width ? TVector.Count : (nint)w.Steps * w.Planes * Panel.Width;
                    var width = Math.Min(w.Outputs - output, (two ? 2 : 1) * TVector.Count);
                    for (var line = 0; line < lines; line++)
                    {
                        tile.A = a + (line * layout.LineStride);
                        var sums = c + ((nint)line * layout.LineLength * ldc) + output;
                        if (two) RunLine<TTiles, Two>(ref tile, layout.LineLength, sums, ldc, width, 2 * TVector.Count);
                        else RunLine<TTiles, One>(ref tile, layout.LineLength, sums, ldc, width, TVector.Count);
                    }

                    output += (two ? 2 : 1) * TVector.Count;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunLine<TTiles, TVectors>(ref BitTile tile, int rows, int* c, nint ldc, int width, int lanes) where TTiles : IBitTiles where TVectors : ICount
    {
        for (var row = 0; row < rows;)
        {
            var count = rows - row < TTiles.Rows ? 1 : TTiles.Rows;
            var sums = c + (row * ldc);
            if (width < lanes)
            {
                RunPartial<TTiles, TVectors>(ref tile, count, sums, ldc, width, lanes);
            }
            else
            {
                tile.C = sums;
                tile.LdC = ldc;
                if (count == 2) TTiles.Run<Two, TVectors>(ref tile);
                else TTiles.Run<One, TVectors>(ref tile);
            }

            tile.A += count * tile.LdA;
            row += count;
        }
    }

    [SkipLocalsInit]
    private static unsafe void RunPartial<TTiles, TVectors>(ref BitTile tile, int rows, int* c, nint ldc, int width, int lanes) where TTiles : IBitTiles where TVectors : ICount
    {
        var sums = stackalloc int[4 * Panel.Width];
        for (var row = 0; row < rows; row++) new ReadOnlySpan<int>(c + (row * ldc), width).CopyTo(new Span<int>(sums + (row * lanes), width));
        tile.C = sums;
        tile.LdC = lanes;
        if (rows == 2) TTiles.Run<Two, TVectors>(ref tile);
        else TTiles.Run<One, TVectors>(ref tile);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<int>(sums + (row * lanes), width).CopyTo(new Span<int>(c + (row * ldc), width));
    }

    /// <summary>Where each step of a row lies: the runs of a patch are its kernel's rows.</summary>
    private static Span<nint> Offsets(in PatchLayout layout, PackedBitMatrix w)
    {
        var offsets = Scratch<nint>.Rent(w.Steps);
        var run = layout.RunSteps / w.Planes;
        for (var step = 0; step < w.Steps; step++) offsets[step] = (step / run * layout.RunStride) + ((nint)(step % run) * w.Planes * sizeof(uint));
        return offsets;
    }

    private static unsafe void RunScalar(byte* a, in PatchLayout layout, int lines, PackedBitMatrix w, uint* weights, BitProduct product, int* c, nint ldc)
    {
        var offsets = Offsets(layout, w);
        for (var row = 0; row < lines * layout.LineLength; row++)
        {
            var x = a + (row / layout.LineLength * layout.LineStride) + (row % layout.LineLength * layout.PixelStride);
            for (var output = 0; output < w.Outputs; output++)
            {
                var panel = weights + ((nint)(output / Panel.Width) * w.Steps * w.Planes * Panel.Width) + (output % Panel.Width);
                c[(row * ldc) + output] = product == BitProduct.Ternary ? Dot(x, offsets[..w.Steps], panel) : (product == BitProduct.Signs ? -2 : -1) * Differences(x, offsets[..w.Steps], panel);
            }
        }
    }

    private static unsafe int Differences(byte* x, ReadOnlySpan<nint> offsets, uint* w)
    {
        var count = 0;
        foreach (var offset in offsets)
        {
            count += BitOperations.PopCount(*(uint*)(x + offset) ^ *w);
            w += Panel.Width;
        }

        return count;
    }

    private static unsafe int Dot(byte* x, ReadOnlySpan<nint> offsets, uint* w)
    {
        var sum = 0;
        foreach (var offset in offsets)
        {
            var both = *(uint*)(x + offset) & *w;
            sum += BitOperations.PopCount(both) - (2 * BitOperations.PopCount(both & (*(uint*)(x + offset + sizeof(uint)) ^ w[Panel.Width])));
            w += 2 * Panel.Width;
        }

        return sum;
    }
}

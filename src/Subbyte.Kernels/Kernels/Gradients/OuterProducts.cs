using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Products of two matrices whose common index runs over rows, as gradients of weights are: of the samples or the positions of a map. Every sum is one chain of fused
/// multiply-adds in ascending row, the same bits on every instruction set and for every blocking.
/// </summary>
public static class OuterProducts
{
    /// <summary>Rows whose share of both operands stays in the first cache: 9 KiB of a tile, 24 KiB of two panels.</summary>
    private const int RowsPerBlock = 192;

    /// <summary>Tiles that are packed together, so that rows are read in runs: 180 KiB, in the second cache.</summary>
    private const int TilesPerBlock = 20;

    private const int MostTileRows = 12;

    /// <summary>Elements of the map and the gradient that a block of lines takes: 32 KiB.</summary>
    private const int ElementsPerBlock = 8192;

    /// <summary>Multiplies: <c>c[i, j] = Σr a[r, i] · w[j, r]</c>.</summary>
    /// <param name="a">Row-major matrix; row <c>r</c> begins at <c>r · lda</c>.</param>
    /// <param name="lda">Elements from one row of <paramref name="a"/> to the next.</param>
    /// <param name="columns">Columns of <paramref name="a"/>, rows of the result.</param>
    /// <param name="w">The other matrix, packed from its rows (<see cref="PackedFloatMatrix.FillTransposed"/>); its depth is the number of rows.</param>
    /// <param name="c">Result, overwritten; row <c>i</c> begins at <c>i · ldc</c>, elements between rows are left alone.</param>
    /// <param name="ldc">Elements from one row of the result to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void Multiply(ReadOnlySpan<float> a, int lda, int columns, PackedFloatMatrix w, Span<float> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.CheckRows(a.Length, lda, w.Depth, columns, columns, nameof(a));
        MatrixProductArguments.CheckRows(c.Length, ldc, columns, w.Outputs, w.Outputs, nameof(c));
        if (Cpu.HasAvx512) Multiply<Lanes512>(a, lda, columns, w, c, ldc, MostTileRows);
        else if (Cpu.HasAvx2) Multiply<Lanes256>(a, lda, columns, w, c, ldc, MostTileRows / 2);
        else if (Cpu.HasVector128) Multiply<Lanes128>(a, lda, columns, w, c, ldc, MostTileRows / 2);
        else Multiply<ScalarLane>(a, lda, columns, w, c, ldc, MostTileRows / 2);
    }

    /// <summary>Adds the products of a map's patches with the gradients of the results: <c>sums[k, m] += Σp patch[p, k] · w[m, p]</c>, the gradient of a convolution's weights.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it.</param>
    /// <param name="patches">Where its patches lie; planned for steps of one element.</param>
    /// <param name="w">The gradients [position][output], packed by <see cref="PackedFloatMatrix.FillTransposed"/>; its depth is the number of patches.</param>
    /// <param name="sums">Sums [k][output], rows of whole panels, <see cref="Panel.Width"/> outputs each.</param>
    /// <param name="continues">Whether sums go on from what is there, or begin at zero.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void AddPatches(ReadOnlySpan<float> map, PatchMap patches, PackedFloatMatrix w, Span<float> sums, bool continues)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        var width = Panel.Count(w.Outputs) * Panel.Width;
        if (map.Length < patches.Length || w.Depth != patches.Lines * patches.LineLength || sums.Length < (long)patches.Depth * width)
            throw new ArgumentException($"a map of {map.Length} elements, gradients of {w.Depth} positions and {sums.Length} sums do not fit {patches.Lines * patches.LineLength} patches of {patches.Depth}", nameof(sums));
        if (Cpu.HasAvx512) AddPatches<Lanes512>(map, patches, w, sums, width, continues, MostTileRows);
        else if (Cpu.HasAvx2) AddPatches<Lanes256>(map, patches, w, sums, width, continues, MostTileRows / 2);
        else if (Cpu.HasVector128) AddPatches<Lanes128>(map, patches, w, sums, width, continues, MostTileRows / 2);
        else AddPatches<ScalarLane>(map, patches, w, sums, width, continues, MostTileRows / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddPatches<TLanes>(ReadOnlySpan<float> map, PatchMap patches, PackedFloatMatrix w, Span<float> sums, int width, bool continues, int mostRows) where TLanes : struct, IProductLanes<TLanes>
    {
        var layout = patches.Layout;
        nint pixel = layout.PixelStride / sizeof(float), line = layout.LineStride / sizeof(float), run = layout.RunStride / sizeof(float);
        var panel = (nint)w.Depth * Panel.Width;
        var tiles = (layout.RunSteps + mostRows - 1) / mostRows;
        var linesPerBlock = (int)Math.Max(1, ElementsPerBlock / (line + ((nint)layout.LineLength * width)));
        var blocks = (patches.Lines + linesPerBlock - 1) / linesPerBlock;
        fixed (float* pa = map, pw = w.Panels, pc = sums)
        {
            for (int block = 0, first = 0; block < blocks; block++)
            {
                var end = End(patches.Lines, block, blocks);
                var tile = new OuterTile { StepA = pixel, Steps = layout.LineLength, Runs = end - first, Skip = line - (layout.LineLength * pixel), LdC = width, Continues = continues || first > 0 };
                for (var i = 0; i < layout.Runs * tiles; i++)
                {
                    var (kernelRow, part) = Math.DivRem(i, tiles);
                    var (from, to) = (End(layout.RunSteps, part - 1, tiles), End(layout.RunSteps, part, tiles));
                    tile.A = pa + (first * line) + (kernelRow * run) + from;
                    RunColumns<TLanes>(ref tile, to - from, pw + ((nint)first * layout.LineLength * Panel.Width), panel, width, pc + (((kernelRow * layout.RunSteps) + from) * (nint)width));
                }

                first = end;
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Multiply<TLanes>(ReadOnlySpan<float> a, int lda, int columns, PackedFloatMatrix w, Span<float> c, int ldc, int mostRows) where TLanes : struct, IProductLanes<TLanes>
    {
        var edge = stackalloc float[Panel.Width * MostTileRows];
        int tiles = (columns + mostRows - 1) / mostRows, blocks = Math.Max(1, (w.Depth + RowsPerBlock - 1) / RowsPerBlock);
        fixed (float* pa = a, pw = w.Panels, pc = c, packed = Scratch<float>.Rent(RowsPerBlock * TilesPerBlock * MostTileRows))
        {
            for (int block = 0, first = 0; block < blocks; block++)
            {
                var end = End(w.Depth, block, blocks);
                for (int i = 0, column = 0; i < tiles; i += TilesPerBlock)
                {
                    var tile = new OuterTile { Steps = end - first, Runs = 1, LdC = ldc, Continues = first > 0 };
                    var last = Math.Min(tiles, i + TilesPerBlock);
                    PackTiles(pa + ((nint)first * lda), lda, end - first, columns, i, last, tiles, packed);
                    tile.A = packed;
                    for (var j = i; j < last; j++)
                    {
                        var rows = End(columns, j, tiles) - column;
                        tile.StepA = rows;
                        RunTile<TLanes>(ref tile, rows, pw + ((nint)first * Panel.Width), w, pc + ((nint)column * ldc), edge);
                        tile.A += rows * tile.Steps;
                        column += rows;
                    }
                }

                first = end;
            }
        }
    }

    private static unsafe void RunTile<TLanes>(ref OuterTile tile, int rows, float* panels, PackedFloatMatrix w, float* c, float* edge) where TLanes : struct, IProductLanes<TLanes>
    {
        var whole = w.Outputs / Panel.Width * Panel.Width;
        var panel = (nint)w.Depth * Panel.Width;
        RunColumns<TLanes>(ref tile, rows, panels, panel, whole, c);
        if (whole < w.Outputs) RunEdge<TLanes>(tile, rows, panels + (whole / Panel.Width * panel), panel, w.Outputs - whole, c + whole, edge);
    }

    /// <summary>One tile of rows by all columns of whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunColumns<TLanes>(ref OuterTile tile, int rows, float* w, nint panel, int width, float* c) where TLanes : struct, IProductLanes<TLanes>
    {
        tile.SecondW = TLanes.Count < Panel.Width ? TLanes.Count : panel;
        for (var j = 0; j < width; j += 2 * TLanes.Count)
        {
            tile.W = w + (j / Panel.Width * panel) + (j % Panel.Width);
            tile.C = c + j;
            if (j + TLanes.Count < width) OuterTile.Run<TLanes, Two>(rows, ref tile);
            else OuterTile.Run<TLanes, One>(rows, ref tile);
        }
    }

    /// <summary>One tile of rows by the last columns, fewer than a panel's.</summary>
    private static unsafe void RunEdge<TLanes>(OuterTile tile, int rows, float* w, nint panel, int columns, float* c, float* sums) where TLanes : struct, IProductLanes<TLanes>
    {
        var ldc = tile.LdC;
        for (var row = 0; row < rows && tile.Continues; row++) new ReadOnlySpan<float>(c + (row * ldc), columns).CopyTo(new Span<float>(sums + (row * Panel.Width), columns));
        tile.LdC = Panel.Width;
        RunColumns<TLanes>(ref tile, rows, w, panel, Panel.Width, sums);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(sums + (row * Panel.Width), columns).CopyTo(new Span<float>(c + (row * ldc), columns));
    }

    /// <summary>Copies the columns of some tiles so that the rows of a tile lie one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void PackTiles(float* a, nint lda, int rows, int columns, int first, int end, int tiles, float* packed)
    {
        var count = end - first;
        var starts = stackalloc nint[TilesPerBlock + 1];
        for (var tile = 0; tile <= count; tile++) starts[tile] = End(columns, first + tile - 1, tiles) - End(columns, first - 1, tiles);
        a += End(columns, first - 1, tiles);
        for (nint row = 0; row < rows; row++, a += lda)
        {
            for (var tile = 0; tile < count; tile++)
            {
                var width = starts[tile + 1] - starts[tile];
                CopyRow(a + starts[tile], width, packed + (starts[tile] * rows) + (row * width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void CopyRow(float* from, nint count, float* to)
    {
        if (count < 2 * Vector128<float>.Count)
        {
            for (var i = 0; i < count; i++) to[i] = from[i];
            return;
        }

        Vector128.Load(from).Store(to);
        Vector128.Load(from + Vector128<float>.Count).Store(to + Vector128<float>.Count);
        Vector128.Load(from + count - Vector128<float>.Count).Store(to + count - Vector128<float>.Count);
    }

    private static int End(int count, int i, int parts) => (int)((long)count * (i + 1) / parts);
}

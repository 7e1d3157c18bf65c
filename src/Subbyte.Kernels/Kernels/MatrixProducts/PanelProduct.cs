using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// The loops around the register tiles, one for all matrix products: blocks of <c>k</c> whose panels stay in the first cache, blocks of rows
/// that stay in the second, panels, tiles. Sums that go on from block to block are stored and loaded again as they are, so that blocking
/// changes no result.
/// </summary>
internal static class PanelProduct
{
    /// <summary>Steps of a block of <c>k</c>: two panels take 32 KiB.</summary>
    private const int StepsPerBlock = 256;

    /// <summary>Rows of a block: their part of a block of <c>k</c> takes 192 KiB.</summary>
    private const int RowsPerBlock = 192;

    /// <summary>Multiplies.</summary>
    /// <typeparam name="TTiles">The register tiles.</typeparam>
    /// <param name="a">Rows, 32 bits a step.</param>
    /// <param name="lda">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="w">First step of the first panel.</param>
    /// <param name="panelSteps">Steps from one panel to the next.</param>
    /// <param name="steps">Steps of <c>k</c> to multiply, at most <paramref name="panelSteps"/>.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="c">Sums.</param>
    /// <param name="ldc">Lanes from one row of sums to the next.</param>
    /// <param name="stepsOfShortSum">See <see cref="Tile.StepsOfShortSum"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TTiles>(byte* a, nint lda, int rows, int* w, int panelSteps, int steps, int outputs, int* c, nint ldc, int stepsOfShortSum = 0) where TTiles : ITileSet
    {
        var tile = new Tile { StepsOfShortSum = stepsOfShortSum, LdA = lda, PanelLength = (nint)panelSteps * Panel.Width, Runs = 1 };
        int stepBlocks = Blocks(steps, StepsPerBlock), rowBlocks = Blocks(rows, RowsPerBlock);
        for (int i = 0, step = 0; i < stepBlocks; i++, step += (int)tile.Steps)
        {
            tile.Steps = End(steps, i, stepBlocks) - step;
            tile.Continues = i > 0;
            for (int j = 0, row = 0; j < rowBlocks; j++)
            {
                var end = End(rows, j, rowBlocks);
                tile.A = a + (row * lda) + ((nint)step * sizeof(int));
                tile.W = w + ((nint)step * Panel.Width);
                RunBlock<TTiles>(ref tile, 1, 0, end - row, outputs, c + (row * ldc), ldc);
                row = end;
            }
        }
    }

    /// <summary>Multiplies patches that are read where they lie in a padded map: a row of <c>a</c> is a patch, its runs are the kernel's rows.</summary>
    /// <typeparam name="TTiles">The register tiles.</typeparam>
    /// <param name="a">First patch of the first line.</param>
    /// <param name="patches">Where patches lie.</param>
    /// <param name="lines">Lines of patches.</param>
    /// <param name="w">First step of the first panel.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="c">Sums, patch by patch.</param>
    /// <param name="ldc">Lanes from one row of sums to the next.</param>
    /// <param name="stepsOfShortSum">See <see cref="Tile.StepsOfShortSum"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void RunPatches<TTiles>(byte* a, in PatchLayout patches, int lines, int* w, int outputs, int* c, nint ldc, int stepsOfShortSum = 0) where TTiles : ITileSet
    {
        var tile = new Tile
        {
            StepsOfShortSum = stepsOfShortSum,
            LdA = patches.PixelStride,
            PanelLength = (nint)patches.Runs * patches.RunSteps * Panel.Width,
            Steps = patches.RunSteps,
            Skip = patches.RunStride - (patches.RunSteps * sizeof(int)),
        };
        var blocks = Math.Min(patches.Runs, Blocks(patches.Runs * patches.RunSteps, StepsPerBlock));
        for (int i = 0, run = 0; i < blocks; i++, run += (int)tile.Runs)
        {
            tile.Runs = End(patches.Runs, i, blocks) - run;
            tile.Continues = i > 0;
            tile.A = a + (run * patches.RunStride);
            tile.W = w + ((nint)run * patches.RunSteps * Panel.Width);
            RunBlock<TTiles>(ref tile, lines, patches.LineStride, patches.LineLength, outputs, c, ldc);
        }
    }

    /// <summary>Number of blocks of about <paramref name="size"/>, at least one.</summary>
    private static int Blocks(int count, int size) => Math.Max(1, (count + (size / 2)) / size);

    /// <summary>Where block <paramref name="i"/> ends when <paramref name="count"/> is shared evenly: 49 rows are tiles of 9, 10, 10, 10 and 10, not 12, 12, 12, 12 and 1.</summary>
    private static int End(int count, int i, int blocks) => (int)((long)count * (i + 1) / blocks);

    /// <summary>All panels over lines of rows: a matrix is one line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunBlock<TTiles>(ref Tile tile, int lines, nint lineStride, int rows, int outputs, int* c, nint ldc) where TTiles : ITileSet
    {
        var a = tile.A;
        var tiles = (rows + TTiles.Rows - 1) / TTiles.Rows;
        var panels = rows == 1 ? TTiles.PanelsOfOneRow : TTiles.Panels;
        for (var output = 0; output < outputs;)
        {
            while (panels > 1 && output + (panels * Panel.Width) > outputs + Panel.Width - 1)
                panels = panels > TTiles.Panels ? TTiles.Panels : 1;
            var width = Math.Min(outputs - output, panels * Panel.Width);
            for (var line = 0; line < lines; line++)
            {
                tile.A = a + (line * lineStride);
                var sums = c + (line * rows * ldc) + output;
                for (int i = 0, row = 0; i < tiles; i++)
                {
                    var end = End(rows, i, tiles);
                    if (tile.Continues) Prefetch(sums + (end * ldc), Math.Min(TTiles.Rows, rows - end), ldc, width);
                    RunTile<TTiles>(ref tile, end - row, panels, sums + (row * ldc), ldc, width);
                    tile.A += (end - row) * tile.LdA;
                    row = end;
                }
            }

            tile.W += panels * tile.PanelLength;
            output += panels * Panel.Width;
        }
    }

    /// <summary>Asks for the sums of the next tile while this one runs: those of a large product have left the first caches since the last block of <c>k</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(int* c, int rows, nint ldc, int width)
    {
        if (!Sse.IsSupported) return;
        for (; rows > 0; rows--, c += ldc)
        {
            Sse.Prefetch0(c);
            if (width > Panel.Width) Sse.Prefetch0(c + Panel.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunTile<TTiles>(ref Tile tile, int rows, int panels, int* c, nint ldc, int outputs) where TTiles : ITileSet
    {
        if (outputs == panels * Panel.Width)
        {
            tile.C = c;
            tile.LdC = ldc;
            TTiles.Run(rows, panels, ref tile);
            return;
        }
        RunPartialTile<TTiles>(ref tile, rows, panels, c, ldc, outputs);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunPartialTile<TTiles>(ref Tile tile, int rows, int panels, int* c, nint ldc, int outputs) where TTiles : ITileSet
    {
        var width = panels * Panel.Width;
        var sums = stackalloc int[rows * width];
        if (tile.Continues)
        {
            for (var row = 0; row < rows; row++)
                new ReadOnlySpan<int>(c + (row * ldc), outputs).CopyTo(new Span<int>(sums + (row * width), outputs));
        }
        tile.C = sums;
        tile.LdC = width;
        TTiles.Run(rows, panels, ref tile);
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<int>(sums + (row * width), outputs).CopyTo(new Span<int>(c + (row * ldc), outputs));
    }
}

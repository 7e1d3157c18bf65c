using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Products of unsigned bytes and ternary weights by look-up in 512-bit vectors: three activations have 27 sums under the weights −1, 0 and 1, which are made once
/// and serve all outputs and all kernel positions that meet them.
/// </summary>
internal static unsafe class TripleGemm
{
    /// <summary>Vectors that must be looked up in a table on average: making it costs a few of them, and 16-bit sums of two products are nearly as fast.</summary>
    private const int FewestUses = 16;

    /// <summary>Tables that should stay in the second cache.</summary>
    private const int TableBytes = 400 << 10;

    /// <summary>Tables of one tile's width that may leave it.</summary>
    private const int MostTableBytes = 4 << 20;

    /// <summary>Whether a convolution is multiplied so on this machine.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="w">Weights.</param>
    /// <returns>True when it is.</returns>
    public static bool Serves(ConvolutionGeometry g, PackedLowBitMatrix w)
        => Cpu.HasAvx512 && TernaryTriples.Fits(w, g.KernelHeight * g.KernelWidth) && Uses(g, w.Outputs) >= FewestUses && BytesOfTables(g, Math.Min(TripleTiles.Rows, g.OutWidth)) <= MostTableBytes;

    /// <summary>Multiplies the patches of a padded map by ternary weights.</summary>
    /// <param name="map">The map.</param>
    /// <param name="patches">Where its patches lie.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Weights.</param>
    /// <param name="c">Result, overwritten.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    public static void MultiplyPatches(byte* map, PatchMap patches, int firstLine, int lines, TernaryTriples w, int* c, nint ldc)
    {
        var line = new TripleLine { First = map, PixelBytes = patches.Channels, Readable = patches.Channels };
        Multiply(patches.Geometry, line, patches.Pixel(1, 0), firstLine, lines, w, c, ldc);
    }

    /// <summary>Blocks of channels, columns whose tables stay in the second cache, lines, each with the tables of the lines of the map that no line before it has read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ConvolutionGeometry g, TripleLine line, nint lineBytes, int firstLine, int lines, TernaryTriples w, int* c, nint ldc)
    {
        var map = line.First;
        var columns = Columns(g);
        var ring = (int)LinesOfTables(g);
        (line.Triples, line.Stride, line.Slots) = (w.Triples, g.StrideWidth, (nint)Slots(g, columns));
        fixed (byte* tables = Scratch<byte>.Rent((int)BytesOfTables(g, columns)))
        fixed (TripleStep* steps = Scratch<TripleStep>.Rent(w.Steps(0)))
        {
            var group = line.Stride * line.Slots * TripleTables.GroupBytes;
            for (var block = 0; block < w.Blocks; block++)
            {
                var lineOfTables = w.GroupsOf(block) * group;
                for (var column = 0; column < g.OutWidth; column += columns)
                {
                    var width = Math.Min(columns, g.OutWidth - column);
                    line.Count = ((width - 1) * line.Stride) + g.KernelWidth;
                    var next = firstLine * g.StrideHeight;
                    for (var i = 0; i < lines; i++)
                    {
                        var first = (firstLine + i) * g.StrideHeight;
                        for (next = Math.Max(next, first); next < first + ring; next++)
                        {
                            line.First = map + (next * lineBytes) + (column * g.StrideWidth * line.PixelBytes);
                            TripleTables.Write(ref line, block * w.GroupsOfBlock, w.GroupsOf(block), tables + (next % ring * lineOfTables));
                        }

                        Locate(steps, w, block, g, first, ring, lineOfTables, line.Slots);
                        RunLine(tables, steps, w, block, width, c + ((((nint)i * g.OutWidth) + column) * ldc), ldc);
                    }
                }
            }
        }
    }

    private static long Uses(ConvolutionGeometry g, int outputs)
        => (long)g.Positions * g.KernelHeight * g.KernelWidth * (outputs / TernaryTriples.Width) / (((long)g.InHeight + g.PadTop + g.PadBottom) * (g.InWidth + g.PadLeft + g.PadRight));

    /// <summary>Lines of the map that a line of output reads.</summary>
    private static long LinesOfTables(ConvolutionGeometry g) => ((g.KernelHeight - 1L) * g.DilationHeight) + 1;

    /// <summary>Pixels of some columns of output with the same remainder of the stride.</summary>
    private static long Slots(ConvolutionGeometry g, int columns) => (((columns - 1L) * g.StrideWidth) + g.KernelWidth + g.StrideWidth - 1) / g.StrideWidth;

    private static long BytesOfTables(ConvolutionGeometry g, int columns)
        => LinesOfTables(g) * TernaryTriples.GroupsOfBlockFor(g.KernelHeight * g.KernelWidth, g.InChannels) * g.StrideWidth * Slots(g, columns) * TripleTables.GroupBytes;

    /// <summary>Columns of the output whose tables stay in the second cache: all, or whole tiles.</summary>
    private static int Columns(ConvolutionGeometry g)
    {
        var columns = g.OutWidth;
        while (columns > TripleTiles.Rows && BytesOfTables(g, columns) > TableBytes) columns = (columns - 1) / TripleTiles.Rows * TripleTiles.Rows;
        return columns;
    }

    /// <summary>Writes where the tables of each step lie for a line of output.</summary>
    private static void Locate(TripleStep* steps, TernaryTriples w, int block, ConvolutionGeometry g, int first, int ring, nint lineOfTables, nint slots)
    {
        for (var row = 0; row < w.KernelHeight; row++)
        {
            var table = (first + (row * g.DilationHeight)) % ring * lineOfTables;
            for (var group = 0; group < w.GroupsOf(block); group++, table += g.StrideWidth * slots * TripleTables.GroupBytes)
            {
                for (var column = 0; column < w.KernelWidth; column++)
                    *steps++ = new TripleStep(table + (((column % g.StrideWidth * slots) + (column / g.StrideWidth)) * TripleTables.GroupBytes), w.TriplesOf((block * w.GroupsOfBlock) + group));
            }
        }
    }

    /// <summary>Neighbouring rows by all pairs of panels.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunLine(byte* tables, TripleStep* steps, TernaryTriples w, int block, int rows, int* c, nint ldc)
    {
        var high = stackalloc short[TripleTiles.Rows * TernaryTriples.OutputsOfPair];
        var tile = new TripleTile { Steps = steps, High = high, Continues = block > 0 };
        var tiles = (rows + TripleTiles.Rows - 1) / TripleTiles.Rows;
        fixed (ushort* indices = w.Indices)
        {
            for (var pair = 0; pair < w.Pairs; pair++)
            {
                var segments = w.SegmentsOf(block, pair);
                var output = pair * TernaryTriples.OutputsOfPair;
                tile.W = indices + w.Offset(block, pair);
                tile.SegmentCount = segments.Length;
                fixed (int* pointer = segments)
                {
                    tile.Segments = pointer;
                    for (int i = 0, row = 0; i < tiles; i++)
                    {
                        var end = (int)((long)rows * (i + 1) / tiles);
                        tile.Tables = tables + ((nint)row * TripleTables.GroupBytes);
                        RunTile(ref tile, end - row, Math.Min(TernaryTriples.OutputsOfPair, w.Outputs - output), c + (row * ldc) + output, ldc);
                        row = end;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTile(ref TripleTile tile, int rows, int outputs, int* c, nint ldc)
    {
        if (outputs % TernaryTriples.Width > 0)
        {
            RunPartialTile(ref tile, rows, outputs, c, ldc);
            return;
        }

        tile.C = c;
        tile.LdC = ldc;
        TripleTiles.Run(rows, outputs / TernaryTriples.Width, ref tile);
    }

    /// <summary>Outputs that do not fill their last panel.</summary>
    [SkipLocalsInit]
    private static void RunPartialTile(ref TripleTile tile, int rows, int outputs, int* c, nint ldc)
    {
        const int width = TernaryTriples.OutputsOfPair;
        var sums = stackalloc int[TripleTiles.Rows * width];
        for (var row = 0; tile.Continues && row < rows; row++) new ReadOnlySpan<int>(c + (row * ldc), outputs).CopyTo(new Span<int>(sums + (row * width), outputs));
        tile.C = sums;
        tile.LdC = width;
        TripleTiles.Run(rows, (outputs + TernaryTriples.Width - 1) / TernaryTriples.Width, ref tile);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<int>(sums + (row * width), outputs).CopyTo(new Span<int>(c + (row * ldc), outputs));
    }
}

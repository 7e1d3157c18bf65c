using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Transposes matrices of floats.</summary>
public static class Transposition
{
    private const int Tile = 4;

    // The lines that a block's columns become stay in the first cache while all rows are written to them.
    private const int BlockColumns = 64;

    /// <summary>Writes <c>destination[c, r] = source[r, c]</c>.</summary>
    /// <param name="source">Row-major matrix; row <c>r</c> begins at <c>r · sourceStride</c>.</param>
    /// <param name="sourceStride">Elements from one row of the source to the next.</param>
    /// <param name="rows">Rows of the source, ≥ 0.</param>
    /// <param name="columns">Columns of the source, ≥ 0.</param>
    /// <param name="destination">Row-major result; row <c>c</c> begins at <c>c · destinationStride</c>. It must not overlap the source.</param>
    /// <param name="destinationStride">Elements from one row of the result to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static unsafe void Run(ReadOnlySpan<float> source, int sourceStride, int rows, int columns, Span<float> destination, int destinationStride)
    {
        if (rows <= 0 || columns <= 0) return;
        if (sourceStride < columns || ((long)(rows - 1) * sourceStride) + columns > source.Length)
            throw new ArgumentException($"the source has {source.Length} elements, not {rows} rows of {columns} with stride {sourceStride}", nameof(source));
        if (destinationStride < rows || ((long)(columns - 1) * destinationStride) + rows > destination.Length)
            throw new ArgumentException($"the result has {destination.Length} elements, not {columns} rows of {rows} with stride {destinationStride}", nameof(destination));
        fixed (float* from = source, to = destination)
        {
            for (var first = 0; first < columns; first += BlockColumns)
                RunBlock(from + first, sourceStride, rows, Math.Min(BlockColumns, columns - first), to + ((nint)first * destinationStride), destinationStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RunBlock(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        var tiled = Cpu.HasVector128 ? (Rows: rows / Tile * Tile, Columns: columns / Tile * Tile) : default;
        for (nint row = 0; row < tiled.Rows; row += Tile)
        {
            for (nint column = 0; column < tiled.Columns; column += Tile)
                RunTile(from + (row * fromStride) + column, fromStride, to + (column * toStride) + row, toStride);
        }

        for (nint column = 0; column < columns; column++)
        {
            for (nint row = column < tiled.Columns ? tiled.Rows : 0; row < rows; row++)
                to[(column * toStride) + row] = from[(row * fromStride) + column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void RunTile(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + fromStride), r2 = Vector128.Load(from + (2 * fromStride)), r3 = Vector128.Load(from + (3 * fromStride));
        Vector128<float> low01 = Interleave(Low(r0, r1)), low23 = Interleave(Low(r2, r3)), high01 = Interleave(High(r0, r1)), high23 = Interleave(High(r2, r3));
        Low(low01, low23).Store(to);
        High(low01, low23).Store(to + toStride);
        Low(high01, high23).Store(to + (2 * toStride));
        High(high01, high23).Store(to + (3 * toStride));
    }

    // Halves move as doubles, which stay in vector registers on every machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Vector128.Create(a.AsDouble().ToScalar(), b.AsDouble().ToScalar()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Vector128.Create(a.AsDouble().GetElement(1), b.AsDouble().GetElement(1)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleave(Vector128<float> x) => Vector128.Shuffle(x, Vector128.Create(0, 2, 1, 3));
}

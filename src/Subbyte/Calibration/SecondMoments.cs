using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>
/// Sums of products of two sets of patch rows in double, row by row in ascending order. A product of two float32 values is exact in double, so
/// that each sum is one chain of roundings, the same for any vector width and any number of threads.
/// </summary>
public static class SecondMoments
{
    /// <summary>Longest row whose matrix of second moments is set up: 2 GiB.</summary>
    public const int MostDepth = 1 << 14;

    private const int TileRows = 8;

    /// <summary>Refuses a layer whose matrix of second moments would be too large.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="method">The method that needs them, as recipes name it.</param>
    /// <exception cref="UserErrorException">The layer's rows are too long.</exception>
    public static void RequireDepth(DotProductLayer layer, string method)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Depth > MostDepth)
            throw new UserErrorException($"layer '{layer.Name}': {method} needs the second moments of {layer.Depth} inputs, more than {MostDepth}; leave it out with except={layer.Name}");
    }

    /// <summary>Σₖ xₖ·xₖᵀ.</summary>
    /// <param name="rows">Patch rows; finite.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <returns>The symmetric sums [depth][depth].</returns>
    public static double[] Of(PatchRows rows, int threads = 1)
    {
        var sums = new double[checked(rows.Depth * rows.Depth)];
        Accumulate(rows, rows, sums, threads, lowerTriangle: true);
        for (var i = 0; i < rows.Depth; i++)
        {
            for (var j = 0; j < i; j++) sums[(j * rows.Depth) + i] = sums[(i * rows.Depth) + j];
        }

        return sums;
    }

    /// <summary>Σₖ xₖ·zₖᵀ.</summary>
    /// <param name="left">Rows x; finite.</param>
    /// <param name="right">Rows z, as many of the same depth; finite.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <returns>The sums [depth][depth], x's elements along the rows.</returns>
    public static double[] Of(PatchRows left, PatchRows right, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(left.Values.Length, right.Values.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(left.Depth, right.Depth);
        var sums = new double[checked(left.Depth * left.Depth)];
        Accumulate(left, right, sums, threads, lowerTriangle: false);
        return sums;
    }

    private static void Accumulate(PatchRows left, PatchRows right, double[] sums, int threads, bool lowerTriangle)
    {
        var depth = left.Depth;
        var tiles = (depth + TileRows - 1) / TileRows;
        var next = -1;
        Threading.Run(Math.Min(threads, tiles), () =>
        {
            for (var tile = Interlocked.Increment(ref next); tile < tiles; tile = Interlocked.Increment(ref next))
            {
                // Long tiles of the triangle first.
                var first = (tiles - 1 - tile) * TileRows;
                var last = Math.Min(first + TileRows, depth);
                for (var k = 0; k < left.Count; k++)
                {
                    var x = left.Row(k);
                    var z = right.Row(k);
                    for (var i = first; i < last; i++)
                    {
                        if (x[i] != 0) AddScaled(sums.AsSpan(i * depth, lowerTriangle ? i + 1 : depth), x[i], z);
                    }
                }
            }
        });
    }

    /// <summary>sums += factor·row; the products are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(Span<double> sums, double factor, ReadOnlySpan<float> row)
    {
        var j = 0;
        var factors = Vector256.Create(factor);
        for (; j + Vector256<float>.Count <= sums.Length; j += Vector256<float>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(row[j..]));
            var target = sums[j..];
            var half = target[Vector256<double>.Count..];
            (Vector256.Create<double>(target) + (factors * lower)).CopyTo(target);
            (Vector256.Create<double>(half) + (factors * upper)).CopyTo(half);
        }

        for (; j < sums.Length; j++) sums[j] += factor * row[j];
    }
}

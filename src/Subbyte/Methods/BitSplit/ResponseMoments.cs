using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>
/// All that the optimisation needs to know of a layer's input: A = XᵀX of the rows X that the quantized layer sees, and X₀ᵀX with the
/// rows X₀ of the float layer, from which C = YᵀX = W·X₀ᵀX follows for any float weights W. The number of rows does not enter.
/// </summary>
public sealed class ResponseMoments
{
    private readonly double[] _cross;

    /// <summary>Moments of given sums.</summary>
    /// <param name="depth">Length N of a row.</param>
    /// <param name="gram">A [N][N].</param>
    /// <param name="cross">X₀ᵀX [N][N]; the same array as <paramref name="gram"/> when the quantized layer sees the float layer's input.</param>
    public ResponseMoments(int depth, double[] gram, double[] cross)
    {
        Depth = depth;
        Gram = gram;
        _cross = cross;
        for (var n = 0; n < depth; n++) Trace += Diagonal(n);
    }

    /// <summary>Length N of a row.</summary>
    public int Depth { get; }

    /// <summary>A = XᵀX [N][N].</summary>
    public double[] Gram { get; }

    /// <summary>Sum of A's diagonal.</summary>
    public double Trace { get; }

    /// <summary>Whether the quantized layer sees the float layer's input.</summary>
    public bool SeesFloatInput => ReferenceEquals(_cross, Gram);

    /// <summary>Moments where both layers see the same rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <returns>The moments.</returns>
    public static ResponseMoments Of(PatchRows rows, int threads = 1)
    {
        var gram = SecondMoments.Of(rows, threads);
        return new ResponseMoments(rows.Depth, gram, gram);
    }

    /// <summary>Moments where the quantized layer sees other rows.</summary>
    /// <param name="rows">Rows of the float layer.</param>
    /// <param name="quantized">Rows of the quantized layer.</param>
    /// <param name="threads">Threads that share the work.</param>
    /// <returns>The moments.</returns>
    public static ResponseMoments Of(PatchRows rows, PatchRows quantized, int threads = 1)
        => new(rows.Depth, SecondMoments.Of(quantized, threads), SecondMoments.Of(rows, quantized, threads));

    /// <summary>A[n][n].</summary>
    /// <param name="n">Position.</param>
    /// <returns>The element.</returns>
    public double Diagonal(int n) => Gram[((long)n * Depth) + n];

    /// <summary>A row of A.</summary>
    /// <param name="n">Position.</param>
    /// <returns>N elements.</returns>
    public ReadOnlySpan<double> Row(int n) => Gram.AsSpan(n * Depth, Depth);

    /// <summary>C of one output channel: its float output times the rows that the quantized layer sees.</summary>
    /// <param name="weights">The channel's float weights [N].</param>
    /// <returns>C [N].</returns>
    public double[] Response(ReadOnlySpan<double> weights)
    {
        var response = new double[Depth];
        for (var k = 0; k < Depth; k++)
        {
            if (weights[k] != 0) AddScaled(response, weights[k], _cross.AsSpan(k * Depth, Depth));
        }

        return response;
    }

    /// <summary>target += factor·row, a multiplication and an addition each rounded.</summary>
    /// <param name="target">The sums.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="row">The row, as long.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> row)
    {
        var j = 0;
        var factors = Vector256.Create(factor);
        for (; j + Vector256<double>.Count <= target.Length; j += Vector256<double>.Count)
        {
            var part = target[j..];
            (Vector256.Create<double>(part) + (factors * Vector256.Create(row[j..]))).CopyTo(part);
        }

        for (; j < target.Length; j++) target[j] += factor * row[j];
    }
}

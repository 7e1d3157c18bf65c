using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// Adds integer sums at scales of their own to totals in double: <c>total += (double)(sum + offset) · scale</c>, the product and the addition
/// each rounded. What a row of weights with several scales needs.
/// </summary>
public static class ScaledSums
{
    /// <summary>Adds 32-bit sums.</summary>
    /// <param name="sums">Sums [rows][outputs], without gaps.</param>
    /// <param name="offsets">What is added to the sums of each output [outputs]; the sums of both fit 32 bits.</param>
    /// <param name="scales">Scale of each output [outputs].</param>
    /// <param name="totals">Totals; row <c>n</c> begins at <c>n · stride</c>.</param>
    /// <param name="stride">Elements from one row of totals to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<int> sums, ReadOnlySpan<int> offsets, ReadOnlySpan<double> scales, Span<double> totals, int stride)
    {
        var outputs = scales.Length;
        for (var row = 0; row * outputs < sums.Length; row++)
        {
            var from = sums.Slice(row * outputs, outputs);
            var to = totals.Slice(row * stride, outputs);
            var m = 0;
            if (Cpu.HasAvx512)
            {
                for (; m + Vector512<double>.Count <= outputs; m += Vector512<double>.Count)
                {
                    var sum = Avx512F.ConvertToVector512Double(Vector256.Create(from[m..]) + Vector256.Create(offsets[m..]));
                    (Vector512.Create<double>(to[m..]) + (sum * Vector512.Create(scales[m..]))).CopyTo(to[m..]);
                }
            }

            if (Cpu.HasAvx2)
            {
                for (; m + Vector256<double>.Count <= outputs; m += Vector256<double>.Count)
                {
                    var sum = Avx.ConvertToVector256Double(Vector128.Create(from[m..]) + Vector128.Create(offsets[m..]));
                    (Vector256.Create<double>(to[m..]) + (sum * Vector256.Create(scales[m..]))).CopyTo(to[m..]);
                }
            }

            for (; m < outputs; m++) to[m] += unchecked(from[m] + offsets[m]) * scales[m];
        }
    }

    /// <summary>Adds 64-bit sums.</summary>
    /// <param name="sums">Sums [rows][outputs], without gaps.</param>
    /// <param name="offsets">What is added to the sums of each output [outputs].</param>
    /// <param name="scales">Scale of each output [outputs].</param>
    /// <param name="totals">Totals; row <c>n</c> begins at <c>n · stride</c>.</param>
    /// <param name="stride">Elements from one row of totals to the next.</param>
    public static void Add(ReadOnlySpan<long> sums, ReadOnlySpan<long> offsets, ReadOnlySpan<double> scales, Span<double> totals, int stride)
    {
        var outputs = scales.Length;
        for (var row = 0; row * outputs < sums.Length; row++)
        {
            for (var m = 0; m < outputs; m++) totals[(row * stride) + m] += (sums[(row * outputs) + m] + offsets[m]) * scales[m];
        }
    }

    /// <summary>What follows the last sums: <c>y = clamp((float)total + bias[m])</c>, each operation rounded.</summary>
    /// <param name="totals">Totals [rows][outputs], without gaps.</param>
    /// <param name="bias">Bias of each output [outputs].</param>
    /// <param name="lowest">Lower end of the clamp.</param>
    /// <param name="highest">Upper end of the clamp.</param>
    /// <param name="y">Results [rows][outputs].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(ReadOnlySpan<double> totals, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> y)
    {
        var outputs = bias.Length;
        for (var row = 0; row < totals.Length; row += outputs)
        {
            var m = 0;
            if (Cpu.HasAvx512)
            {
                for (; m + Vector256<float>.Count <= outputs; m += Vector256<float>.Count)
                {
                    var value = Avx512F.ConvertToVector256Single(Vector512.Create(totals[(row + m)..])) + Vector256.Create(bias[m..]);
                    Avx.Min(Vector256.Create(highest), Avx.Max(Vector256.Create(lowest), value)).CopyTo(y[(row + m)..]);
                }
            }

            if (Cpu.HasAvx2)
            {
                for (; m + Vector128<float>.Count <= outputs; m += Vector128<float>.Count)
                {
                    var value = Avx.ConvertToVector128Single(Vector256.Create(totals[(row + m)..])) + Vector128.Create(bias[m..]);
                    // The second operand comes out where one is NaN, and of two zeros.
                    Sse.Min(Vector128.Create(highest), Sse.Max(Vector128.Create(lowest), value)).CopyTo(y[(row + m)..]);
                }
            }

            for (; m < outputs; m++)
            {
                // As the vectors do it, ends that lie the wrong way round included.
                var value = (float)totals[row + m] + bias[m];
                value = lowest > value ? lowest : value;
                y[row + m] = highest < value ? highest : value;
            }
        }
    }
}

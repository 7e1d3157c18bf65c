using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Epilogue
{
    /// <summary>Sums of 64 bits, eight outputs at a time; the result says how many outputs that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Wide512(ReadOnlySpan<long> sums, int rows, int outputs, int ldSums, ReadOnlySpan<long> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> d, int ldd)
    {
        var m = 0;
        fixed (long* ps = sums, po = offsets)
        fixed (float* pscale = scales, pb = bias, pd = d)
        {
            for (; m <= outputs - Vector512<long>.Count; m += Vector512<long>.Count)
            {
                var offset = po is null ? Vector512<long>.Zero : Vector512.Load(po + m);
                for (nint row = 0; row < rows; row++)
                {
                    var sum = Avx512DQ.ConvertToVector256Single(Vector512.Load(ps + (row * ldSums) + m) + offset);
                    Finish(sum, pscale + m, pb is null ? null : pb + m, lowest, highest).Store(pd + (row * ldd) + m);
                }
            }
        }

        return m;
    }

    /// <summary>The same without an instruction that converts 64-bit integers: by way of doubles that are exact, so that only float rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Wide256(ReadOnlySpan<long> sums, int rows, int outputs, int ldSums, ReadOnlySpan<long> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> d, int ldd)
    {
        var m = 0;
        fixed (long* ps = sums, po = offsets)
        fixed (float* pscale = scales, pb = bias, pd = d)
        {
            for (; m <= outputs - Vector256<float>.Count; m += Vector256<float>.Count)
            {
                for (nint row = 0; row < rows; row++)
                {
                    var from = ps + (row * ldSums) + m;
                    Vector256<long> a = Vector256.Load(from), b = Vector256.Load(from + Vector256<long>.Count);
                    if (po is not null)
                    {
                        a += Vector256.Load(po + m);
                        b += Vector256.Load(po + m + Vector256<long>.Count);
                    }

                    // The scalar form takes these outputs from the first row again.
                    if (!IsExactInDouble(a) || !IsExactInDouble(b)) return m;
                    var sum = Vector256.Create(Avx.ConvertToVector128Single(ToDouble(a)), Avx.ConvertToVector128Single(ToDouble(b)));
                    Finish(sum, pscale + m, pb is null ? null : pb + m, lowest, highest).Store(pd + (row * ldd) + m);
                }
            }
        }

        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsExactInDouble(Vector256<long> x)
        => ((x + Vector256.Create(1L << 51)) & Vector256.Create(~((1L << 52) - 1))) == Vector256<long>.Zero;

    /// <summary>Exact for −2⁵¹ … 2⁵¹ − 1: the integer in the mantissa of 2⁵² + 2⁵¹, which is then subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ToDouble(Vector256<long> x)
    {
        var magic = Vector256.Create(6755399441055744.0);
        return (x + magic.AsInt64()).AsDouble() - magic;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> Finish(Vector256<float> sum, float* scales, float* bias, float lowest, float highest)
    {
        var value = sum * Vector256.Load(scales);
        if (bias is not null) value += Vector256.Load(bias);
        return Avx.Min(Vector256.Create(highest), Avx.Max(Vector256.Create(lowest), value));
    }
}

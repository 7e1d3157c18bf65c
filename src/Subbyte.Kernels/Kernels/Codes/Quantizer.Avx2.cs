using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Quantizer
{
    /// <summary>Blocks of 32 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int UInt8Blocks(ReadOnlySpan<float> x, float scale, int zeroPoint, float lowest, float highest, Span<byte> codes, Rounding rounding)
    {
        var count = x.Length / Vector256<byte>.Count * Vector256<byte>.Count;
        // Packing interleaves the 128-bit halves: as doublewords a0 b0 c0 d0 a1 b1 c1 d1.
        var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        fixed (float* px = x)
        fixed (byte* pc = codes)
        {
            float* p = px, end = px + count;
            for (var c = pc; p < end; p += 32, c += 32)
            {
                var a = Avx2.PackSignedSaturate(Eight(p, scale, zeroPoint, lowest, highest, rounding), Eight(p + 8, scale, zeroPoint, lowest, highest, rounding));
                var b = Avx2.PackSignedSaturate(Eight(p + 16, scale, zeroPoint, lowest, highest, rounding), Eight(p + 24, scale, zeroPoint, lowest, highest, rounding));
                Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(a, b).AsInt32(), order).AsByte().Store(c);
            }
        }
        return count;
    }

    /// <summary>Blocks of 16 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Int16Blocks(ReadOnlySpan<float> x, float scale, int zeroPoint, float lowest, float highest, Span<short> codes, Rounding rounding)
    {
        var count = x.Length / Vector256<short>.Count * Vector256<short>.Count;
        fixed (float* px = x)
        fixed (short* pc = codes)
        {
            float* p = px, end = px + count;
            for (var c = pc; p < end; p += 16, c += 16)
            {
                var packed = Avx2.PackSignedSaturate(Eight(p, scale, zeroPoint, lowest, highest, rounding), Eight(p + 8, scale, zeroPoint, lowest, highest, rounding));
                Avx2.Permute4x64(packed.AsInt64(), 0b11_01_10_00).AsInt16().Store(c);
            }
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Eight(float* x, float scale, int zeroPoint, float lowest, float highest, Rounding rounding)
    {
        var quotient = Vector256.Load(x) / Vector256.Create(scale);
        quotient = Avx.And(quotient, Avx.CompareOrdered(quotient, quotient));
        var clamped = Avx.Min(Avx.Max(quotient, Vector256.Create(lowest)), Vector256.Create(highest));
        return Avx.ConvertToVector256Int32(rounding == Rounding.HalfEven ? clamped : HalfAway(clamped)) + Vector256.Create(zeroPoint);
    }

    /// <summary>Towards zero, then one step away where the part cut off, which is exact, is half or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> HalfAway(Vector256<float> x)
    {
        var sign = Avx.And(x, Vector256.Create(-0f));
        var whole = Avx.RoundToZero(x);
        var cut = Avx.AndNot(Vector256.Create(-0f), x - whole);
        var step = Avx.And(Avx.CompareGreaterThanOrEqual(cut, Vector256.Create(0.5f)), Avx.Or(Vector256<float>.One, sign));
        return whole + step;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Quantizer
{
    /// <summary>Blocks of 32 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int UInt8Blocks256(ReadOnlySpan<float> x, QuantizationStep step, Span<byte> codes)
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
                var a = Avx2.PackSignedSaturate(Eight(p, step), Eight(p + 8, step));
                var b = Avx2.PackSignedSaturate(Eight(p + 16, step), Eight(p + 24, step));
                Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(a, b).AsInt32(), order).AsByte().Store(c);
            }
        }
        return count;
    }

    /// <summary>Blocks of 16 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Int16Blocks256(ReadOnlySpan<float> x, QuantizationStep step, Span<short> codes)
    {
        var count = x.Length / Vector256<short>.Count * Vector256<short>.Count;
        fixed (float* px = x)
        fixed (short* pc = codes)
        {
            float* p = px, end = px + count;
            for (var c = pc; p < end; p += 16, c += 16)
            {
                var packed = Avx2.PackSignedSaturate(Eight(p, step), Eight(p + 8, step));
                Avx2.Permute4x64(packed.AsInt64(), 0b11_01_10_00).AsInt16().Store(c);
            }
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Eight(float* x, QuantizationStep step) => step.Codes(Lanes256.Load(x)).Int32;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class Quantizer
{
    /// <summary>Blocks of 16 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int UInt8Blocks128(ReadOnlySpan<float> x, QuantizationStep step, Span<byte> codes)
    {
        var count = x.Length / Vector128<byte>.Count * Vector128<byte>.Count;
        fixed (float* px = x)
        fixed (byte* pc = codes)
        {
            for (nint i = 0; i < count; i += Vector128<byte>.Count)
                Vector128.NarrowWithSaturation(EightShorts(px + i, step).AsUInt16(), EightShorts(px + i + 8, step).AsUInt16()).Store(pc + i);
        }
        return count;
    }

    /// <summary>Blocks of 8 values; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Int16Blocks128(ReadOnlySpan<float> x, QuantizationStep step, Span<short> codes)
    {
        var count = x.Length / Vector128<short>.Count * Vector128<short>.Count;
        fixed (float* px = x)
        fixed (short* pc = codes)
        {
            for (nint i = 0; i < count; i += Vector128<short>.Count)
                EightShorts(px + i, step).Store(pc + i);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector128<short> EightShorts(float* x, QuantizationStep step)
        => Vector128.NarrowWithSaturation(step.Codes(Lanes128.Load(x)).Int32, step.Codes(Lanes128.Load(x + 4)).Int32);
}

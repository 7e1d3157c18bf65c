using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Quantizer
{
    /// <summary>Largest magnitude of a rounded quotient for which products may stand for quotients.</summary>
    private const float LargestOfProducts = 1024;

    /// <summary>Steps below this, or above its reciprocal, have reciprocals that are not precise.</summary>
    private const float SmallestOfProducts = 1e-30f;

    /// <summary>
    /// How near a tie a product by the reciprocal may come: it is off by less than 2⁻²² of the quotient, hence by less than 2⁻¹². Farther
    /// from a tie both round to the same code; nearer, the quotient itself is taken.
    /// </summary>
    private const float Doubt = 0.5f - (1f / 2048);

    /// <summary>Blocks of 16 values to bytes; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int UInt8Blocks512(ReadOnlySpan<float> x, float scale, QuantizationStep step, Span<byte> codes)
    {
        var count = x.Length / Vector512<float>.Count * Vector512<float>.Count;
        var products = CanMultiply(scale, step);
        var factor = 1 / scale;
        fixed (float* px = x)
        fixed (byte* pc = codes)
        {
            for (nint i = 0; i < count; i += Vector512<float>.Count)
                Avx512F.ConvertToVector128Byte(Sixteen(px + i, factor, products, step)).Store(pc + i);
        }
        return count;
    }

    /// <summary>Blocks of 16 values to 16-bit codes; the result says how many values that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Int16Blocks512(ReadOnlySpan<float> x, float scale, QuantizationStep step, Span<short> codes)
    {
        var count = x.Length / Vector512<float>.Count * Vector512<float>.Count;
        var products = CanMultiply(scale, step);
        var factor = 1 / scale;
        fixed (float* px = x)
        fixed (short* pc = codes)
        {
            for (nint i = 0; i < count; i += Vector512<float>.Count)
                Avx512F.ConvertToVector256Int16(Sixteen(px + i, factor, products, step)).Store(pc + i);
        }
        return count;
    }

    private static bool CanMultiply(float scale, QuantizationStep step)
        => scale is > SmallestOfProducts and < 1 / SmallestOfProducts && step.Lowest >= -LargestOfProducts && step.Highest <= LargestOfProducts;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> Sixteen(float* x, float factor, bool products, QuantizationStep step)
    {
        if (products)
        {
            // A NaN goes through the clamp, and is a doubt.
            var clamped = Avx512F.Min(Vector512.Create(step.Highest), Avx512F.Max(Vector512.Create(step.Lowest), Vector512.Load(x) * Vector512.Create(factor)));
            var rounded = Avx512F.ConvertToVector512Int32(clamped);
            var cut = Vector512.Abs(clamped - Avx512F.ConvertToVector512Single(rounded));
            if (Vector512.LessThanAll(cut, Vector512.Create(Doubt))) return rounded + Vector512.Create(step.ZeroPoint);
        }

        return Vector512.Create(Eight(x, step), Eight(x + Vector256<float>.Count, step));
    }
}

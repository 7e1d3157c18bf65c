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
        var products = scale is > SmallestOfProducts and < 1 / SmallestOfProducts && step.Lowest >= -LargestOfProducts && step.Highest <= LargestOfProducts;
        var factor = Vector512.Create(1 / scale);
        Vector512<float> low = Vector512.Create(step.Lowest), high = Vector512.Create(step.Highest), doubt = Vector512.Create(Doubt);
        var zero = Vector512.Create(step.ZeroPoint);
        fixed (float* px = x)
        fixed (byte* pc = codes)
        {
            float* p = px, end = px + count;
            for (var c = pc; p < end; p += 16, c += 16)
            {
                // A NaN goes through the clamp, and is a doubt.
                var clamped = Avx512F.Min(high, Avx512F.Max(low, Vector512.Load(p) * factor));
                var rounded = Avx512F.ConvertToVector512Int32(clamped);
                var cut = Vector512.Abs(clamped - Avx512F.ConvertToVector512Single(rounded));
                var code = products && Vector512.LessThanAll(cut, doubt) ? rounded + zero : Vector512.Create(Eight(p, step), Eight(p + Vector256<float>.Count, step));
                Avx512F.ConvertToVector128Byte(code).Store(c);
            }
        }
        return count;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class Epilogue
{
    /// <summary>Sums of 64 bits, four outputs at a time, as <see cref="Wide256"/>; the result says how many outputs that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Wide128(ReadOnlySpan<long> sums, int rows, int outputs, int ldSums, ReadOnlySpan<long> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> d, int ldd)
    {
        var m = 0;
        fixed (long* ps = sums, po = offsets)
        fixed (float* pscale = scales, pb = bias, pd = d)
        {
            for (; m <= outputs - Vector128<float>.Count; m += Vector128<float>.Count)
            {
                for (nint row = 0; row < rows; row++)
                {
                    var from = ps + (row * ldSums) + m;
                    Vector128<long> a = Vector128.Load(from), b = Vector128.Load(from + Vector128<long>.Count);
                    if (po is not null)
                    {
                        a += Vector128.Load(po + m);
                        b += Vector128.Load(po + m + Vector128<long>.Count);
                    }

                    // The scalar form takes these outputs from the first row again.
                    if (!IsExactInDouble(a) || !IsExactInDouble(b)) return m;
                    var value = new Lanes128(Vector128.Narrow(ToDouble(a), ToDouble(b))) * Lanes128.Load(pscale + m);
                    if (pb is not null) value += Lanes128.Load(pb + m);
                    Elementwise.Clamp(value, lowest, highest).Store(pd + (row * ldd) + m);
                }
            }
        }

        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsExactInDouble(Vector128<long> x)
        => ((x + Vector128.Create(1L << 51)) & Vector128.Create(~((1L << 52) - 1))) == Vector128<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ToDouble(Vector128<long> x)
    {
        var magic = Vector128.Create(6755399441055744.0);
        return (x + magic.AsInt64()).AsDouble() - magic;
    }
}

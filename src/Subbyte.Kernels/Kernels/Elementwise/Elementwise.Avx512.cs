using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Elementwise
{
    /// <summary>Affine functions of whole panels of 16 channels, whose parameters stay in registers; the result says how many channels that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe nint Panels512(float* x, nint rows, nint channels, float* scale, float* shift, float lowest, float highest, float* d)
    {
        Vector512<float> low = Vector512.Create(lowest), high = Vector512.Create(highest);
        nint c = 0;
        for (; c <= channels - Panel.Width; c += Panel.Width)
        {
            Vector512<float> factor = Vector512.Load(scale + c), summand = Vector512.Load(shift + c);
            float* from = x + c, to = d + c;
            for (var row = rows; row > 0; row--, from += channels, to += channels)
                Avx512F.Min(high, Avx512F.Max(low, Avx512F.FusedMultiplyAdd(Vector512.Load(from), factor, summand))).Store(to);
        }

        return c;
    }
}

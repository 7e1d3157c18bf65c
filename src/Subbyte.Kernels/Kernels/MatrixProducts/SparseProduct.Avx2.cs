using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class SparseProduct
{
    /// <summary>The 512-bit form on vectors of half the width, 32 positions at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddBlock256(byte* a, int* offsets, short* weights, int pairs, int shortPairs, int* c)
    {
        for (nint n = 0; n < Block; n += Vector256<byte>.Count)
        {
            Vector256<int> low0 = default, low1 = default, high0 = default, high1 = default;
            for (nint pair = 0; pair < pairs;)
            {
                Vector256<short> low = default, high = default;
                for (var end = Math.Min(pairs, pair + shortPairs); pair < end; pair++)
                {
                    var w = Vector256.Create(weights[pair]).AsSByte();
                    Vector256<byte> x0 = Vector256.Load(a + n + offsets[2 * pair]), x1 = Vector256.Load(a + n + offsets[(2 * pair) + 1]);
                    low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x0, x1), w);
                    high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x0, x1), w);
                }

                low0 += Vector256.WidenLower(low);
                low1 += Vector256.WidenUpper(low);
                high0 += Vector256.WidenLower(high);
                high1 += Vector256.WidenUpper(high);
            }

            (Vector256.Load(c + n) + low0).Store(c + n);
            (Vector256.Load(c + n + 8) + high0).Store(c + n + 8);
            (Vector256.Load(c + n + 16) + low1).Store(c + n + 16);
            (Vector256.Load(c + n + 24) + high1).Store(c + n + 24);
        }
    }
}

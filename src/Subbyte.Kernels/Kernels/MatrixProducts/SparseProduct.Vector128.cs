using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class SparseProduct
{
    /// <summary>16 positions at a time, in instructions that every machine with vectors has: codes are widened, not interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddBlock128(byte* a, int* offsets, short* weights, int pairs, int shortPairs, int* c)
    {
        for (nint n = 0; n < Block; n += Vector128<byte>.Count)
        {
            Vector128<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (nint pair = 0; pair < pairs;)
            {
                Vector128<short> low = default, high = default;
                for (var end = Math.Min(pairs, pair + shortPairs); pair < end; pair++)
                {
                    Vector128<byte> x0 = Vector128.Load(a + n + offsets[2 * pair]), x1 = Vector128.Load(a + n + offsets[(2 * pair) + 1]);
                    Vector128<short> w0 = Vector128.Create((short)(sbyte)weights[pair]), w1 = Vector128.Create((short)(weights[pair] >> 8));
                    low += (Vector128.WidenLower(x0).AsInt16() * w0) + (Vector128.WidenLower(x1).AsInt16() * w1);
                    high += (Vector128.WidenUpper(x0).AsInt16() * w0) + (Vector128.WidenUpper(x1).AsInt16() * w1);
                }

                sum0 += Vector128.WidenLower(low);
                sum1 += Vector128.WidenUpper(low);
                sum2 += Vector128.WidenLower(high);
                sum3 += Vector128.WidenUpper(high);
            }

            (Vector128.Load(c + n) + sum0).Store(c + n);
            (Vector128.Load(c + n + 4) + sum1).Store(c + n + 4);
            (Vector128.Load(c + n + 8) + sum2).Store(c + n + 8);
            (Vector128.Load(c + n + 12) + sum3).Store(c + n + 12);
        }
    }
}

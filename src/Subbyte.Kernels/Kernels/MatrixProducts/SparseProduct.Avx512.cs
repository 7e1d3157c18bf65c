using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class SparseProduct
{
    /// <summary>64 positions: codes of two elements are interleaved, so that one instruction multiplies and adds both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddBlock512(byte* a, int* offsets, short* weights, int pairs, int shortPairs, int* c)
    {
        Vector512<int> low0 = default, low1 = default, high0 = default, high1 = default;
        for (nint pair = 0; pair < pairs;)
        {
            Vector512<short> low = default, high = default;
            for (var end = Math.Min(pairs, pair + shortPairs); pair < end; pair++)
            {
                var w = Vector512.Create(weights[pair]).AsSByte();
                Vector512<byte> x0 = Vector512.Load(a + offsets[2 * pair]), x1 = Vector512.Load(a + offsets[(2 * pair) + 1]);
                low += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(x0, x1), w);
                high += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(x0, x1), w);
            }

            low0 += Vector512.WidenLower(low);
            low1 += Vector512.WidenUpper(low);
            high0 += Vector512.WidenLower(high);
            high1 += Vector512.WidenUpper(high);
        }

        // Unpacking works within 128-bit lanes: the low halves of two lanes, then their high halves.
        AddHalves(low0, high0, c);
        AddHalves(low1, high1, c + (Block / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AddHalves(Vector512<int> low, Vector512<int> high, int* c)
    {
        (Vector256.Load(c) + low.GetLower()).Store(c);
        (Vector256.Load(c + 8) + high.GetLower()).Store(c + 8);
        (Vector256.Load(c + 16) + low.GetUpper()).Store(c + 16);
        (Vector256.Load(c + 24) + high.GetUpper()).Store(c + 24);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

// Binary products by carry-save adders without what surrounds them: no weights are loaded, no sums are stored.
public static partial class Peak
{
    private const int BytesOfTree = 16;

    /// <summary>Four independent trees of sixteen bytes each.</summary>
    private readonly struct CarrySaveLoop512 : ILoop
    {
        public static int MacsPerIteration => 4 * BytesOfTree * 8 * Vector512<byte>.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static unsafe int Run(int iterations)
        {
            var x = stackalloc byte[4 * BytesOfTree];
            for (var i = 0; i < 4 * BytesOfTree; i++) x[i] = (byte)(iterations * i);
            Vector512<byte> w0 = Vector512.Create(x[1]), w1 = Vector512.Create(x[2]), w2 = Vector512.Create(x[3]), w3 = Vector512.Create(x[4]);
            Vector512<byte> i0 = w0, j0 = w0, k0 = w0, m0 = w0, n0 = w0, i1 = w1, j1 = w1, k1 = w1, m1 = w1, n1 = w1;
            Vector512<byte> i2 = w2, j2 = w2, k2 = w2, m2 = w2, n2 = w2, i3 = w3, j3 = w3, k3 = w3, m3 = w3, n3 = w3;
            for (; iterations > 0; iterations--)
            {
                Tree(ref i0, ref j0, ref k0, ref m0, ref n0, x, w0, w1, w2, w3);
                Tree(ref i1, ref j1, ref k1, ref m1, ref n1, x + BytesOfTree, w0, w1, w2, w3);
                Tree(ref i2, ref j2, ref k2, ref m2, ref n2, x + (2 * BytesOfTree), w0, w1, w2, w3);
                Tree(ref i3, ref j3, ref k3, ref m3, ref n3, x + (3 * BytesOfTree), w0, w1, w2, w3);
            }

            var rest = i0 ^ j0 ^ k0 ^ m0 ^ i1 ^ j1 ^ k1 ^ m1 ^ i2 ^ j2 ^ k2 ^ m2 ^ i3 ^ j3 ^ k3 ^ m3;
            return (rest ^ n0 ^ n1 ^ n2 ^ n3).AsInt32().ToScalar();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Tree(ref Vector512<byte> ones, ref Vector512<byte> twos, ref Vector512<byte> fours, ref Vector512<byte> eights, ref Vector512<byte> counts, byte* x, Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3)
        {
            var first = CarrySave512.AddDifferences(ref ones, ref twos, x, w0, w1, w2, w3);
            first = CarrySave512.Add(ref fours, first, CarrySave512.AddDifferences(ref ones, ref twos, x + 4, w0, w1, w2, w3));
            var second = CarrySave512.AddDifferences(ref ones, ref twos, x + 8, w0, w1, w2, w3);
            second = CarrySave512.Add(ref fours, second, CarrySave512.AddDifferences(ref ones, ref twos, x + 12, w0, w1, w2, w3));
            counts = CarrySave512.AddCounts(counts, CarrySave512.Add(ref eights, first, second));
        }
    }

    /// <summary>Two independent trees of sixteen bytes each.</summary>
    private readonly struct CarrySaveLoop256 : ILoop
    {
        public static int MacsPerIteration => 2 * BytesOfTree * 8 * Vector256<byte>.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public static unsafe int Run(int iterations)
        {
            const int Length = 4 * PackedBitMatrix.OutputsOfBlock;
            var x = stackalloc byte[Length];
            for (var i = 0; i < Length; i++) x[i] = (byte)(iterations * i);
            Vector256<byte> a = Vector256.Create(x[1]), b = Vector256.Create(x[2]);
            Vector256<byte> i0 = a, j0 = a, k0 = a, m0 = a, n0 = a, i1 = b, j1 = b, k1 = b, m1 = b, n1 = b;
            for (; iterations > 0; iterations--)
            {
                Tree(ref i0, ref j0, ref k0, ref m0, ref n0, x);
                Tree(ref i1, ref j1, ref k1, ref m1, ref n1, x);
            }

            return (i0 ^ j0 ^ k0 ^ m0 ^ n0 ^ i1 ^ j1 ^ k1 ^ m1 ^ n1).AsInt32().ToScalar();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Tree(ref Vector256<byte> ones, ref Vector256<byte> twos, ref Vector256<byte> fours, ref Vector256<byte> eights, ref Vector256<byte> counts, byte* x)
        {
            var first = CarrySave256.AddDifferences(ref ones, ref twos, x, x);
            first = CarrySave256.Add(ref fours, first, CarrySave256.AddDifferences(ref ones, ref twos, x + 4, x));
            var second = CarrySave256.AddDifferences(ref ones, ref twos, x + 8, x);
            second = CarrySave256.Add(ref fours, second, CarrySave256.AddDifferences(ref ones, ref twos, x + 12, x));
            counts = CarrySave256.AddCounts(counts, CarrySave256.Add(ref eights, first, second));
        }
    }
}

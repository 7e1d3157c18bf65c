using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Int8Gemm
{
    /// <summary>Four products a lane in one instruction, exact for all operands.</summary>
    private readonly struct Vnni256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => AvxVnni.MultiplyWideningAndAdd(sum, a.AsByte(), w.AsSByte());
    }

    /// <summary>Pairs in 16 bits, then fours in 32 bits: exact where one step fits 16 bits (weights of magnitude up to 64: 2 · 255 · 64 = 32,640).</summary>
    private readonly struct SafeChain256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(a.AsByte(), w.AsSByte()), Vector256<short>.One));
    }
}

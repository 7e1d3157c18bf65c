using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Int16Gemm
{
    private readonly struct Chain512 : ITileOperator512
    {
        public static Vector512<int> Step(Vector512<int> sum, Vector512<int> a, Vector512<int> w)
            => Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(a.AsInt16(), w.AsInt16()));
    }

    private readonly struct HighHalves512 : ITileOperator512
    {
        public static Vector512<int> Step(Vector512<int> sum, Vector512<int> a, Vector512<int> w)
            => Avx512F.Add(sum, Avx512F.ShiftRightArithmetic(Avx512BW.MultiplyAddAdjacent(a.AsInt16(), w.AsInt16()), 16));
    }
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Int16Gemm
{
    private readonly struct Chain256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => Avx2.Add(sum, Avx2.MultiplyAddAdjacent(a.AsInt16(), w.AsInt16()));
    }

    private readonly struct Vnni256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => AvxVnni.MultiplyWideningAndAdd(sum, a.AsInt16(), w.AsInt16());
    }

    private readonly struct HighHalves256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => Avx2.Add(sum, Avx2.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(a.AsInt16(), w.AsInt16()), 16));
    }
}

using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class Int16Gemm
{
    private readonly struct Chain128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w) => sum + PairProducts.Sum(a.AsInt16(), w.AsInt16());
    }

    private readonly struct HighHalves128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w) => sum + (PairProducts.Sum(a.AsInt16(), w.AsInt16()) >> 16);
    }
}

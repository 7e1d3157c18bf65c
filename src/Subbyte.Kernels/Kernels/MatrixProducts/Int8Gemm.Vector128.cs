using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class Int8Gemm
{
    private readonly struct SafeChain128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w)
            => sum + PairProducts.Sum(PairProducts.Sum(a.AsByte(), w.AsSByte()), Vector128<short>.One);
    }
}

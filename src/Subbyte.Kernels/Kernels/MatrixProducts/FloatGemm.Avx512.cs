using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class FloatGemm
{
    private readonly struct Fma512 : ITileOperator512
    {
        public static Vector512<int> Step(Vector512<int> sum, Vector512<int> a, Vector512<int> w)
            => Avx512F.FusedMultiplyAdd(a.AsSingle(), w.AsSingle(), sum.AsSingle()).AsInt32();
    }
}

using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class FloatGemm
{
    private readonly struct Fma128 : ITileOperator128
    {
        public static Vector128<int> Step(Vector128<int> sum, Vector128<int> a, Vector128<int> w)
            => Vector128.FusedMultiplyAdd(a.AsSingle(), w.AsSingle(), sum.AsSingle()).AsInt32();
    }
}

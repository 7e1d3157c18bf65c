using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class FloatGemm
{
    private readonly struct Fma256 : ITileOperator256
    {
        public static Vector256<int> Step(Vector256<int> sum, Vector256<int> a, Vector256<int> w)
            => Fma.MultiplyAdd(a.AsSingle(), w.AsSingle(), sum.AsSingle()).AsInt32();
    }
}

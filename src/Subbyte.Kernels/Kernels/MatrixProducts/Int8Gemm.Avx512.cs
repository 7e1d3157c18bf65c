using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

// For machines with AVX-512 but without AVX-VNNI: the chains of the 256-bit form in vectors of twice the width.
public static partial class Int8Gemm
{
    private readonly struct SafeChain512 : ITileOperator512
    {
        public static Vector512<int> Step(Vector512<int> sum, Vector512<int> a, Vector512<int> w)
            => Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(a.AsByte(), w.AsSByte()), Vector512<short>.One));
    }
}

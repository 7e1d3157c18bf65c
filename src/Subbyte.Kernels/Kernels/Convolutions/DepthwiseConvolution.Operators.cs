using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class DepthwiseConvolution
{
    private readonly unsafe struct FmaTap : ITapOperator
    {
        public static float Start => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T result, float* x, float* w) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(T.Load(x), T.Load(w), result);
    }

    private readonly unsafe struct Int8Loader : ITapLoader<byte, sbyte>
    {
        public static int Product(byte code, sbyte weight) => code * weight;

        public static Vector256<short> Codes(byte* codes) => Avx2.ConvertToVector256Int16(codes);

        public static Vector256<short> Weights(sbyte* weights) => Avx2.ConvertToVector256Int16(weights);
    }

    private readonly unsafe struct Int16Loader : ITapLoader<short, short>
    {
        public static int Product(short code, short weight) => code * weight;

        public static Vector256<short> Codes(short* codes) => Vector256.Load(codes);

        public static Vector256<short> Weights(short* weights) => Vector256.Load(weights);
    }
}

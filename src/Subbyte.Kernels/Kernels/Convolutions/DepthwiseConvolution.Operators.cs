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
        public static float One(float result, float* x, float* w) => MathF.FusedMultiplyAdd(*x, *w, result);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Eight(Vector256<float> result, float* x, float* w) => Fma.MultiplyAdd(Vector256.Load(x), Vector256.Load(w), result);
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

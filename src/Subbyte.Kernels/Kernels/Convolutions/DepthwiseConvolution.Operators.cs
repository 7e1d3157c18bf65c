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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(byte* codes, sbyte* weights, ref Vector128<int> low, ref Vector128<int> high)
        {
            // A product of 8-bit operands fits 16 bits.
            var products = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)codes).AsByte()).AsInt16() * Vector128.WidenLower(Vector128.CreateScalar(*(long*)weights).AsSByte());
            low += Vector128.WidenLower(products);
            high += Vector128.WidenUpper(products);
        }
    }

    private readonly unsafe struct Int16Loader : ITapLoader<short, short>
    {
        public static int Product(short code, short weight) => code * weight;

        public static Vector256<short> Codes(short* codes) => Vector256.Load(codes);

        public static Vector256<short> Weights(short* weights) => Vector256.Load(weights);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(short* codes, short* weights, ref Vector128<int> low, ref Vector128<int> high)
        {
            Vector128<short> x = Vector128.Load(codes), w = Vector128.Load(weights);
            low += Vector128.WidenLower(x) * Vector128.WidenLower(w);
            high += Vector128.WidenUpper(x) * Vector128.WidenUpper(w);
        }
    }
}

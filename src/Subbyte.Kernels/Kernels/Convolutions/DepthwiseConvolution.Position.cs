using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

// One output position: a list of the pixels under the kernel, and the sums of all channels, kept in registers over the list.
public static partial class DepthwiseConvolution
{
    private interface IDepthwiseLoader<TCode, TWeight> where TCode : unmanaged where TWeight : unmanaged
    {
        static abstract int Product(TCode code, TWeight weight);

        static abstract unsafe Vector256<short> Codes(TCode* codes);

        static abstract unsafe Vector256<short> Weights(TWeight* weights);
    }

    private readonly unsafe struct Int8Loader : IDepthwiseLoader<byte, sbyte>
    {
        public static int Product(byte code, sbyte weight) => code * weight;

        public static Vector256<short> Codes(byte* codes) => Avx2.ConvertToVector256Int16(codes);

        public static Vector256<short> Weights(sbyte* weights) => Avx2.ConvertToVector256Int16(weights);
    }

    private readonly unsafe struct Int16Loader : IDepthwiseLoader<short, short>
    {
        public static int Product(short code, short weight) => code * weight;

        public static Vector256<short> Codes(short* codes) => Vector256.Load(codes);

        public static Vector256<short> Weights(short* weights) => Vector256.Load(weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void FloatPosition(float** taps, float** weights, nint count, float* output, nint channels)
    {
        nint c = 0;
        if (Cpu.HasAvx2)
        {
            for (; c <= channels - (4 * Vector256<float>.Count); c += 4 * Vector256<float>.Count)
            {
                Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                for (nint k = 0; k < count; k++)
                {
                    float* x = taps[k] + c, w = weights[k] + c;
                    s0 = Fma.MultiplyAdd(Vector256.Load(x), Vector256.Load(w), s0);
                    s1 = Fma.MultiplyAdd(Vector256.Load(x + 8), Vector256.Load(w + 8), s1);
                    s2 = Fma.MultiplyAdd(Vector256.Load(x + 16), Vector256.Load(w + 16), s2);
                    s3 = Fma.MultiplyAdd(Vector256.Load(x + 24), Vector256.Load(w + 24), s3);
                }
                s0.Store(output + c);
                s1.Store(output + c + 8);
                s2.Store(output + c + 16);
                s3.Store(output + c + 24);
            }
            for (; c <= channels - Vector256<float>.Count; c += Vector256<float>.Count)
            {
                Vector256<float> sum = default;
                for (nint k = 0; k < count; k++)
                    sum = Fma.MultiplyAdd(Vector256.Load(taps[k] + c), Vector256.Load(weights[k] + c), sum);
                sum.Store(output + c);
            }
        }
        for (; c < channels; c++)
        {
            var sum = 0f;
            for (nint k = 0; k < count; k++)
                sum = MathF.FusedMultiplyAdd(taps[k][c], weights[k][c], sum);
            output[c] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void IntegerPosition<TCode, TWeight, TLoader>(TCode** taps, TWeight* weights, nint count, int* output, nint channels)
        where TCode : unmanaged where TWeight : unmanaged where TLoader : IDepthwiseLoader<TCode, TWeight>
    {
        nint c = 0;
        if (Cpu.HasAvx2)
        {
            for (; c <= channels - Vector256<short>.Count; c += Vector256<short>.Count)
            {
                // Two kernel elements at a time, channel beside channel, are one vpmaddwd; the low halves hold channels 0-3 and 8-11.
                Vector256<int> low = default, high = default;
                nint k = 0;
                for (; k < count - 1; k += 2)
                {
                    Vector256<short> x0 = TLoader.Codes(taps[k] + c), x1 = TLoader.Codes(taps[k + 1] + c);
                    Vector256<short> w0 = TLoader.Weights(weights + (k * channels) + c), w1 = TLoader.Weights(weights + ((k + 1) * channels) + c);
                    low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x0, x1), Avx2.UnpackLow(w0, w1));
                    high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x0, x1), Avx2.UnpackHigh(w0, w1));
                }
                if (k < count)
                {
                    Vector256<short> x = TLoader.Codes(taps[k] + c), w = TLoader.Weights(weights + (k * channels) + c), zero = default;
                    low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x, zero), Avx2.UnpackLow(w, zero));
                    high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x, zero), Avx2.UnpackHigh(w, zero));
                }
                Avx2.Permute2x128(low, high, 0x20).Store(output + c);
                Avx2.Permute2x128(low, high, 0x31).Store(output + c + 8);
            }
        }
        for (; c < channels; c++)
        {
            var sum = 0;
            for (nint k = 0; k < count; k++)
                sum += TLoader.Product(taps[k][c], weights[(k * channels) + c]);
            output[c] = sum;
        }
    }
}

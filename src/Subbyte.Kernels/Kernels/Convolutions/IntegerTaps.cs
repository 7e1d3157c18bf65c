using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>How codes and weights become 16-bit operands.</summary>
/// <typeparam name="TCode">Type of a code.</typeparam>
/// <typeparam name="TWeight">Type of a weight.</typeparam>
internal unsafe interface ITapLoader<TCode, TWeight> where TCode : unmanaged where TWeight : unmanaged
{
    /// <summary>A product.</summary>
    static abstract int Product(TCode code, TWeight weight);

    /// <summary>Sixteen codes.</summary>
    static abstract Vector256<short> Codes(TCode* codes);

    /// <summary>Sixteen weights.</summary>
    static abstract Vector256<short> Weights(TWeight* weights);

    /// <summary>Adds the products of eight neighbouring channels.</summary>
    static abstract void Add(TCode* codes, TWeight* weights, ref Vector128<int> low, ref Vector128<int> high);
}

/// <summary>Depthwise convolutions of codes: at each output position, the sums of all channels stay in registers over the kernel.</summary>
internal static class IntegerTaps
{
    /// <summary>Runs over all output positions.</summary>
    /// <typeparam name="TCode">Type of a code.</typeparam>
    /// <typeparam name="TWeight">Type of a weight.</typeparam>
    /// <typeparam name="TLoader">How they become operands.</typeparam>
    /// <param name="map">Input map.</param>
    /// <param name="g">Sizes.</param>
    /// <param name="weights">Weights [k][channel].</param>
    /// <param name="outside">One pixel, which stands for all those outside the image.</param>
    /// <param name="output">Sums [position][channel].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TCode, TWeight, TLoader>(TCode* map, ConvolutionGeometry g, TWeight* weights, TCode* outside, int* output)
        where TCode : unmanaged where TWeight : unmanaged where TLoader : ITapLoader<TCode, TWeight>
    {
        var needed = 4 * g.KernelHeight * g.KernelWidth;
        var onStack = stackalloc nint[needed > SlidingTaps.MostOnStack ? 0 : needed];
        fixed (nint* kept = needed > SlidingTaps.MostOnStack ? Scratch<nint>.Rent(needed) : default)
            Run<TCode, TWeight, TLoader>(map, g, weights, outside, output, kept == null ? onStack : kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TCode, TWeight, TLoader>(TCode* map, ConvolutionGeometry g, TWeight* weights, TCode* outside, int* output, nint* lists)
        where TCode : unmanaged where TWeight : unmanaged where TLoader : ITapLoader<TCode, TWeight>
    {
        var length = g.KernelHeight * g.KernelWidth;
        var taps = new SlidingTaps(g, (nint)g.InChannels * sizeof(TCode), g.InChannels, lists, (nint)outside - (nint)map);
        int outHeight = g.OutHeight, outWidth = g.OutWidth;
        for (var row = 0; row < outHeight; row++)
        {
            for (var column = 0; column < outWidth; column++, output += g.InChannels)
            {
                taps.MoveTo(row, column);
                Position<TCode, TWeight, TLoader>((byte*)map + taps.Origin, taps.Pixels, weights, length, output, g.InChannels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Position<TCode, TWeight, TLoader>(byte* origin, nint* pixels, TWeight* weights, nint count, int* output, nint channels)
        where TCode : unmanaged where TWeight : unmanaged where TLoader : ITapLoader<TCode, TWeight>
    {
        nint c = 0;
        if (Cpu.HasAvx2)
        {
            for (; c <= channels - Vector256<short>.Count; c += Vector256<short>.Count)
            {
                // Two kernel elements at a time, channel beside channel, are one vpmaddwd; the low halves hold channels 0-3 and 8-11.
                Vector256<int> low = default, high = default;
                var w = weights + c;
                nint k = 0;
                for (; k < count - 1; k += 2, w += 2 * channels)
                {
                    Vector256<short> x0 = TLoader.Codes((TCode*)(origin + pixels[k]) + c), x1 = TLoader.Codes((TCode*)(origin + pixels[k + 1]) + c);
                    Vector256<short> w0 = TLoader.Weights(w), w1 = TLoader.Weights(w + channels);
                    low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x0, x1), Avx2.UnpackLow(w0, w1));
                    high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x0, x1), Avx2.UnpackHigh(w0, w1));
                }
                if (k < count)
                {
                    Vector256<short> x0 = TLoader.Codes((TCode*)(origin + pixels[k]) + c), w0 = TLoader.Weights(w), zero = default;
                    low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(x0, zero), Avx2.UnpackLow(w0, zero));
                    high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(x0, zero), Avx2.UnpackHigh(w0, zero));
                }
                Avx2.Permute2x128(low, high, 0x20).Store(output + c);
                Avx2.Permute2x128(low, high, 0x31).Store(output + c + 8);
            }
        }
        else if (Cpu.HasVector128)
        {
            for (; c <= channels - Vector128<short>.Count; c += Vector128<short>.Count)
            {
                Vector128<int> low = default, high = default;
                var w = weights + c;
                for (nint k = 0; k < count; k++, w += channels)
                    TLoader.Add((TCode*)(origin + pixels[k]) + c, w, ref low, ref high);
                low.Store(output + c);
                high.Store(output + c + Vector128<int>.Count);
            }
        }
        for (; c < channels; c++)
        {
            var sum = 0;
            for (nint k = 0; k < count; k++)
                sum += TLoader.Product(((TCode*)(origin + pixels[k]))[c], weights[(k * channels) + c]);
            output[c] = sum;
        }
    }
}

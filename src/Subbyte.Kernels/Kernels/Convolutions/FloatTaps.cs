using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>What a pixel under a sliding kernel does to the result of its channel, one channel at a time or eight.</summary>
internal unsafe interface ITapOperator
{
    /// <summary>The result before the first pixel.</summary>
    static abstract float Start { get; }

    /// <summary>The result after one more pixel.</summary>
    /// <param name="result">The result before.</param>
    /// <param name="x">The pixel's channel.</param>
    /// <param name="w">The weight of that channel, where there are weights.</param>
    static abstract float One(float result, float* x, float* w);

    /// <summary>The same for eight channels.</summary>
    /// <param name="result">The result before.</param>
    /// <param name="x">The pixel's first channel.</param>
    /// <param name="w">Its weight.</param>
    static abstract Vector256<float> Eight(Vector256<float> result, float* x, float* w);
}

/// <summary>Depthwise convolutions and pooling of floats: at each output position, the results of all channels stay in registers over the kernel.</summary>
internal static class FloatTaps
{
    /// <summary>Runs over all output positions.</summary>
    /// <typeparam name="TOperator">What a pixel does.</typeparam>
    /// <param name="map">Input map.</param>
    /// <param name="g">Sizes; input channels count.</param>
    /// <param name="weights">Weights [k][channel], or null.</param>
    /// <param name="output">Result [position][channel].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TOperator>(float* map, ConvolutionGeometry g, float* weights, float* output) where TOperator : ITapOperator
    {
        var needed = 4 * g.KernelHeight * g.KernelWidth;
        var onStack = stackalloc nint[needed > SlidingTaps.MostOnStack ? 0 : needed];
        fixed (nint* kept = needed > SlidingTaps.MostOnStack ? Scratch<nint>.Rent(needed) : default)
            Run<TOperator>(map, g, weights, output, kept == null ? onStack : kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TOperator>(float* map, ConvolutionGeometry g, float* weights, float* output, nint* lists) where TOperator : ITapOperator
    {
        var taps = new SlidingTaps(g, (nint)g.InChannels * sizeof(float), g.InChannels, lists);
        int outHeight = g.OutHeight, outWidth = g.OutWidth;
        for (var row = 0; row < outHeight; row++)
        {
            for (var column = 0; column < outWidth; column++, output += g.InChannels)
            {
                taps.MoveTo(row, column);
                Position<TOperator>((byte*)map + taps.Origin, taps.Pixels, weights, taps.Weights, taps.Count, output, g.InChannels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Position<TOperator>(byte* origin, nint* pixels, float* weights, nint* weightOffsets, nint count, float* output, nint channels)
        where TOperator : ITapOperator
    {
        nint c = 0;
        if (Cpu.HasAvx2)
        {
            var start = Vector256.Create(TOperator.Start);
            for (; c <= channels - (4 * Vector256<float>.Count); c += 4 * Vector256<float>.Count)
            {
                Vector256<float> s0 = start, s1 = start, s2 = start, s3 = start;
                for (nint k = 0; k < count; k++)
                {
                    float* x = (float*)(origin + pixels[k]) + c, w = weights + weightOffsets[k] + c;
                    s0 = TOperator.Eight(s0, x, w);
                    s1 = TOperator.Eight(s1, x + 8, w + 8);
                    s2 = TOperator.Eight(s2, x + 16, w + 16);
                    s3 = TOperator.Eight(s3, x + 24, w + 24);
                }
                s0.Store(output + c);
                s1.Store(output + c + 8);
                s2.Store(output + c + 16);
                s3.Store(output + c + 24);
            }
            for (; c <= channels - Vector256<float>.Count; c += Vector256<float>.Count)
            {
                var sum = start;
                for (nint k = 0; k < count; k++)
                    sum = TOperator.Eight(sum, (float*)(origin + pixels[k]) + c, weights + weightOffsets[k] + c);
                sum.Store(output + c);
            }
        }
        for (; c < channels; c++)
        {
            var sum = TOperator.Start;
            for (nint k = 0; k < count; k++)
                sum = TOperator.One(sum, (float*)(origin + pixels[k]) + c, weights + weightOffsets[k] + c);
            output[c] = sum;
        }
    }
}

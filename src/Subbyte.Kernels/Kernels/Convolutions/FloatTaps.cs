using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>What a pixel under a sliding kernel does to the results of its channels.</summary>
internal unsafe interface ITapOperator
{
    /// <summary>The result before the first pixel.</summary>
    static abstract float Start { get; }

    /// <summary>The results after one more pixel.</summary>
    /// <typeparam name="T">How many channels at a time.</typeparam>
    /// <param name="result">The results before.</param>
    /// <param name="x">The pixel's first channel.</param>
    /// <param name="w">The weight of that channel, where there are weights.</param>
    static abstract T Of<T>(T result, float* x, float* w) where T : struct, IFloatLanes<T>;
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

    private static unsafe void Run<TOperator>(float* map, ConvolutionGeometry g, float* weights, float* output, nint* lists) where TOperator : ITapOperator
    {
        if (Cpu.HasAvx2) Run<TOperator, Lanes256>(map, g, weights, output, lists);
        else if (Cpu.HasVector128) Run<TOperator, Lanes128>(map, g, weights, output, lists);
        else Run<TOperator, ScalarLane>(map, g, weights, output, lists);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TOperator, TLanes>(float* map, ConvolutionGeometry g, float* weights, float* output, nint* lists)
        where TOperator : ITapOperator where TLanes : struct, IFloatLanes<TLanes>
    {
        var taps = new SlidingTaps(g, (nint)g.InChannels * sizeof(float), g.InChannels, lists);
        int outHeight = g.OutHeight, outWidth = g.OutWidth;
        // Channels that do not fill a vector take the first of the next position with them, whose results are written afterwards; at the ends there is none.
        var padded = weights == null ? (g.InChannels + TLanes.Count - 1) / TLanes.Count * TLanes.Count : g.InChannels;
        float* mapEnd = map + ((nint)g.InHeight * g.InWidth * g.InChannels), outputEnd = output + ((nint)outHeight * outWidth * g.InChannels);
        for (var row = 0; row < outHeight; row++)
        {
            for (var column = 0; column < outWidth; column++, output += g.InChannels)
            {
                taps.MoveTo(row, column);
                var origin = (byte*)map + taps.Origin;
                var hasNext = output + padded <= outputEnd && taps.Count > 0 && (float*)(origin + taps.Pixels[taps.Count - 1]) + padded <= mapEnd;
                Position<TOperator, TLanes>(origin, taps.Pixels, weights, taps.Weights, taps.Count, output, g.InChannels, hasNext ? padded : g.InChannels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Position<TOperator, TLanes>(byte* origin, nint* pixels, float* weights, nint* weightOffsets, nint count, float* output, nint channels, nint padded)
        where TOperator : ITapOperator where TLanes : struct, IFloatLanes<TLanes>
    {
        nint c = 0;
        var start = TLanes.Create(TOperator.Start);
        for (; c <= padded - (4 * TLanes.Count); c += 4 * TLanes.Count)
        {
            TLanes s0 = start, s1 = start, s2 = start, s3 = start;
            for (nint k = 0; k < count; k++)
            {
                float* x = (float*)(origin + pixels[k]) + c, w = weights + weightOffsets[k] + c;
                s0 = TOperator.Of(s0, x, w);
                s1 = TOperator.Of(s1, x + TLanes.Count, w + TLanes.Count);
                s2 = TOperator.Of(s2, x + (2 * TLanes.Count), w + (2 * TLanes.Count));
                s3 = TOperator.Of(s3, x + (3 * TLanes.Count), w + (3 * TLanes.Count));
            }
            s0.Store(output + c);
            s1.Store(output + c + TLanes.Count);
            s2.Store(output + c + (2 * TLanes.Count));
            s3.Store(output + c + (3 * TLanes.Count));
        }
        for (; c <= padded - TLanes.Count; c += TLanes.Count)
            OneVector<TOperator, TLanes>(origin, pixels, weights, weightOffsets, count, output, c);
        for (; c < channels; c++)
            OneVector<TOperator, ScalarLane>(origin, pixels, weights, weightOffsets, count, output, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void OneVector<TOperator, TLanes>(byte* origin, nint* pixels, float* weights, nint* weightOffsets, nint count, float* output, nint c)
        where TOperator : ITapOperator where TLanes : struct, IFloatLanes<TLanes>
    {
        var sum = TLanes.Create(TOperator.Start);
        for (nint k = 0; k < count; k++)
            sum = TOperator.Of(sum, (float*)(origin + pixels[k]) + c, weights + weightOffsets[k] + c);
        sum.Store(output + c);
    }
}

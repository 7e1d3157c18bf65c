using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Gradients of <see cref="Pooling"/> over one NHWC image, added to what is there in ascending output position.</summary>
public static class PoolingGradient
{
    private const int ChannelsAtOnce = 256;

    /// <summary>Of the maximum: the first pixel of the window (ascending kernel position) that equals it takes the whole gradient.</summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="output">Result of <see cref="Pooling.Max"/> [position][channel].</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="g">Sizes.</param>
    /// <param name="inputGradient">Gradient of the input map, added to.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Max(ReadOnlySpan<float> map, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, ConvolutionGeometry g, Span<float> inputGradient)
    {
        Check(Math.Min(map.Length, inputGradient.Length), g, Math.Min(output.Length, outputGradient.Length));
        Span<float> pending = stackalloc float[ChannelsAtOnce];
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            for (var channel = 0; channel < g.InChannels; channel += ChannelsAtOnce)
            {
                var count = Math.Min(ChannelsAtOnce, g.InChannels - channel);
                var start = (position * g.InChannels) + channel;
                outputGradient.Slice(start, count).CopyTo(pending);
                for (var i = window.FirstRow; i < window.EndRow; i++)
                {
                    for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    {
                        var pixel = window.Pixel(i, j) + channel;
                        Claim(map.Slice(pixel, count), output.Slice(start, count), pending[..count], inputGradient.Slice(pixel, count));
                    }
                }
            }
        }
    }

    /// <summary>Of the average.</summary>
    /// <param name="outputGradient">Gradient of the result [position][channel].</param>
    /// <param name="g">Sizes.</param>
    /// <param name="countPadding">Whether the divisor was the whole kernel's size, or the number of pixels inside the image.</param>
    /// <param name="inputGradient">Gradient of the input map, added to.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Average(ReadOnlySpan<float> outputGradient, ConvolutionGeometry g, bool countPadding, Span<float> inputGradient)
    {
        Check(inputGradient.Length, g, outputGradient.Length);
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            float divisor = countPadding ? g.KernelHeight * g.KernelWidth : Math.Max(1, window.Count);
            var gradient = outputGradient.Slice(position * g.InChannels, g.InChannels);
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    AddQuotient(gradient, divisor, inputGradient.Slice(window.Pixel(i, j), g.InChannels));
            }
        }
    }

    /// <summary>Of the average over all positions.</summary>
    /// <param name="outputGradient">Gradient of the result, one element per channel.</param>
    /// <param name="positions">Number of positions, ≥ 1.</param>
    /// <param name="inputGradient">Gradient of the input map [position][channel], added to.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void GlobalAverage(ReadOnlySpan<float> outputGradient, int positions, Span<float> inputGradient)
    {
        if (positions < 1 || inputGradient.Length != (long)positions * outputGradient.Length)
            throw new ArgumentException($"{outputGradient.Length} channels of {positions} positions are not {inputGradient.Length} elements", nameof(inputGradient));
        for (var start = 0; start < inputGradient.Length; start += outputGradient.Length)
            AddQuotient(outputGradient, positions, inputGradient.Slice(start, outputGradient.Length));
    }

    /// <summary>Where a pixel is the maximum, it takes the pending gradient and leaves none for later pixels.</summary>
    private static unsafe void Claim(ReadOnlySpan<float> x, ReadOnlySpan<float> maximum, Span<float> pending, Span<float> gradient)
    {
        fixed (float* px = x, m = maximum, p = pending, dx = gradient)
            LaneLoop.Run(new ClaimLoop(px, m, p, dx), x.Length);
    }

    private static unsafe void AddQuotient(ReadOnlySpan<float> x, float divisor, Span<float> sums)
    {
        fixed (float* px = x, to = sums)
            LaneLoop.Run(new QuotientLoop(px, divisor, to), x.Length);
    }

    private readonly unsafe struct ClaimLoop(float* x, float* maximum, float* pending, float* gradient) : ILaneLoop
    {
        private readonly float* _x = x, _maximum = maximum, _pending = pending, _gradient = gradient;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var isMaximum = T.AreEqual(T.Load(_x + i), T.Load(_maximum + i));
            var rest = T.Load(_pending + i);
            (T.Load(_gradient + i) + (isMaximum & rest)).Store(_gradient + i);
            T.Select(isMaximum, T.Create(0), rest).Store(_pending + i);
        }
    }

    private readonly unsafe struct QuotientLoop(float* x, float divisor, float* sums) : ILaneLoop
    {
        private readonly float* _x = x, _sums = sums;
        private readonly float _divisor = divisor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T> => (T.Load(_sums + i) + (T.Load(_x + i) / T.Create(_divisor))).Store(_sums + i);
    }

    private static void Check(int map, ConvolutionGeometry g, int output)
    {
        ArgumentNullException.ThrowIfNull(g);
        if (map < (long)g.InHeight * g.InWidth * g.InChannels)
            throw new ArgumentException($"the map has {map} elements, not {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        if (output < (long)g.Positions * g.InChannels)
            throw new ArgumentException($"the output has {output} elements, not {g.Positions}×{g.InChannels}", nameof(output));
    }
}

using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Gradients of <see cref="Pooling"/> over one NHWC image, in ascending output position.</summary>
public static class PoolingGradient
{
    /// <summary>Of the maximum: the first pixel of the window (ascending kernel position) that equals it takes the whole gradient.</summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="output">Result of <see cref="Pooling.Max"/> [position][channel].</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="g">Sizes.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the input map.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void Max(ReadOnlySpan<float> map, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, ConvolutionGeometry g, bool accumulate, Span<float> inputGradient)
    {
        Check(Math.Min(map.Length, inputGradient.Length), g, Math.Min(output.Length, outputGradient.Length));
        if (!accumulate) inputGradient.Clear();
        var needed = 4 * g.KernelHeight * g.KernelWidth;
        var onStack = stackalloc nint[needed > SlidingTaps.MostOnStack ? 0 : needed];
        fixed (nint* kept = needed > SlidingTaps.MostOnStack ? Scratch<nint>.Rent(needed) : default)
        fixed (float* x = map, y = output, dy = outputGradient, dx = inputGradient)
        {
            if (Cpu.HasAvx2) Max<Lanes256>(x, y, dy, g, accumulate, dx, kept == null ? onStack : kept);
            else if (Cpu.HasVector128) Max<Lanes128>(x, y, dy, g, accumulate, dx, kept == null ? onStack : kept);
            else Max<ScalarLane>(x, y, dy, g, accumulate, dx, kept == null ? onStack : kept);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Max<TLanes>(float* map, float* output, float* outputGradient, ConvolutionGeometry g, bool accumulate, float* inputGradient, nint* lists) where TLanes : struct, IFloatLanes<TLanes>
    {
        int channels = g.InChannels, outWidth = g.OutWidth, padded = (channels + TLanes.Count - 1) / TLanes.Count * TLanes.Count;
        var adds = accumulate || !IsPartition(g);
        // Channels that do not fill a vector take those of the next pixels with them, which are written afterwards where each pixel is written once.
        var lastElement = adds ? -1 : (outWidth * g.StrideWidth * channels) - padded;
        var lastPosition = ((nint)g.OutHeight * outWidth * channels) - padded;
        var taps = new SlidingTaps(g, (nint)channels * sizeof(float), channels, lists);
        nint position = 0;
        for (var row = 0; row < g.OutHeight; row++)
        {
            for (var column = 0; column < outWidth; column++, position += channels)
            {
                taps.MoveTo(row, column);
                var loop = new ClaimLoop((byte*)map + taps.Origin, taps.Pixels, taps.Count, output + position, outputGradient + position, (byte*)inputGradient + taps.Origin, adds);
                nint c = 0;
                if (((column * g.StrideWidth) + g.KernelWidth - 1) * channels <= lastElement && position <= lastPosition)
                {
                    // Backwards, so that what the last vector writes too much is overwritten.
                    for (c = padded - TLanes.Count; c >= 0; c -= TLanes.Count) loop.Run<TLanes>(c);
                    continue;
                }

                for (; c <= channels - TLanes.Count; c += TLanes.Count) loop.Run<TLanes>(c);
                for (; c < channels; c++) loop.Run<ScalarLane>(c);
            }
        }
    }

    /// <summary>Whether no pixel lies in two windows, and windows lie inside the image.</summary>
    private static bool IsPartition(ConvolutionGeometry g)
        => g.StrideHeight == g.KernelHeight && g.StrideWidth == g.KernelWidth && g.DilationHeight == 1 && g.DilationWidth == 1 && g.PadTop == 0 && g.PadLeft == 0 && g.PadBottom == 0 && g.PadRight == 0;

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

    private static unsafe void AddQuotient(ReadOnlySpan<float> x, float divisor, Span<float> sums)
    {
        fixed (float* px = x, to = sums)
            LaneLoop.Run(new QuotientLoop(px, divisor, to), x.Length);
    }

    /// <summary>The first pixel that is the maximum takes the gradient and leaves none for later ones.</summary>
    private readonly unsafe struct ClaimLoop(byte* map, nint* pixels, int count, float* maximum, float* outputGradient, byte* inputGradient, bool adds) : ILaneLoop
    {
        private readonly byte* _map = map, _inputGradient = inputGradient;
        private readonly nint* _pixels = pixels;
        private readonly float* _maximum = maximum, _outputGradient = outputGradient;
        private readonly nint _count = count;
        private readonly bool _adds = adds;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint c) where T : struct, IFloatLanes<T>
        {
            T largest = T.Load(_maximum + c), pending = T.Load(_outputGradient + c);
            for (nint k = 0; k < _count; k++)
            {
                var isMaximum = T.AreEqual(T.Load((float*)(_map + _pixels[k]) + c), largest);
                var gradient = (float*)(_inputGradient + _pixels[k]) + c;
                (_adds ? T.Load(gradient) + (isMaximum & pending) : isMaximum & pending).Store(gradient);
                pending = T.Select(isMaximum, T.Create(0), pending);
            }
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

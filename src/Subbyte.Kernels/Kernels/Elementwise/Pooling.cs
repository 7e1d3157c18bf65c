using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Pooling of one NHWC image of floats; the geometry's input channels, kernel, strides, pads and dilations count, its groups do not.</summary>
public static class Pooling
{
    /// <summary>
    /// Maximum over the pixels of the window that lie inside the image, −∞ if there are none: <c>m = x &gt; m ? x : m</c> in ascending
    /// kernel position, so NaN never wins.
    /// </summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="g">Sizes.</param>
    /// <param name="d">Result [position][channel]; it must not overlap <paramref name="map"/>.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Max(ReadOnlySpan<float> map, ConvolutionGeometry g, Span<float> d)
    {
        Check(map.Length, g, d.Length);
        Run<MaxTap>(map, g, d);
    }

    /// <summary>Average over the window: a float32 sum from +0 in ascending kernel position, divided once.</summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="g">Sizes.</param>
    /// <param name="countPadding">Whether the divisor is the whole kernel's size, or the number of pixels inside the image.</param>
    /// <param name="d">Result [position][channel]; it must not overlap <paramref name="map"/>. A window without pixels gives 0.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Average(ReadOnlySpan<float> map, ConvolutionGeometry g, bool countPadding, Span<float> d)
    {
        Check(map.Length, g, d.Length);
        Run<SumTap>(map, g, d);
        if (countPadding)
        {
            Divide(d[..(g.Positions * g.InChannels)], g.KernelHeight * g.KernelWidth);
            return;
        }
        var position = 0;
        for (var row = 0; row < g.OutHeight; row++)
        {
            var height = CountInside((row * g.StrideHeight) - g.PadTop, g.DilationHeight, g.KernelHeight, g.InHeight);
            for (var column = 0; column < g.OutWidth; column++, position++)
            {
                var width = CountInside((column * g.StrideWidth) - g.PadLeft, g.DilationWidth, g.KernelWidth, g.InWidth);
                Divide(d.Slice(position * g.InChannels, g.InChannels), Math.Max(1, height * width));
            }
        }
    }

    /// <summary>Average over all positions: a float32 sum from +0 in ascending position, divided once.</summary>
    /// <param name="map">Input map [position][channel].</param>
    /// <param name="positions">Number of positions, ≥ 1.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="d">Result, one element per channel.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void GlobalAverage(ReadOnlySpan<float> map, int positions, int channels, Span<float> d)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        if (map.Length < (long)positions * channels || d.Length < channels)
            throw new ArgumentException($"a map of {map.Length} and a result of {d.Length} elements do not fit {positions} positions of {channels} channels", nameof(map));
        var result = d[..channels];
        result.Clear();
        fixed (float* pm = map, pr = result)
        {
            for (nint position = 0; position < positions; position++)
                RowLoop.Run<SumOperator>(new RowOperands(pm + (position * channels), pr), pr, channels);
        }
        Divide(result, positions);
    }

    private static unsafe void Run<TTap>(ReadOnlySpan<float> map, ConvolutionGeometry g, Span<float> d) where TTap : ITapOperator
    {
        fixed (float* pm = map, pd = d)
            FloatTaps.Run<TTap>(pm, g, null, pd);
    }

    private static int CountInside(int start, int dilation, int kernel, int size)
    {
        var count = 0;
        for (var i = 0; i < kernel; i++)
        {
            if ((uint)(start + (i * dilation)) < (uint)size) count++;
        }
        return count;
    }

    private static unsafe void Divide(Span<float> d, float divisor)
    {
        fixed (float* pd = d)
            RowLoop.Run<DivideOperator>(new RowOperands(pd, &divisor), pd, d.Length);
    }

    private readonly unsafe struct MaxTap : ITapOperator
    {
        public static float Start => float.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T result, float* x, float* w) where T : struct, IFloatLanes<T> => T.Max(T.Load(x), result);
    }

    private readonly unsafe struct SumTap : ITapOperator
    {
        public static float Start => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T result, float* x, float* w) where T : struct, IFloatLanes<T> => result + T.Load(x);
    }

    private readonly unsafe struct SumOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T> => T.Load(o.Y + i) + T.Load(o.X + i);
    }

    private readonly unsafe struct DivideOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T> => T.Load(o.X + i) / T.Create(*o.Y);
    }

    private static void Check(int map, ConvolutionGeometry g, int d)
    {
        ArgumentNullException.ThrowIfNull(g);
        if (map < (long)g.InHeight * g.InWidth * g.InChannels)
            throw new ArgumentException($"the map has {map} elements, not {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        if (d < (long)g.Positions * g.InChannels)
            throw new ArgumentException($"the result has {d} elements, not {g.Positions}×{g.InChannels}", nameof(d));
    }
}

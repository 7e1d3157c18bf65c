using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            var result = d.Slice(position * g.InChannels, g.InChannels);
            result.Fill(float.NegativeInfinity);
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    Accumulate<MaxOperator>(map.Slice(window.Pixel(i, j), g.InChannels), result);
            }
        }
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
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            var result = d.Slice(position * g.InChannels, g.InChannels);
            result.Clear();
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    Accumulate<SumOperator>(map.Slice(window.Pixel(i, j), g.InChannels), result);
            }
            Divide(result, countPadding ? g.KernelHeight * g.KernelWidth : Math.Max(1, window.Count));
        }
    }

    /// <summary>Average over all positions: a float32 sum from +0 in ascending position, divided once.</summary>
    /// <param name="map">Input map [position][channel].</param>
    /// <param name="positions">Number of positions, ≥ 1.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="d">Result, one element per channel.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void GlobalAverage(ReadOnlySpan<float> map, int positions, int channels, Span<float> d)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        if (map.Length < (long)positions * channels || d.Length < channels)
            throw new ArgumentException($"a map of {map.Length} and a result of {d.Length} elements do not fit {positions} positions of {channels} channels", nameof(map));
        var result = d[..channels];
        result.Clear();
        for (var position = 0; position < positions; position++)
            Accumulate<SumOperator>(map.Slice(position * channels, channels), result);
        Divide(result, positions);
    }

    private static unsafe void Accumulate<TOperator>(ReadOnlySpan<float> x, Span<float> result) where TOperator : IRowOperator
    {
        fixed (float* px = x, pr = result)
            RowLoop.Run<TOperator>(new RowOperands(px, pr), pr, x.Length);
    }

    private static unsafe void Divide(Span<float> result, float divisor)
    {
        fixed (float* pr = result)
            RowLoop.Run<DivideOperator>(new RowOperands(pr, &divisor), pr, result.Length);
    }

    private readonly unsafe struct MaxOperator : IRowOperator
    {
        public static float One(in RowOperands o, nint i) => o.X[i] > o.Y[i] ? o.X[i] : o.Y[i];

        public static Vector256<float> Eight(in RowOperands o, nint i) => Avx.Max(Vector256.Load(o.X + i), Vector256.Load(o.Y + i));
    }

    private readonly unsafe struct SumOperator : IRowOperator
    {
        public static float One(in RowOperands o, nint i) => o.Y[i] + o.X[i];

        public static Vector256<float> Eight(in RowOperands o, nint i) => Vector256.Load(o.Y + i) + Vector256.Load(o.X + i);
    }

    private readonly unsafe struct DivideOperator : IRowOperator
    {
        public static float One(in RowOperands o, nint i) => o.X[i] / *o.Y;

        public static Vector256<float> Eight(in RowOperands o, nint i) => Vector256.Load(o.X + i) / Vector256.Create(*o.Y);
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

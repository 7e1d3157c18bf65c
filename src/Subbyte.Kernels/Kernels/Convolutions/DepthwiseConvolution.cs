namespace Subbyte.Kernels;

/// <summary>
/// Convolutions in which every group has one input and one output channel (<see cref="ConvolutionGeometry.IsDepthwise"/>), over one NHWC
/// image, weights [k][channel] with <c>k = i · kernelWidth + j</c>, result [position][channel].
/// </summary>
public static partial class DepthwiseConvolution
{
    /// <summary>
    /// Floats: each output is one chain of fused multiply-adds from +0 in ascending <c>k</c>; positions outside the image are skipped, as a
    /// product with +0 would leave the chain as it is (finite weights).
    /// </summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="weights">Weights [k][channel].</param>
    /// <param name="output">Result [position][channel], overwritten; it must not overlap <paramref name="map"/>.</param>
    /// <exception cref="ArgumentException">The convolution is not depthwise or a span does not fit it.</exception>
    public static void Float(ReadOnlySpan<float> map, ConvolutionGeometry g, ReadOnlySpan<float> weights, Span<float> output)
    {
        Check(map.Length, g, weights.Length, output.Length);
        var channels = g.InChannels;
        for (var position = 0; position < g.Positions; position++)
        {
            var sums = output.Slice(position * channels, channels);
            sums.Clear();
            for (var k = 0; k < g.KernelHeight * g.KernelWidth; k++)
            {
                var pixel = Pixel(g, position, k);
                if (pixel < 0) continue;
                for (var c = 0; c < channels; c++)
                    sums[c] = MathF.FusedMultiplyAdd(map[pixel + c], weights[(k * channels) + c], sums[c]);
            }
        }
    }

    /// <summary>Unsigned 8-bit codes and signed 8-bit weights: exact 32-bit sums.</summary>
    /// <param name="map">Input codes [height][width][channels].</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="weights">Weights [k][channel].</param>
    /// <param name="padding">Code outside the image (the zero point).</param>
    /// <param name="output">Result [position][channel], overwritten.</param>
    /// <exception cref="ArgumentException">The convolution is not depthwise or a span does not fit it.</exception>
    public static void Int8(ReadOnlySpan<byte> map, ConvolutionGeometry g, ReadOnlySpan<sbyte> weights, byte padding, Span<int> output)
    {
        Check(map.Length, g, weights.Length, output.Length);
        var channels = g.InChannels;
        for (var position = 0; position < g.Positions; position++)
        {
            var sums = output.Slice(position * channels, channels);
            sums.Clear();
            for (var k = 0; k < g.KernelHeight * g.KernelWidth; k++)
            {
                var pixel = Pixel(g, position, k);
                for (var c = 0; c < channels; c++)
                    sums[c] += (pixel < 0 ? padding : map[pixel + c]) * weights[(k * channels) + c];
            }
        }
    }

    /// <summary>Signed 16-bit codes and weights: 32-bit sums, which wrap; exact when the true sums fit.</summary>
    /// <param name="map">Input codes [height][width][channels].</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="weights">Weights [k][channel].</param>
    /// <param name="padding">Code outside the image (the zero point).</param>
    /// <param name="output">Result [position][channel], overwritten.</param>
    /// <exception cref="ArgumentException">The convolution is not depthwise or a span does not fit it.</exception>
    public static void Int16(ReadOnlySpan<short> map, ConvolutionGeometry g, ReadOnlySpan<short> weights, short padding, Span<int> output)
    {
        Check(map.Length, g, weights.Length, output.Length);
        var channels = g.InChannels;
        for (var position = 0; position < g.Positions; position++)
        {
            var sums = output.Slice(position * channels, channels);
            sums.Clear();
            for (var k = 0; k < g.KernelHeight * g.KernelWidth; k++)
            {
                var pixel = Pixel(g, position, k);
                for (var c = 0; c < channels; c++)
                    sums[c] += (pixel < 0 ? padding : map[pixel + c]) * weights[(k * channels) + c];
            }
        }
    }

    /// <summary>Index of the first channel of the pixel under kernel element <paramref name="k"/>, or −1 outside the image.</summary>
    private static int Pixel(ConvolutionGeometry g, int position, int k)
    {
        var y = (position / g.OutWidth * g.StrideHeight) - g.PadTop + (k / g.KernelWidth * g.DilationHeight);
        var x = (position % g.OutWidth * g.StrideWidth) - g.PadLeft + (k % g.KernelWidth * g.DilationWidth);
        return (uint)y < (uint)g.InHeight && (uint)x < (uint)g.InWidth ? ((y * g.InWidth) + x) * g.InChannels : -1;
    }

    private static void Check(int map, ConvolutionGeometry g, int weights, int output)
    {
        ArgumentNullException.ThrowIfNull(g);
        if (g.Groups != g.InChannels || g.InChannels != g.OutChannels)
            throw new ArgumentException("the convolution is not depthwise", nameof(g));
        if (map < (long)g.InHeight * g.InWidth * g.InChannels)
            throw new ArgumentException($"the map has {map} elements, not {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        if (weights < (long)g.KernelHeight * g.KernelWidth * g.InChannels)
            throw new ArgumentException($"there are {weights} weights, not {g.KernelHeight}×{g.KernelWidth}×{g.InChannels}", nameof(weights));
        if (output < (long)g.Positions * g.OutChannels)
            throw new ArgumentException($"the output has {output} elements, not {g.Positions}×{g.OutChannels}", nameof(output));
    }
}

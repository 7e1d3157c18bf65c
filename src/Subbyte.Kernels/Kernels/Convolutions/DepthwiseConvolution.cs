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
    public static unsafe void Float(ReadOnlySpan<float> map, ConvolutionGeometry g, ReadOnlySpan<float> weights, Span<float> output)
    {
        Check(map.Length, g, weights.Length, output.Length);
        fixed (float* pm = map, pw = weights, po = output)
            FloatTaps.Run<FmaTap>(pm, g, pw, po);
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
        Integer<byte, sbyte, Int8Loader>(map, g, weights, padding, output);
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
        Integer<short, short, Int16Loader>(map, g, weights, padding, output);
    }

    private static unsafe void Integer<TCode, TWeight, TLoader>(ReadOnlySpan<TCode> map, ConvolutionGeometry g, ReadOnlySpan<TWeight> weights, TCode padding, Span<int> output)
        where TCode : unmanaged where TWeight : unmanaged where TLoader : ITapLoader<TCode, TWeight>
    {
        // Pixels outside the image are all this one, so that positions at the edges are like any other.
        var outside = Scratch<TCode>.Rent(g.InChannels)[..g.InChannels];
        outside.Fill(padding);
        fixed (TCode* pm = map, padded = outside)
        fixed (TWeight* pw = weights)
        fixed (int* po = output)
            IntegerTaps.Run<TCode, TWeight, TLoader>(pm, g, pw, padded, po);
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

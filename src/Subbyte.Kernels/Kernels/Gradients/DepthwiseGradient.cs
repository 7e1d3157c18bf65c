namespace Subbyte.Kernels;

/// <summary>
/// Gradients of <see cref="DepthwiseConvolution.Float"/> over one NHWC image, added to what is there: every element is one chain of fused
/// multiply-adds in ascending output position, at each position in ascending <c>k</c>.
/// </summary>
public static class DepthwiseGradient
{
    /// <summary>The gradient of the input map: <c>dx[pixel, c] += dy[position, c] · w[k, c]</c>.</summary>
    /// <param name="outputGradient">Gradient of the result [position][channel].</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="weights">Weights [k][channel].</param>
    /// <param name="inputGradient">Gradient of the input map [height][width][channels], added to.</param>
    /// <exception cref="ArgumentException">The convolution is not depthwise or a span does not fit it.</exception>
    public static void Input(ReadOnlySpan<float> outputGradient, ConvolutionGeometry g, ReadOnlySpan<float> weights, Span<float> inputGradient)
    {
        Check(outputGradient.Length, g, weights.Length, inputGradient.Length);
        var channels = g.InChannels;
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            var gradient = outputGradient.Slice(position * channels, channels);
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    Accumulation.MultiplyAdd(gradient, weights[(((i * g.KernelWidth) + j) * channels)..], inputGradient[window.Pixel(i, j)..]);
            }
        }
    }

    /// <summary>The gradient of the weights: <c>dw[k, c] += dy[position, c] · x[pixel, c]</c>.</summary>
    /// <param name="map">Input map [height][width][channels].</param>
    /// <param name="outputGradient">Gradient of the result [position][channel].</param>
    /// <param name="g">Sizes of the convolution.</param>
    /// <param name="weightGradient">Gradient of the weights [k][channel], added to.</param>
    /// <exception cref="ArgumentException">The convolution is not depthwise or a span does not fit it.</exception>
    public static void Weights(ReadOnlySpan<float> map, ReadOnlySpan<float> outputGradient, ConvolutionGeometry g, Span<float> weightGradient)
    {
        Check(outputGradient.Length, g, weightGradient.Length, map.Length);
        var channels = g.InChannels;
        var window = new SlidingWindow(g);
        for (var position = 0; position < g.Positions; position++)
        {
            window.MoveTo(position);
            var gradient = outputGradient.Slice(position * channels, channels);
            for (var i = window.FirstRow; i < window.EndRow; i++)
            {
                for (var j = window.FirstColumn; j < window.EndColumn; j++)
                    Accumulation.MultiplyAdd(gradient, map[window.Pixel(i, j)..], weightGradient[(((i * g.KernelWidth) + j) * channels)..]);
            }
        }
    }

    private static void Check(int output, ConvolutionGeometry g, int weights, int map)
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

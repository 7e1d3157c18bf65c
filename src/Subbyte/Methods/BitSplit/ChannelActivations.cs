using System.Numerics.Tensors;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Onnx.Export;
using Tensor = Subbyte.Tensors.Tensor;

namespace Subbyte.Methods.BitSplit;

/// <summary>
/// Activations with a step for each input channel, <c>code = clamp(round half to even(x / β[c]))</c>, the division in float32. The codes
/// themselves are the values that the layer multiplies (<see cref="Scale"/> is 1): the steps are in its weights.
/// </summary>
public sealed class ChannelActivations : IActivationQuantizer, IOnnxExpressible
{
    private const int Block = 256;

    private readonly float[] _channelScales;
    private readonly float[] _tiled;

    /// <summary>A quantizer.</summary>
    /// <param name="filledBy">Name of the method that made it.</param>
    /// <param name="range">Range of the codes, which holds 0.</param>
    /// <param name="channelScales">β of each input channel, finite and &gt; 0.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public ChannelActivations(string filledBy, CodeRange range, ReadOnlySpan<float> channelScales, int bits)
    {
        FilledBy = filledBy;
        Range = range;
        Bits = bits;
        _channelScales = channelScales.ToArray();
        _tiled = [.. Enumerable.Repeat(_channelScales, (Block + channelScales.Length - 1) / channelScales.Length).SelectMany(scales => scales)];
    }

    /// <inheritdoc/>
    public string FilledBy { get; }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <summary>β of each input channel.</summary>
    public ReadOnlySpan<float> ChannelScales => _channelScales;

    /// <inheritdoc/>
    public float Scale => 1;

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        Span<float> quotients = stackalloc float[Block];
        for (var start = 0; start < values.Length;)
        {
            var block = Divide(values, start, quotients);
            Quantizer.ToInt16(block, 1, 0, Range.Lowest, Range.Highest, codes.Slice(start, block.Length));
            start += block.Length;
        }
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
    {
        Span<float> quotients = stackalloc float[Block];
        for (var start = 0; start < values.Length;)
        {
            var block = Divide(values, start, quotients);
            Quantizer.ToUInt8(block, 1, shift, Range.Lowest + shift, Range.Highest + shift, codes.Slice(start, block.Length));
            start += block.Length;
        }
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        int[] dimensions = [_channelScales.Length, .. Enumerable.Repeat(1, shape.AxesAfter)];
        return graph.Call(
            CodeFunctions.EncodeHalfEven,
            [input, graph.Constant("scale", Tensor.Of<float>(_channelScales, dimensions)), graph.Scalar("zero_point", 0), graph.Scalar("lowest", Range.Lowest), graph.Scalar("highest", Range.Highest)]);
    }

    private Span<float> Divide(ReadOnlySpan<float> values, int start, Span<float> quotients)
    {
        var phase = start % _tiled.Length;
        var count = Math.Min(Block, Math.Min(values.Length - start, _tiled.Length - phase));
        TensorPrimitives.Divide(values.Slice(start, count), _tiled.AsSpan(phase, count), quotients);
        return quotients[..count];
    }
}

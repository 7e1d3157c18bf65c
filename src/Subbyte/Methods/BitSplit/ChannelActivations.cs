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
    private readonly ChannelQuantizer _quantizer;

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
        _quantizer = new ChannelQuantizer(channelScales);
    }

    /// <inheritdoc/>
    public string FilledBy { get; }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> ChannelScales => _quantizer.Steps;

    /// <inheritdoc/>
    public float Scale => 1;

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes) => _quantizer.ToInt16(values, Range.Lowest, Range.Highest, codes);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes) => _quantizer.ToUInt8(values, shift, Range.Lowest + shift, Range.Highest + shift, codes);

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        int[] dimensions = [ChannelScales.Length, .. Enumerable.Repeat(1, shape.AxesAfter)];
        return graph.Call(
            CodeFunctions.EncodeHalfEven,
            [input, graph.Constant("scale", Tensor.Of(ChannelScales, dimensions)), graph.Scalar("zero_point", 0), graph.Scalar("lowest", Range.Lowest), graph.Scalar("highest", Range.Highest)]);
    }
}

using Subbyte.Kernels;
using Subbyte.Onnx.Export;

namespace Subbyte.Lowering;

/// <summary>
/// Activations with one step and one zero point: <c>code = clamp(round(x / Scale) + ZeroPoint)</c>, the division in float32. What most
/// methods fill the activation slot with; they differ in how they choose the step and in what happens to ties.
/// </summary>
/// <param name="filledBy">Name of the method that made it.</param>
/// <param name="range">Range of the codes; it fits 16 bits and contains <paramref name="zeroPoint"/>.</param>
/// <param name="scale">Real value of one step; finite, &gt; 0.</param>
/// <param name="zeroPoint">The code of real zero.</param>
/// <param name="bits">Nominal width of a code in bits.</param>
/// <param name="rounding">What happens to ties.</param>
public sealed class UniformActivations(string filledBy, CodeRange range, float scale, int zeroPoint, double bits, Rounding rounding) : IActivationQuantizer, IOnnxExpressible
{
    /// <inheritdoc/>
    public string FilledBy { get; } = filledBy;

    /// <inheritdoc/>
    public CodeRange Range { get; } = range;

    /// <inheritdoc/>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    public int ZeroPoint { get; } = zeroPoint;

    /// <inheritdoc/>
    public double Bits { get; } = bits;

    /// <summary>What happens to ties.</summary>
    public Rounding Rounding { get; } = rounding;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
        => Quantizer.ToInt16(values, Scale, ZeroPoint, Range.Lowest, Range.Highest, codes, Rounding);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
        => Quantizer.ToUInt8(values, Scale, ZeroPoint + shift, Range.Lowest + shift, Range.Highest + shift, codes, Rounding);

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        List<string> inputs = [input, graph.Scalar("scale", Scale), graph.Scalar("zero_point", ZeroPoint), graph.Scalar("lowest", Range.Lowest), graph.Scalar("highest", Range.Highest)];
        if (Rounding == Rounding.HalfEven) return graph.Call(CodeFunctions.EncodeHalfEven, inputs);
        inputs.Add(graph.Scalar("half", 0.5f));
        return graph.Call(CodeFunctions.EncodeHalfAway, inputs);
    }
}

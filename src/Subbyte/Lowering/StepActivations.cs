using System.Runtime.Intrinsics;
using Subbyte.Onnx.Export;

namespace Subbyte.Lowering;

/// <summary>
/// Activations of one step: <c>[x ≥ ½] − [x &lt; −½]</c> at scale 1, or <c>[x ≥ ½]</c> where none is negative. Values that are −1, 0 or 1 already, as networks
/// trained with binary or ternary activations make them, are their own codes; NaN counts as 0.
/// </summary>
/// <param name="filledBy">Name of the method that made it.</param>
/// <param name="isNonNegative">Whether there is no code −1.</param>
public sealed class StepActivations(string filledBy, bool isNonNegative) : IActivationQuantizer, IOnnxExpressible
{
    private const float Threshold = 0.5f;

    /// <inheritdoc/>
    public string FilledBy { get; } = filledBy;

    /// <inheritdoc/>
    public CodeRange Range { get; } = new(isNonNegative ? 0 : -1, 1);

    /// <inheritdoc/>
    public float Scale => 1;

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits { get; } = isNonNegative ? 1 : 2;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        var i = 0;
        for (; i + 16 <= values.Length; i += 16) Vector256.Narrow(Steps(Vector256.Create(values[i..])), Steps(Vector256.Create(values[(i + 8)..]))).CopyTo(codes[i..]);
        for (; i < values.Length; i++) codes[i] = (short)Step(values[i]);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
    {
        var offset = Vector256.Create(shift);
        var i = 0;
        for (; i + 32 <= values.Length; i += 32)
        {
            var low = Vector256.Narrow(Steps(Vector256.Create(values[i..])) + offset, Steps(Vector256.Create(values[(i + 8)..])) + offset);
            var high = Vector256.Narrow(Steps(Vector256.Create(values[(i + 16)..])) + offset, Steps(Vector256.Create(values[(i + 24)..])) + offset);
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(codes[i..]);
        }

        for (; i < values.Length; i++) codes[i] = (byte)(Step(values[i]) + shift);
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        var reaches = graph.ToFloat(graph.Add("GreaterOrEqual", [input, graph.Scalar("half", Threshold)]));
        return Range.Lowest == 0 ? reaches : graph.Add("Sub", [reaches, graph.ToFloat(graph.Add("Less", [input, graph.Scalar("minus_half", -Threshold)]))]);
    }

    private int Step(float value) => (value >= Threshold ? 1 : 0) - (Range.Lowest < 0 && value < -Threshold ? 1 : 0);

    /// <summary>Comparisons are −1 where they hold.</summary>
    private Vector256<int> Steps(Vector256<float> values)
    {
        var reaches = Vector256.GreaterThanOrEqual(values, Vector256.Create(Threshold)).AsInt32();
        return Range.Lowest == 0 ? -reaches : Vector256.LessThan(values, Vector256.Create(-Threshold)).AsInt32() - reaches;
    }
}

using Subbyte.Kernels;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Lsq;

/// <summary>
/// Uniform quantization with a trained step (Esser et al., ICLR 2020): <c>s·clamp(round(v/s), lowest, highest)</c>, round half to even. The gradient of a value passes where v/s lies in
/// the range; the step's is <c>round(v/s) − v/s</c> there and the range's end outside, times <c>1/√(n·highest)</c>.
/// </summary>
/// <param name="lowest">Smallest code.</param>
/// <param name="highest">Largest code.</param>
internal readonly struct LearnedStep(int lowest, int highest)
{
    private const float SmallestStep = 1e-8f;

    /// <summary>The step that training begins with, <c>2·mean|v|/√highest</c>.</summary>
    /// <param name="values">Values.</param>
    /// <returns>The step, &gt; 0.</returns>
    public float Start(ReadOnlySpan<float> values)
    {
        var mean = LatentSigns.AbsoluteSum(values) / Math.Max(1, values.Length);
        return Bounded((float)(2 * mean / Math.Sqrt(highest)));
    }

    /// <summary>A step that is not zero or negative.</summary>
    /// <param name="step">The step.</param>
    /// <returns>The step used.</returns>
    public static float Bounded(float step) => Math.Max(step, SmallestStep);

    /// <summary>The forward pass.</summary>
    /// <param name="values">Values.</param>
    /// <param name="step">The step.</param>
    /// <param name="quantized">Takes the quantized values.</param>
    public void Forward(ReadOnlySpan<float> values, float step, Span<float> quantized)
    {
        for (var i = 0; i < values.Length; i++) quantized[i] = Math.Clamp(MathF.Round(values[i] / step), lowest, highest) * step;
    }

    /// <summary>The codes.</summary>
    /// <param name="values">Values.</param>
    /// <param name="step">The step.</param>
    /// <param name="codes">Takes the codes.</param>
    public void Encode(ReadOnlySpan<float> values, float step, Span<short> codes) => Quantizer.ToInt16(values, step, 0, lowest, highest, codes);

    /// <summary>The backward pass.</summary>
    /// <param name="values">Values.</param>
    /// <param name="step">The step.</param>
    /// <param name="gradient">∂L/∂quantized.</param>
    /// <param name="valueGradient">Takes ∂L/∂values.</param>
    /// <returns>∂L/∂step, balanced.</returns>
    public float Backward(ReadOnlySpan<float> values, float step, ReadOnlySpan<float> gradient, Span<float> valueGradient)
    {
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var v = values[i] / step;
            var inside = v >= lowest && v <= highest;
            valueGradient[i] = inside ? gradient[i] : 0;
            sum += gradient[i] * (inside ? (double)MathF.Round(v) - v : v < lowest ? lowest : highest);
        }

        return (float)(sum / Math.Sqrt((double)values.Length * highest));
    }
}

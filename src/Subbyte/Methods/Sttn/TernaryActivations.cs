using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Sttn;

/// <summary>
/// The ternary activation of section 3.1: −1 below −½, +1 from ½ on, 0 between (half-open); the gradient passes where −1 ≤ x ≤ 1, both ends included,
/// as in the authors' CUDA kernel. Without parameters and scale: the batch norms on both sides are part of the method.
/// </summary>
internal sealed class TernaryActivations : ITrainableActivations
{
    private const float Threshold = 0.5f;

    /// <inheritdoc/>
    public string Name => SttnMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters => [];

    /// <summary>The code of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>−1, 0 or 1.</returns>
    public static int Code(float value) => value >= Threshold ? 1 : value < -Threshold ? -1 : 0;

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        // There are no parameters.
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        for (var i = 0; i < values.Length; i++) quantized[i] = (values[i] >= Threshold ? 1f : 0) - (values[i] < -Threshold ? 1f : 0);
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        for (var i = 0; i < values.Length; i++) valueGradient[i] = Math.Abs(values[i]) <= 2 * Threshold ? gradient[i] : 0;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var reaches = graph.Add("GreaterOrEqual", [input, graph.Scalar("half", Threshold)]);
        var below = graph.Add("Less", [input, graph.Scalar("minus_half", -Threshold)]);
        return graph.Add("Sub", [graph.ToFloat(reaches), graph.ToFloat(below)]);
    }
}

using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Binary;

/// <summary>The activation of binary networks: +1 from 0 on, −1 below; the gradient passes where |x| ≤ 1. Padding stays 0, as the convolution pads it.</summary>
/// <param name="name">Name of the method.</param>
internal sealed class SignActivations(string name) : ITrainableActivations
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters => [];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        // There are no parameters.
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        for (var i = 0; i < values.Length; i++) quantized[i] = (values[i] >= 0 ? 1f : 0) - (values[i] < 0 ? 1f : 0);
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        for (var i = 0; i < values.Length; i++) valueGradient[i] = Math.Abs(values[i]) <= 1 ? gradient[i] : 0;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var zero = graph.Scalar("zero", 0);
        return graph.Add("Sub", [graph.ToFloat(graph.Add("GreaterOrEqual", [input, zero])), graph.ToFloat(graph.Add("Less", [input, zero]))]);
    }
}

using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Methods.SiBnn;

/// <summary>
/// The activation of section 3.1: <c>a = [u &gt; 0]</c> with <c>u = (x − b)·s</c>, threshold b and gradient scale s of each channel; gradients pass where −ρ &lt; u &lt; 1.
/// </summary>
/// <param name="channels">Channels of the layer's input.</param>
/// <param name="options">Options.</param>
internal sealed class StepFunction(int channels, SiBnnOptions options) : ITrainableActivations
{
    private readonly float _rho = (float)options.Rho;

    /// <inheritdoc/>
    public string Name => SiBnnMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [.. new[] { "threshold", "gradient scale" }.Select(
        name => new QuantizerParameter(name, channels, options.Rule == ThresholdRule.Learned ? QuantizerParameterKind.Trained : QuantizerParameterKind.State))];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        Array.Fill(parameters[0], (float)options.Threshold);
        Array.Fill(parameters[1], 1);
        if (options.Rule != ThresholdRule.Median || values.IsEmpty) return;
        var column = new float[values.Length / channels];
        for (var c = 0; c < channels; c++)
        {
            for (var i = 0; i < column.Length; i++) column[i] = values[(i * channels) + c];
            Array.Sort(column);
            parameters[0][c] = column[(column.Length - 1) / 2];
        }
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var (b, s) = (parameters[0], parameters[1]);
        for (var start = 0; start < values.Length; start += channels)
        {
            for (var c = 0; c < channels; c++) quantized[start + c] = (values[start + c] - b[c]) * s[c] > 0 ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var (b, s) = (parameters[0], parameters[1]);
        var (toThreshold, toScale) = (new double[channels], new double[channels]);
        for (var start = 0; start < values.Length; start += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                var distance = values[start + c] - b[c];
                var u = distance * s[c];
                var g = u > -_rho && u < 1 ? gradient[start + c] : 0;
                valueGradient[start + c] = s[c] * g;
                toThreshold[c] -= s[c] * (double)g;
                toScale[c] += distance * (double)g;
            }
        }

        if (options.Rule != ThresholdRule.Learned) return;
        for (var c = 0; c < channels; c++)
        {
            parameterGradients[0][c] += (float)toThreshold[c];
            parameterGradients[1][c] += (float)toScale[c];
        }
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        int[] dimensions = [channels, .. Enumerable.Repeat(1, shape.AxesAfter)];
        var distance = graph.Add("Sub", [input, graph.Constant("threshold", Tensor.Of<float>(parameters[0], dimensions))]);
        var u = graph.Add("Mul", [distance, graph.Constant("gradient_scale", Tensor.Of<float>(parameters[1], dimensions))]);
        return graph.ToFloat(graph.Add("Greater", [u, graph.Scalar("zero", 0)]));
    }
}

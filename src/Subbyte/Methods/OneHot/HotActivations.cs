using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.OneHot;

/// <summary>
/// k-hot activations in training with one trained scale a layer, whose gradient is <c>Q(v) − v</c> inside the window and the largest code outside, times <c>1/√(n·largest)</c>.
/// </summary>
/// <param name="name">Name of the method.</param>
/// <param name="hot">Most hot bits at the end.</param>
internal sealed class HotActivations(string name, int hot) : ITrainableActivations
{
    private const float SmallestScale = 1e-8f;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("scale", 1), new("hot bits", 1, QuantizerParameterKind.State)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        parameters[1][0] = hot;
        parameters[0][0] = Math.Max((float)CodebookScale.Of(AbsoluteHistogram.Of(values), HotCodebook.Of(hot)), SmallestScale);
    }

    /// <inheritdoc/>
    public void Turn(string knob, double position, Span<float> values, IReadOnlyList<float[]> parameters)
    {
        if (knob != HotStages.Knob) return;

        // The largest code stands for about the same value before and after.
        parameters[0][0] *= HotCodebook.Of((int)parameters[1][0]).Largest / (float)HotCodebook.Of((int)position).Largest;
        parameters[1][0] = (float)position;
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var (hotValues, scale) = (HotValues.Of((int)parameters[1][0]), Math.Max(parameters[0][0], SmallestScale));
        for (var i = 0; i < values.Length; i++) quantized[i] = hotValues.Code(values[i] / scale) * scale;
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var (hotValues, scale) = (HotValues.Of((int)parameters[1][0]), Math.Max(parameters[0][0], SmallestScale));
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var quotient = values[i] / scale;
            var inside = hotValues.Passes(quotient);
            valueGradient[i] = inside ? gradient[i] : 0;
            sum += gradient[i] * (hotValues.Code(quotient) - (inside ? (double)quotient : 0));
        }

        parameterGradients[0][0] += (float)(sum / Math.Sqrt((double)values.Length * hotValues.Levels[^1]));
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var (hotValues, scale) = (HotValues.Of((int)parameters[1][0]), Math.Max(parameters[0][0], SmallestScale));
        var quotient = graph.Add("Div", [input, graph.Scalar("scale", scale)]);
        var magnitude = graph.Add("Abs", [quotient]);
        string? sum = null;
        for (var i = 0; i < hotValues.Thresholds.Length; i++)
        {
            var reached = graph.ToFloat(graph.Add("GreaterOrEqual", [magnitude, graph.Scalar("threshold", hotValues.Thresholds[i])]));
            var step = graph.Add("Mul", [reached, graph.Scalar("step", hotValues.Levels[i + 1] - hotValues.Levels[i])]);
            sum = sum is null ? step : graph.Add("Add", [sum, step]);
        }

        var codes = graph.Add("Mul", [sum!, graph.Add("Sign", [quotient])]);
        return graph.Add("Mul", [codes, graph.Scalar("scale", scale)]);
    }
}

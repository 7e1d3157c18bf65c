using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Multi-level ternary activations, one set of trained scales a layer, nearest digits; in float32, operation for operation what the exported network
/// does. Gradients pass where |x| ≤ Σγ + γ_L/2.
/// </summary>
/// <param name="name">Name of the method.</param>
/// <param name="levels">Levels.</param>
internal sealed class MltActivations(string name, int levels) : ITrainableActivations
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("log scales", levels)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        var scales = TernaryFit.Fit(values, [], levels).Scales.ToArray();
        Array.Sort(scales, (a, b) => b.CompareTo(a));
        var largest = scales[0] > 0 ? scales[0] : 1;
        for (var i = 0; i < levels; i++) parameters[0][i] = (float)Transcendental.Log(Math.Max(scales[i], largest * 1e-3));
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var scales = Scales(parameters);
        for (var i = 0; i < values.Length; i++)
        {
            var (residual, sum) = (values[i], 0f);
            foreach (var scale in scales)
            {
                var digit = scale * Trit(residual, scale / 2);
                residual -= digit;
                sum += digit;
            }

            quantized[i] = sum;
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var scales = Scales(parameters);
        var range = scales.Sum(scale => (double)scale) + (scales[^1] / 2);
        var toScales = new double[levels];
        for (var i = 0; i < values.Length; i++)
        {
            valueGradient[i] = Math.Abs(values[i]) <= range ? gradient[i] : 0;
            var residual = values[i];
            for (var level = 0; level < levels; level++)
            {
                var trit = Trit(residual, scales[level] / 2);
                toScales[level] += gradient[i] * (double)trit;
                residual -= scales[level] * trit;
            }
        }

        for (var level = 0; level < levels; level++) parameterGradients[0][level] += (float)(toScales[level] * scales[level] * MltLevels.Balance(values.Length, levels));
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var residual = input;
        string? sum = null;
        var scales = Scales(parameters);
        for (var level = 0; level < levels; level++)
        {
            var above = graph.ToFloat(graph.Add("Greater", [residual, graph.Scalar("threshold", scales[level] / 2)]));
            var below = graph.ToFloat(graph.Add("Less", [residual, graph.Scalar("minus_threshold", -scales[level] / 2)]));
            var digit = graph.Add("Mul", [graph.Add("Sub", [above, below]), graph.Scalar("level", scales[level])]);
            sum = sum is null ? digit : graph.Add("Add", [sum, digit]);
            if (level < levels - 1) residual = graph.Add("Sub", [residual, digit]);
        }

        return sum!;
    }

    private static int Trit(float residual, float threshold) => residual > threshold ? 1 : residual < -threshold ? -1 : 0;

    private static float[] Scales(IReadOnlyList<float[]> parameters) => [.. MltLevels.Scales(parameters[0], areShort: true).Select(scale => (float)scale)];
}

using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>
/// ReBNet's residual sign: level after level <c>b = +1</c> where r ≥ 0, else −1, <c>r −= |γ|·b</c>; trained scales a layer, used by their magnitude. Level by level the gradient
/// passes where |r| ≤ 1.
/// </summary>
/// <param name="name">Name of the method.</param>
/// <param name="levels">Levels.</param>
internal sealed class ResidualSignActivations(string name, int levels) : ITrainableActivations
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("scales", levels)];

    /// <inheritdoc/>
    /// <remarks>(L, L − 1, …, 1) over their sum.</remarks>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        for (var i = 0; i < levels; i++) parameters[0][i] = (levels - i) / (levels * (levels + 1) / 2f);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (residual, sum) = (values[i], 0f);
            foreach (var scale in parameters[0])
            {
                var digit = residual >= 0 ? Math.Abs(scale) : -Math.Abs(scale);
                residual -= digit;
                sum += digit;
            }

            quantized[i] = sum;
        }
    }

    /// <inheritdoc/>
    /// <remarks>∂out/∂x = Σ γ_i·∂b_i/∂x with ∂b_i/∂r = 1 on |r| ≤ 1 and r_i's own derivative taken along, as the code's automatic differentiation does.</remarks>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var toScales = new double[levels];
        for (var i = 0; i < values.Length; i++)
        {
            var (residual, slope, sum) = (values[i], 1f, 0f);
            for (var level = 0; level < levels; level++)
            {
                var scale = parameters[0][level];
                var sign = residual >= 0 ? 1 : -1;
                toScales[level] += gradient[i] * (double)sign * (scale < 0 ? -1 : 1);
                var passed = Math.Abs(residual) <= 1 ? Math.Abs(scale) * slope : 0;
                sum += passed;
                slope -= passed;
                residual -= Math.Abs(scale) * sign;
            }

            valueGradient[i] = gradient[i] * sum;
        }

        for (var level = 0; level < levels; level++) parameterGradients[0][level] += (float)toScales[level];
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var zero = graph.Scalar("zero", 0);
        var residual = input;
        string? sum = null;
        for (var level = 0; level < levels; level++)
        {
            var scale = graph.Scalar("level", Math.Abs(parameters[0][level]));
            var sign = graph.Add("Sub", [graph.ToFloat(graph.Add("GreaterOrEqual", [residual, zero])), graph.ToFloat(graph.Add("Less", [residual, zero]))]);
            var digit = graph.Add("Mul", [sign, scale]);
            sum = sum is null ? digit : graph.Add("Add", [sum, digit]);
            if (level < levels - 1) residual = graph.Add("Sub", [residual, digit]);
        }

        return sum!;
    }
}

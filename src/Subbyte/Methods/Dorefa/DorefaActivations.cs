using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Dorefa;

/// <summary>DoReFa's activations: clamped to [0, 1], <c>rne(a·s)/s</c>; the gradient passes inside.</summary>
/// <param name="bits">Bits of an activation.</param>
internal sealed class DorefaActivations(int bits) : ITrainableActivations
{
    private readonly float _levels = (1 << bits) - 1;

    /// <inheritdoc/>
    public string Name => DorefaMethod.Name;

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
        for (var i = 0; i < values.Length; i++) quantized[i] = MathF.Round(Math.Clamp(values[i], 0, 1) * _levels) / _levels;
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        for (var i = 0; i < values.Length; i++) valueGradient[i] = values[i] is >= 0 and <= 1 ? gradient[i] : 0;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var clipped = graph.Add("Clip", [input, graph.Scalar("zero", 0), graph.Scalar("one", 1)]);
        var levels = graph.Scalar("levels", _levels);
        return graph.Add("Div", [graph.Add("Round", [graph.Add("Mul", [clipped, levels])]), levels]);
    }
}

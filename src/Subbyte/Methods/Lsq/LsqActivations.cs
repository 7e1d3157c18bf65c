using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;
using Subbyte.Onnx.Export;

namespace Subbyte.Methods.Lsq;

/// <summary>Activations with one trained step a layer: unsigned codes where no input is negative, signed ones elsewhere.</summary>
/// <param name="range">Range of the codes; it fits eight bits.</param>
internal sealed class LsqActivations(CodeRange range) : ITrainableActivations
{
    private readonly LearnedStep _step = new(range.Lowest, range.Highest);

    /// <inheritdoc/>
    public string Name => LsqMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("step", 1)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random) => parameters[0][0] = _step.Start(values);

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters) => parameters[0][0] = LearnedStep.Bounded(parameters[0][0]);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized) => _step.Forward(values, LearnedStep.Bounded(parameters[0][0]), quantized);

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
        => parameterGradients[0][0] += _step.Backward(values, LearnedStep.Bounded(parameters[0][0]), gradient, valueGradient);

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape, IReadOnlyList<float[]> parameters)
    {
        var step = LearnedStep.Bounded(parameters[0][0]);
        var quotient = graph.Add("Div", [input, graph.Scalar("step", step)]);
        var codes = graph.Add("Clip", [graph.Add("Round", [quotient]), graph.Scalar("lowest", range.Lowest), graph.Scalar("highest", range.Highest)]);
        return graph.Add("Mul", [codes, graph.Scalar("step", step)]);
    }
}

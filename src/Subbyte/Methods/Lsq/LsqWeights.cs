using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Lsq;

/// <summary>Weights with one trained step a layer, codes −2^(b−1) … 2^(b−1) − 1.</summary>
/// <param name="outputs">Output channels.</param>
/// <param name="bits">Bits of a weight, b.</param>
internal sealed class LsqWeights(int outputs, int bits) : ITrainableWeights
{
    private readonly LearnedStep _step = new(CodeRange.Signed(bits).Lowest, CodeRange.Signed(bits).Highest);

    /// <inheritdoc/>
    public string Name => LsqMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("step", 1)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random) => parameters[0][0] = _step.Start(values);

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters) => parameters[0][0] = LearnedStep.Bounded(parameters[0][0]);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized) => _step.Forward(values, parameters[0][0], quantized);

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
        => parameterGradients[0][0] += _step.Backward(values, parameters[0][0], gradient, valueGradient);

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var codes = new short[values.Length];
        _step.Encode(values, parameters[0][0], codes);
        return new WeightCodes(Name, [new WeightPlane(codes, [.. Enumerable.Repeat(parameters[0][0], outputs)], bits)], ((long)bits * codes.Length) + 32);
    }
}

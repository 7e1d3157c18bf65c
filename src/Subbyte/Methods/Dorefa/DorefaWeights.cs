using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Dorefa;

/// <summary>DoReFa's weights in training: odd codes 2i − s at the scale 1/s; the gradient goes through tanh, the layer's largest value held.</summary>
/// <param name="outputs">Output channels.</param>
/// <param name="bits">Bits of a weight.</param>
internal sealed class DorefaWeights(int outputs, int bits) : ITrainableWeights
{
    private readonly int _levels = (1 << bits) - 1;

    /// <inheritdoc/>
    public string Name => DorefaMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters => [];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        // It goes on from the float weights.
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        Span<short> codes = new short[values.Length];
        Encode(values, codes);
        for (var i = 0; i < codes.Length; i++) quantized[i] = codes[i] * (1f / _levels);
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var largest = DorefaGrid.Normalize(values, valueGradient);
        for (var i = 0; i < values.Length; i++)
            valueGradient[i] = largest == 0 ? 0 : gradient[i] * (1 - (valueGradient[i] * valueGradient[i])) / largest;
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var codes = new short[values.Length];
        Encode(values, codes);
        return new WeightCodes(Name, [new WeightPlane(codes, [.. Enumerable.Repeat(1f / _levels, outputs)], bits)], (long)bits * codes.Length);
    }

    private void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        var quantized = new float[values.Length];
        DorefaGrid.Quantize(values, bits, 1, quantized);
        for (var i = 0; i < codes.Length; i++) codes[i] = (short)MathF.Round(quantized[i] * _levels);
    }
}

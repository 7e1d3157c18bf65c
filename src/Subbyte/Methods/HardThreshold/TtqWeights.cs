using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.HardThreshold;

/// <summary>
/// Trained ternary quantization: <c>+W_p</c> above Δ, <c>−W_n</c> below −Δ, else 0, with two trained scales a layer and Δ = t·max|W|. Latents take W_p·g, g and W_n·g in the three
/// regions; a scale takes the sum of the gradients of its region, with their sign.
/// </summary>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row.</param>
/// <param name="options">Options.</param>
internal sealed class TtqWeights(int outputs, int depth, TtqOptions options) : ITrainableWeights
{
    private const float FirstScale = 1;
    private const float SmallestScale = 1e-6f;

    /// <inheritdoc/>
    public string Name => TtqMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("positive scale", 1), new("negative scale", 1)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        if (options.Deviation > 0) LatentSigns.Draw(values, options.Deviation, random);
        (parameters[0][0], parameters[1][0]) = (FirstScale, FirstScale);
    }

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        foreach (var scale in parameters) scale[0] = Math.Max(scale[0], SmallestScale);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var threshold = Threshold(values);
        var (positive, negative) = (parameters[0][0], parameters[1][0]);
        for (var i = 0; i < values.Length; i++) quantized[i] = values[i] > threshold ? positive : values[i] < -threshold ? -negative : 0;
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var threshold = Threshold(values);
        var (positive, negative) = (parameters[0][0], parameters[1][0]);
        double toPositive = 0, toNegative = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var g = gradient[i];
            if (values[i] > threshold) (valueGradient[i], toPositive) = (positive * g, toPositive + g);
            else if (values[i] < -threshold) (valueGradient[i], toNegative) = (negative * g, toNegative - g);
            else valueGradient[i] = g;
        }

        parameterGradients[0][0] += (float)toPositive;
        parameterGradients[1][0] += (float)toNegative;
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var threshold = Threshold(values);
        var (positive, negative) = (new short[values.Length], new short[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            positive[i] = (short)(values[i] > threshold ? 1 : 0);
            negative[i] = (short)(values[i] < -threshold ? -1 : 0);
        }

        return TtqMethod.Codes(positive, negative, [.. Enumerable.Repeat(parameters[0][0], outputs)], [.. Enumerable.Repeat(parameters[1][0], outputs)]);
    }

    /// <summary>Δ: a share of the largest magnitude, or the k-th largest with k = ⌊(1 − p)·n⌋, of which k − 1 lie above.</summary>
    private float Threshold(ReadOnlySpan<float> values)
    {
        var magnitudes = new float[outputs * depth];
        for (var i = 0; i < values.Length; i++) magnitudes[i] = Math.Abs(values[i]);
        if (options.Sparsity == 0) return (float)options.Threshold * magnitudes.Max();
        Array.Sort(magnitudes);
        var k = (int)((1 - options.Sparsity) * magnitudes.Length);
        return magnitudes[Math.Clamp(magnitudes.Length - k, 0, magnitudes.Length - 1)];
    }
}

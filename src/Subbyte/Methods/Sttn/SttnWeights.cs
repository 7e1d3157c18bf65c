using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Sttn;

/// <summary>
/// Ternary weights without a threshold: two latents a weight, <c>T = α·(sgn V₁ + sgn V₂)</c> with one scale α an output channel over both
/// (sections 2 and 3.2). The two parallel convolutions of training are one with T, the same product in half the work.
/// </summary>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row, n.</param>
/// <param name="options">Options.</param>
internal sealed class SttnWeights(int outputs, int depth, SttnOptions options) : ITrainableWeights
{
    /// <inheritdoc/>
    public string Name => SttnMethod.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("second latent", outputs * depth) { Decays = true }];

    /// <inheritdoc/>
    /// <remarks>Always from scratch: a float network's weights would make the latents equal, and two equal latents stay so.</remarks>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        var deviation = options.Deviation > 0 ? options.Deviation : 1.0 / depth;
        LatentSigns.Draw(values, deviation, random);
        if (options.Start == SttnStart.Equal) values.CopyTo(parameters[0]);
        else LatentSigns.Draw(parameters[0], deviation, random);
    }

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        LatentSigns.Clamp(values);
        LatentSigns.Clamp(parameters[0]);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        for (var m = 0; m < outputs; m++)
        {
            var first = Row(values, m);
            var second = Row(parameters[0], m);
            var scale = SttnMerge.Scale(first, second);
            var row = quantized.Slice(m * depth, depth);
            for (var k = 0; k < depth; k++) row[k] = scale * (LatentSigns.Of(first[k]) + LatentSigns.Of(second[k]));
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var secondGradient = parameterGradients[0].AsSpan();
        for (var m = 0; m < outputs; m++)
        {
            var first = Row(values, m);
            var second = Row(parameters[0], m);
            var g = gradient.Slice(m * depth, depth);
            var (scale, share, secondShare) = Factors(first, second, g);
            for (var k = 0; k < depth; k++)
            {
                valueGradient[(m * depth) + k] = (scale * g[k]) + (LatentSigns.Of(first[k]) * share);
                secondGradient[(m * depth) + k] += (scale * g[k]) + (LatentSigns.Of(second[k]) * secondShare);
            }
        }
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var codes = new short[outputs * depth];
        var scales = new float[outputs];
        for (var m = 0; m < outputs; m++)
        {
            var first = Row(values, m);
            var second = Row(parameters[0], m);
            var row = codes.AsSpan(m * depth, depth);
            scales[m] = SttnMerge.Merge(first, second, row);
            if (scales[m] > 0) continue;

            // All latents are zero: every weight is, and a scale must not be.
            row.Clear();
            scales[m] = 1;
        }

        return new WeightCodes(Name, [new WeightPlane(codes, scales, 2)], (2L * codes.Length) + (32L * outputs));
    }

    /// <summary>
    /// What multiplies g and the two latents' signs. Repo form: 1, Σ sgn(V_j)·g / n for each. Exact form: α, and the same Σ (B₁ + B₂)·g / 2n
    /// for both; scaled form: α alone.
    /// </summary>
    private (float Scale, float Share, float SecondShare) Factors(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> gradient)
    {
        var (sum, secondSum) = (LatentSigns.SignedSum(first, gradient), LatentSigns.SignedSum(second, gradient));
        if (options.Gradient == SttnGradient.Repo) return (1, (float)(sum / depth), (float)(secondSum / depth));
        var share = options.Gradient == SttnGradient.Scaled ? 0 : (float)((sum + secondSum) / (2.0 * depth));
        return (SttnMerge.Scale(first, second), share, share);
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> tensor, int output) => tensor.Slice(output * depth, depth);
}

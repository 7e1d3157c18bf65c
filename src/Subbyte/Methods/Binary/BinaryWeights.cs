using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.Binary;

/// <summary>How binary weights are trained.</summary>
/// <param name="Name">Name of the method.</param>
/// <param name="Gradient">How gradients reach the latents.</param>
/// <param name="HasScale">Whether an output channel has the scale mean|w|, or 1.</param>
/// <param name="Start">How latents begin.</param>
/// <param name="Deviation">Deviation of a start from scratch; 0 for 1/n.</param>
internal sealed record BinaryTraining(string Name, BinaryGradient Gradient, bool HasScale, LatentStart Start, double Deviation);

/// <summary>Binary weights <c>α·sgn(w)</c> with sgn(0) = +1 and <c>α = mean|w|</c> of the clamped latents of an output channel, or 1.</summary>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row, n.</param>
/// <param name="training">How they are trained.</param>
internal sealed class BinaryWeights(int outputs, int depth, BinaryTraining training) : ITrainableWeights
{
    /// <inheritdoc/>
    public string Name => training.Name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters => [];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        if (training.Start == LatentStart.Scratch) LatentSigns.Draw(values, training.Deviation > 0 ? training.Deviation : 1.0 / depth, random);
    }

    /// <inheritdoc/>
    public void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters) => LatentSigns.Clamp(values);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        for (var m = 0; m < outputs; m++)
        {
            var row = values.Slice(m * depth, depth);
            var scale = Scale(row);
            for (var k = 0; k < depth; k++) quantized[(m * depth) + k] = scale * LatentSigns.Of(row[k]);
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        for (var m = 0; m < outputs; m++)
        {
            var row = values.Slice(m * depth, depth);
            var g = gradient.Slice(m * depth, depth);
            var factor = training.Gradient == BinaryGradient.Repo ? 1 - (1f / depth) : Scale(row);
            var share = training.Gradient == BinaryGradient.Scaled || !training.HasScale ? 0 : (float)(LatentSigns.SignedSum(row, g) / depth);
            for (var k = 0; k < depth; k++)
                valueGradient[(m * depth) + k] = (Math.Abs(row[k]) <= 1 ? factor * g[k] : 0) + (LatentSigns.Of(row[k]) * share);
        }
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var codes = new short[outputs * depth];
        var scales = new float[outputs];
        for (var m = 0; m < outputs; m++)
        {
            var row = values.Slice(m * depth, depth);
            scales[m] = Scale(row);
            for (var k = 0; k < depth; k++) codes[(m * depth) + k] = (short)LatentSigns.Of(row[k]);
            if (scales[m] > 0) continue;

            // All latents are zero: every weight is, and a scale must not be.
            codes.AsSpan(m * depth, depth).Clear();
            scales[m] = 1;
        }

        return new WeightCodes(Name, [new WeightPlane(codes, scales, 1)], codes.Length + (training.HasScale ? 32L * outputs : 0));
    }

    private float Scale(ReadOnlySpan<float> row) => training.HasScale ? (float)(LatentSigns.AbsoluteSum(row) / depth) : 1;
}

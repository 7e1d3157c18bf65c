using System.Numerics.Tensors;
using Subbyte.Lowering;

namespace Subbyte.Methods.OutputCorrection;

/// <summary>
/// Statistics of one output channel on the same input x, without bias: y = w·x of the float weights and ŷ = ŵ·x of the quantized ones, from
/// the moments of the input alone: E[ŷ] = ŵ·E[x], var(ŷ) = ŵᵀΣŵ, cov(y, ŷ) = wᵀΣŵ. Population form.
/// </summary>
/// <param name="Mean">E[y].</param>
/// <param name="Variance">var(y).</param>
/// <param name="QuantizedMean">E[ŷ].</param>
/// <param name="QuantizedVariance">var(ŷ).</param>
/// <param name="Covariance">cov(y, ŷ).</param>
public readonly record struct OutputStatistics(double Mean, double Variance, double QuantizedMean, double QuantizedVariance, double Covariance)
{
    /// <summary>Below this share of the float output's variance the quantized output counts as constant.</summary>
    private const double ConstantShare = 1e-12;

    /// <summary>The statistics of one output channel.</summary>
    /// <param name="weights">w [depth].</param>
    /// <param name="quantized">ŵ [depth].</param>
    /// <param name="input">Moments of the patch rows.</param>
    /// <returns>The statistics.</returns>
    public static OutputStatistics Of(ReadOnlySpan<float> weights, ReadOnlySpan<float> quantized, PatchMoments input)
    {
        var image = Image(quantized, input.Covariance);
        return new OutputStatistics(
            Dot(weights, input.Mean),
            Dot(weights, Image(weights, input.Covariance)),
            Dot(quantized, input.Mean),
            Dot(quantized, image),
            Dot(weights, image));
    }

    /// <summary>The line f·ŷ + t that corrects the quantized output.</summary>
    /// <param name="mode">Which statistics are matched.</param>
    /// <returns>Factor f, ½ … 2, and shift t.</returns>
    public (double Factor, double Shift) Correction(CorrectionMode mode)
    {
        var factor = mode switch
        {
            CorrectionMode.Std => Math.Sqrt(Variance / QuantizedVariance),
            CorrectionMode.Affine => Covariance / QuantizedVariance,
            _ => 1,
        };
        var isConstant = !(QuantizedVariance > ConstantShare * Variance);
        factor = isConstant || !double.IsFinite(factor) ? 1 : Math.Clamp(factor, 0.5, 2);
        return (factor, Mean - (factor * QuantizedMean));
    }

    /// <summary>Σ·v, a multiply-add per element in ascending order, so that any vector width gives the same bits.</summary>
    private static double[] Image(ReadOnlySpan<float> vector, double[] covariance)
    {
        var image = new double[vector.Length];
        for (var row = 0; row < vector.Length; row++)
            TensorPrimitives.FusedMultiplyAdd(covariance.AsSpan(row * vector.Length, vector.Length), (double)vector[row], image, image);
        return image;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}

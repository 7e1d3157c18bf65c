using Subbyte.Kernels;
using Subbyte.Methods.HardThreshold;
using Subbyte.Methods.Mlt;

namespace Subbyte.Tests.Methods.HardThreshold;

/// <summary>TWN and TTQ by the rules of multi-level ternary's section 3.8.</summary>
public sealed class HardThresholdTests
{
    private static readonly float[] Latents = [0.9f, -0.05f, 0.3f, -0.7f, 0.02f, 0, -0.35f, 1.4f];

    [Fact]
    public void Twn_rounds_at_seven_tenths_of_the_mean_and_scales_by_the_mean_of_what_is_left()
    {
        var quantizer = new MltWeights("twn", 1, 8, new MltOptions { WeightLevels = 1, Thresholds = MltThresholds.Twn, Window = false });
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(Latents, parameters, new SeededRandom(0));
        var (quantized, gradient) = (new float[8], new float[8]);
        quantizer.Forward(Latents, parameters, quantized);
        var threshold = 0.7f * Latents.Average(Math.Abs);
        var scale = Latents.Select(Math.Abs).Where(weight => weight > threshold).Average();
        quantized.ShouldBe(Latents.Select(weight => Math.Abs(weight) > threshold ? scale * Math.Sign(weight) : 0), 1e-6);
        quantizer.Backward(Latents, parameters, quantized, gradient, parameters);
        gradient.ShouldBe(quantized, "the gradient passes unchanged");
    }

    [Fact]
    public void Ttq_has_two_scales_with_the_gradients_of_their_regions()
    {
        var quantizer = new TtqWeights(2, 4, new TtqOptions { Threshold = 0.25 });
        float[][] parameters = [[2], [3]];
        var (quantized, gradient) = (new float[8], new float[8]);
        quantizer.Forward(Latents, parameters, quantized);
        quantized.ShouldBe([2, 0, 0, -3, 0, 0, 0, 2], "Δ = 0.35 of the whole layer, strictly");
        float[] g = [1, 2, 3, 4, 5, 6, 7, 8];
        float[][] toScales = [[0], [0]];
        quantizer.Backward(Latents, parameters, g, gradient, toScales);
        gradient.ShouldBe([2, 2, 3, 12, 5, 6, 7, 16]);
        (toScales[0][0], toScales[1][0]).ShouldBe((9, -4));
        var planes = quantizer.Codes(Latents, parameters).Planes;
        planes[0].Codes.ShouldBe([(short)1, (short)0, (short)0, (short)0, (short)0, (short)0, (short)0, (short)1]);
        (planes[0].Scales[0], planes[1].Scales[1]).ShouldBe((2, 3));
    }

    [Fact]
    public void Ttq_keeps_one_weight_less_than_the_sparsity_counts()
    {
        var quantizer = new TtqWeights(1, 8, new TtqOptions { Sparsity = 0.5 });
        var quantized = new float[8];
        quantizer.Forward(Latents, [[1], [1]], quantized);
        quantized.Count(weight => weight != 0).ShouldBe(3, "k = 4 and the comparison is strict");
    }
}

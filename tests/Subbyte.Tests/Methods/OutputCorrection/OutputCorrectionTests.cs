using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.OutputCorrection;
using Subbyte.Methods.Uniform;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.OutputCorrection;

public class OutputCorrectionTests
{
    [Theory]
    [InlineData(CorrectionMode.Std)]
    [InlineData(CorrectionMode.Affine)]
    [InlineData(CorrectionMode.Bias)]
    public void The_corrected_output_has_the_statistics_of_the_float_output(CorrectionMode mode)
    {
        var random = new Random(18);
        for (var repetition = 0; repetition < 100; repetition++)
        {
            var drawn = RandomLayer.Draw(random, rows: 60);
            var lowered = Lower(drawn.Layer, "uniform:w=3,a=float");
            var corrected = OutputCorrectionPass.Correct(lowered, mode);
            for (var m = 0; m < drawn.Layer.Outputs; m++)
            {
                var rows = drawn.Patches[m * drawn.Layer.Groups / drawn.Layer.Outputs];
                var exact = Outputs(rows, drawn.Layer.Row(m), drawn.Layer.Bias.Span[m]);
                var before = Outputs(rows, lowered.FloatWeights.AsSpan(m * drawn.Layer.Depth, drawn.Layer.Depth), 0);
                var after = Outputs(rows, corrected.FloatWeights.AsSpan(m * drawn.Layer.Depth, drawn.Layer.Depth), corrected.Bias[m]);
                var size = 1e-5 * (Math.Abs(exact.Average()) + Deviation(exact) + 1e-6);
                after.Average().ShouldBe(exact.Average(), size);
                if (mode == CorrectionMode.Std && Deviation(exact) / Deviation(before) is > 0.5 and < 2) Deviation(after).ShouldBe(Deviation(exact), size);
                if (mode == CorrectionMode.Bias) Deviation(after).ShouldBe(Deviation(before), size);
                if (mode == CorrectionMode.Affine) Error(exact, after).ShouldBeLessThanOrEqualTo(Error(exact, [.. before.Select(value => value + exact.Average() - before.Average())]) + size);
            }
        }
    }

    [Fact]
    public void A_corrected_integer_layer_keeps_an_integer_bias_and_its_zero_point_offsets()
    {
        var random = new Random(19);
        for (var repetition = 0; repetition < 200; repetition++)
        {
            var drawn = RandomLayer.Draw(random);
            var layer = drawn.Layer;
            var lowered = Lower(layer, "uniform:w=4,a=8,asymmetric");
            var factors = Enumerable.Range(0, layer.Outputs).Select(_ => 0.5 + (1.5 * random.NextDouble())).ToArray();
            var shifts = Enumerable.Range(0, layer.Outputs).Select(_ => random.NextDouble() - 0.5).ToArray();
            var corrected = lowered.Corrected(factors, shifts);
            corrected.Bias.ShouldAllBe(bias => bias == 0);
            for (var m = 0; m < layer.Outputs; m++)
            {
                var scale = corrected.Groups[0].Scales[m];
                scale.ShouldBe((float)(lowered.Groups[0].Scales[m] * factors[m]));
                var offset = lowered.Groups[0].Offsets[m] - lowered.IntegerBias![m];
                var bias = (long)Math.Clamp(Math.Round((double)((float)(layer.Bias.Span[m] + shifts[m]) / scale)), int.MinValue, int.MaxValue);
                corrected.IntegerBias![m].ShouldBe(bias);
                corrected.Groups[0].Offsets[m].ShouldBe(offset + bias);
            }

            var again = corrected.Corrected(Enumerable.Repeat(1.0, layer.Outputs).ToArray(), new double[layer.Outputs]);
            again.Groups[0].Offsets.ShouldBe(lowered.Corrected(factors, new double[layer.Outputs]).Groups[0].Offsets);
        }
    }

    [Fact]
    public void A_float_bias_stays_float()
    {
        var drawn = RandomLayer.Draw(new Random(20));
        var lowered = Lower(drawn.Layer, "fxp:bits=16");
        var shifts = Enumerable.Repeat(0.25, drawn.Layer.Outputs).ToArray();
        var corrected = lowered.Corrected(Enumerable.Repeat(1.0, drawn.Layer.Outputs).ToArray(), shifts);
        corrected.IntegerBias.ShouldBeNull();
        corrected.Bias.ShouldBe(drawn.Layer.Bias.ToArray().Select(bias => (float)(bias + 0.25)));
        corrected.Groups[0].Offsets.ShouldBe(lowered.Groups[0].Offsets);
    }

    [Fact]
    public void A_constant_output_is_only_shifted()
    {
        var statistics = new OutputStatistics(Mean: 3, Variance: 1, QuantizedMean: 1, QuantizedVariance: 1e-13, Covariance: 1e-7);
        statistics.Correction(CorrectionMode.Std).ShouldBe((1, 2));
        statistics.Correction(CorrectionMode.Affine).ShouldBe((1, 2));
        default(OutputStatistics).Correction(CorrectionMode.Std).ShouldBe((1, 0));
    }

    [Fact]
    public void The_factor_is_kept_between_a_half_and_two_and_the_shift_follows_it()
    {
        var shrunk = new OutputStatistics(Mean: 3, Variance: 100, QuantizedMean: 1, QuantizedVariance: 1, Covariance: 1);
        shrunk.Correction(CorrectionMode.Std).ShouldBe((2, 1));
        new OutputStatistics(3, 1, 1, 100, -5).Correction(CorrectionMode.Affine).ShouldBe((0.5, 2.5));
        shrunk.Correction(CorrectionMode.Bias).ShouldBe((1, 2));
    }

    private static LoweredLayer Lower(DotProductLayer layer, string recipe)
    {
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
        DefaultSlots.Fill(draft);
        return ExactDatapath.Instance.Lower(draft);
    }

    private static double[] Outputs(float[][] rows, ReadOnlySpan<float> weights, float bias)
    {
        var filter = weights.ToArray();
        return [.. rows.Select(row => bias + row.Select((value, k) => (double)value * filter[k]).Sum())];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Error(double[] exact, double[] approximate) => Math.Sqrt(exact.Zip(approximate, (a, b) => (a - b) * (a - b)).Average());
}

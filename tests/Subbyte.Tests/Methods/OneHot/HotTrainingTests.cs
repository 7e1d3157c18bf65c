using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Methods.OneHot;
using Subbyte.Methods.Training;

namespace Subbyte.Tests.Methods.OneHot;

/// <summary>Section 3.5: what passes through one-hot codes in training, and the stages.</summary>
public sealed class HotTrainingTests
{
    [Fact]
    public void Codes_in_training_are_those_of_the_codebook()
    {
        for (var k = 1; k <= 7; k++)
        {
            var codebook = HotCodebook.Of(k);
            var values = new HotValues(codebook);
            for (var v = -130f; v <= 130; v += 0.25f)
            {
                foreach (var near in new[] { MathF.BitDecrement(v), v, MathF.BitIncrement(v) })
                    values.Code(near).ShouldBe(Math.Sign(near) * codebook.Quantize(Math.Abs(near)), $"{k}-hot of {near:R}");
            }

            values.Code(float.NaN).ShouldBe(0);
            values.Code(float.NegativeInfinity).ShouldBe(-codebook.Largest);
        }
    }

    [Fact]
    public void Gradients_pass_up_to_one_and_a_half_times_the_largest_power()
    {
        var weights = new HotWeights("one-hot", 1, 5, 1);
        float[][] parameters = [[0.5f], [1]];
        float[] values = [0, 47.9f, 48, 48.1f, -60];
        var gradient = new float[5];
        weights.Backward(values, parameters, [1, 2, 3, 4, 5], gradient, parameters);
        gradient.ShouldBe([1, 2, 3, 0, 0], "|v| ≤ 96 in units of the scale");
    }

    [Fact]
    public void The_scale_of_activations_has_the_derivative_of_the_surrogate()
    {
        var random = new SeededRandom(8);
        var activations = new HotActivations("one-hot", 1);
        float[] x = [.. Enumerable.Range(0, 300).Select(_ => Math.Max(0, (float)random.NextGaussian() * 40))];
        float[] g = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextGaussian())];
        float[][] toParameters = [[0], [0]];
        activations.Backward(x, [[1], [1]], g, new float[300], toParameters);
        var values = new HotValues(HotCodebook.Of(1));
        var expected = x.Zip(g, (v, d) => d * (v <= 96 ? values.Code(v) - (double)v : 64)).Sum() / Math.Sqrt(300 * 64);
        ((double)toParameters[0][0]).ShouldBe(expected, 1e-4);
    }

    [Fact]
    public void Scales_are_searched_anew_each_epoch_and_when_a_stage_begins()
    {
        var weights = new HotWeights("one-hot", 2, 50, 1);
        var random = new SeededRandom(1);
        float[] values = [.. Enumerable.Range(0, 100).Select(_ => (float)random.NextGaussian())];
        float[][] parameters = [new float[2], new float[1]];
        weights.Initialize(values, parameters, random);
        var first = parameters[0][0];
        for (var i = 0; i < values.Length; i++) values[i] *= 2;
        weights.BeginEpoch(values, parameters);
        parameters[0][0].ShouldBe(2 * first, 1e-3f * first);
        weights.Turn("hot bits", 7, values, parameters);
        weights.Codes(values, parameters).Single.Codes.ShouldContain(code => Math.Abs(code) > 64, "7-hot codes reach 127");
    }

    [Fact]
    public void Values_on_the_levels_say_their_scale_and_others_have_none()
    {
        var codebook = HotCodebook.Of(2);
        const float scale = 0.0371f;
        float[] values = [.. new[] { 0, 3, -24, 64, 48, -1, 80 }.Select(level => level * scale)];
        ExactScale.Of(values, codebook).ShouldBe(scale, "64 · scale and 1 · scale were never rounded");
        ExactScale.Of([0.5f, -0.25f, 0, 8], HotCodebook.Of(1)).ShouldBe(0.125f, "the smallest scale: 8 is 64 · ⅛");
        ExactScale.Of([3, -24, 64], codebook).ShouldBe(1, "levels themselves");
        ExactScale.Of([.. values, 7 * scale], codebook).ShouldBeNull("7 has three ones");
        ExactScale.Of([0, 0], codebook).ShouldBeNull();
        var random = new SeededRandom(4);
        ExactScale.Of([.. Enumerable.Range(0, 9).Select(_ => (float)random.NextGaussian())], HotCodebook.Of(7)).ShouldBeNull();
    }

    [Fact]
    public void Stages_go_from_many_hot_bits_to_few()
    {
        var plan = new HotStages(1, 3);
        var outcomes = new List<PhaseOutcome>();
        while (plan.Next(10, outcomes) is { } phase) outcomes.Add(new PhaseOutcome(phase, 0.9, 0));
        outcomes.Select(outcome => (outcome.Phase.Name, outcome.Phase.Epochs)).ShouldBe([("7-hot", 3), ("3-hot", 3), ("2-hot", 3), ("1-hot", 10)]);
    }
}

using Subbyte.Kernels;
using Subbyte.Methods.Lsq;

namespace Subbyte.Tests.Methods.Lsq;

/// <summary>The rule of learned steps.</summary>
public sealed class LsqTests
{
    [Fact]
    public void Values_are_rounded_to_the_grid_and_clamped()
    {
        var step = new LearnedStep(-4, 3);
        var quantized = new float[6];
        step.Forward([0.24f, 0.25f, 0.75f, -3, 2, -0.3f], 0.5f, quantized);
        quantized.ShouldBe([0, 0, 1, -2, 1.5f, -0.5f], "ties to even");
    }

    [Fact]
    public void The_step_has_the_gradient_of_the_paper()
    {
        // Inside: round(v/s) − v/s; outside: the range's end; all times g / √(n·highest).
        float[] values = [0.3f, 2, -3, 0.6f];
        float[] g = [1, 2, 3, 4];
        var gradient = new float[4];
        var toStep = new LearnedStep(-4, 3).Backward(values, 0.5f, g, gradient);
        gradient.ShouldBe([1, 0, 0, 4]);
        var expected = ((1 * (1 - 0.6)) + (2 * 3.0) + (3 * -4.0) + (4 * (1 - 1.2))) / Math.Sqrt(4 * 3);
        ((double)toStep).ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void The_gradient_of_the_step_is_a_finite_difference_where_rounding_is_held()
    {
        var random = new SeededRandom(2);
        float[] values = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextGaussian())];
        float[] g = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextGaussian())];
        var gradient = new float[200];
        const float step = 0.4f;
        var toStep = new LearnedStep(-8, 7).Backward(values, step, g, gradient) * Math.Sqrt(200 * 7);

        // With the surrogate, x̂ = s·(v/s + (round − v/s held)): its derivative, value by value.
        double expected = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var v = (double)values[i] / step;
            var held = Math.Clamp(Math.Round(v), -8, 7) - Math.Clamp(v, -8, 7);
            double Surrogate(double s) => s * (Math.Clamp(values[i] / s, -8, 7) + held);
            expected += g[i] * (Surrogate(step + 1e-6) - Surrogate(step - 1e-6)) / 2e-6;
        }

        ((double)toStep).ShouldBe(expected, 1e-2);
    }

    [Fact]
    public void It_begins_with_twice_the_mean_magnitude()
        => new LearnedStep(-4, 3).Start([1, -1, 2, 0]).ShouldBe((float)(2 * 1 / Math.Sqrt(3)), 1e-6f);
}

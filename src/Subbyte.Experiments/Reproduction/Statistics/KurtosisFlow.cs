using Subbyte.Methods.Kure;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>KURE's penalty alone, without a task, on a tensor of eight weights: steps of its gradient with rate 10⁻³.</summary>
internal static class KurtosisFlow
{
    private const double Rate = 1e-3;

    /// <summary>The kurtosis after some steps.</summary>
    /// <param name="arguments"><c>steps</c>.</param>
    /// <returns>K.</returns>
    public static double Kurtosis(DrawnStatistics.Arguments arguments)
    {
        double[] weights = [0.1, -0.2, 0.05, 0.4, -0.35, 0, 0.15, -0.1];
        var penalty = new KureMethod(new KureOptions());
        var gradient = new float[weights.Length];
        for (var step = 0; step < arguments.Integer("steps"); step++)
        {
            Array.Clear(gradient);
            penalty.Penalize([Single(weights)], [gradient]);
            for (var i = 0; i < weights.Length; i++) weights[i] -= Rate * gradient[i];
        }

        return Methods.Kure.Kurtosis.Of(Single(weights)).Value;
    }

    private static float[] Single(double[] weights) => [.. weights.Select(weight => (float)weight)];
}

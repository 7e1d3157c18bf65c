using Subbyte.Kernels;

namespace Subbyte.Experiments.Search;

/// <summary>How far a network's outputs moved: a smooth measure that sees harm long before an answer changes.</summary>
internal static class OutputDivergence
{
    /// <summary>
    /// The Kullback-Leibler divergence of the softmax of the outputs from the baseline's, in nats, the mean over samples in their order; the mean
    /// squared difference where a network has a single output.
    /// </summary>
    /// <param name="baseline">Outputs of the baseline.</param>
    /// <param name="run">Outputs on the same samples.</param>
    /// <returns>At least 0 but for rounding; NaN when outputs are not finite.</returns>
    public static double Of(NetworkRun baseline, NetworkRun run)
    {
        if (run.OutputLength < 2) return Scores.MeanSquaredError(baseline, run);
        var samples = run.Outputs.Length / run.OutputLength;
        double sum = 0;
        for (var sample = 0; sample < samples; sample++) sum += Of(baseline.Output(sample), run.Output(sample));
        return samples == 0 ? 0 : sum / samples;
    }

    private static double Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double highest = expected[Scores.ArgMax(expected)], other = actual[Scores.ArgMax(actual)];
        double weights = 0, others = 0, difference = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var (p, q) = (expected[i] - highest, actual[i] - other);
            var weight = Transcendental.Exp(p);
            weights += weight;
            others += Transcendental.Exp(q);
            difference += weight * (p - q);
        }

        return (difference / weights) + Transcendental.Log(others) - Transcendental.Log(weights);
    }
}

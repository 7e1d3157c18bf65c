using Subbyte.Kernels;

namespace Subbyte.Experiments.Language;

/// <summary>Perplexity: e to the mean negative log likelihood.</summary>
public static class Perplexity
{
    // Neighbouring words are not independent; runs of a hundredth of a text nearly are.
    private const int Blocks = 100;

    /// <summary>The perplexity of predictions.</summary>
    /// <param name="losses">Negative log likelihoods in nats.</param>
    /// <returns>At least 1; NaN without predictions.</returns>
    public static double Of(ReadOnlySpan<double> losses) => Transcendental.Exp(Mean(losses));

    /// <summary>An interval at 95 % from the spread of the mean loss between blocks of neighbouring predictions.</summary>
    /// <param name="losses">Negative log likelihoods in nats, in the order of the text.</param>
    /// <returns>Lower and upper end; both the perplexity itself for a single prediction.</returns>
    public static (double Low, double High) Interval95(ReadOnlySpan<double> losses)
    {
        var blocks = Math.Min(Blocks, losses.Length);
        if (blocks < 2) return (Of(losses), Of(losses));
        var means = new double[blocks];
        for (var block = 0; block < blocks; block++)
        {
            var first = (int)((long)block * losses.Length / blocks);
            means[block] = Mean(losses[first..(int)((block + 1L) * losses.Length / blocks)]);
        }

        var (mean, centre, squares) = (Mean(losses), Mean(means), 0.0);
        foreach (var block in means) squares += (block - centre) * (block - centre);
        var half = Scores.Z95 * Math.Sqrt(squares / (blocks - 1) / blocks);
        return (Transcendental.Exp(mean - half), Transcendental.Exp(mean + half));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }
}

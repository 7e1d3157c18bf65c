namespace Subbyte.Experiments;

/// <summary>Samples whose answer changed against the baseline.</summary>
/// <param name="Lost">Right under the baseline, wrong now.</param>
/// <param name="Gained">Wrong under the baseline, right now.</param>
public readonly record struct Flips(int Lost, int Gained);

/// <summary>What the outputs of a network are worth, with labels or against a baseline.</summary>
public static class Scores
{
    /// <summary>The 97.5 % point of the standard normal distribution.</summary>
    internal const double Z95 = 1.959963984540054;

    /// <summary>The class with the largest output; the first on ties.</summary>
    /// <param name="output">Outputs of one sample.</param>
    /// <returns>The class.</returns>
    public static int ArgMax(ReadOnlySpan<float> output)
    {
        var best = 0;
        for (var i = 1; i < output.Length; i++)
        {
            if (output[i] > output[best]) best = i;
        }

        return best;
    }

    /// <summary>Whether a class is among the k largest outputs; ties go to the smaller class.</summary>
    /// <param name="output">Outputs of one sample.</param>
    /// <param name="label">The class.</param>
    /// <param name="k">How many.</param>
    /// <returns>True when it is.</returns>
    public static bool IsAmongTop(ReadOnlySpan<float> output, int label, int k)
    {
        if ((uint)label >= (uint)output.Length) return false;
        var before = 0;
        for (var i = 0; i < output.Length; i++)
        {
            if (output[i] > output[label] || (output[i] == output[label] && i < label)) before++;
        }

        return before < k;
    }

    /// <summary>The Wilson score interval at 95 %.</summary>
    /// <param name="hits">Number of hits.</param>
    /// <param name="samples">Number of samples.</param>
    /// <returns>Lower and upper end; (0, 1) without samples.</returns>
    public static (double Low, double High) Interval95(double hits, int samples)
    {
        if (samples == 0) return (0, 1);
        var rate = hits / samples;
        var square = Z95 * Z95;
        var centre = (rate + (square / (2 * samples))) / (1 + (square / samples));
        var half = Z95 / (1 + (square / samples)) * Math.Sqrt((rate * (1 - rate) / samples) + (square / (4.0 * samples * samples)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>Whether each sample's largest output is its label's.</summary>
    /// <param name="run">The run.</param>
    /// <param name="labels">Labels, at least as many as samples.</param>
    /// <returns>One flag a sample.</returns>
    public static bool[] Hits(NetworkRun run, IReadOnlyList<int> labels) => [.. Enumerable.Range(0, run.Samples).Select(sample => run.Prediction(sample) == labels[sample])];

    /// <summary>Whether each sample is right.</summary>
    /// <param name="run">The run.</param>
    /// <param name="labels">Labels, at least as many as samples.</param>
    /// <param name="k">Right means among the k largest.</param>
    /// <returns>One flag a sample.</returns>
    public static bool[] Hits(NetworkRun run, IReadOnlyList<int> labels, int k)
        => [.. Enumerable.Range(0, run.Samples).Select(sample => IsAmongTop(run.Output(sample), labels[sample], k))];

    /// <summary>Paired flips between two runs over the same samples.</summary>
    /// <param name="baseline">Whether each sample is right under the baseline.</param>
    /// <param name="hits">Whether each sample is right now.</param>
    /// <returns>The flips.</returns>
    public static Flips Compare(bool[] baseline, bool[] hits)
        => new(baseline.Zip(hits).Count(pair => pair.First && !pair.Second), baseline.Zip(hits).Count(pair => !pair.First && pair.Second));

    /// <summary>Share of samples whose largest output is the same.</summary>
    /// <param name="baseline">Baseline.</param>
    /// <param name="run">Run over the same samples.</param>
    /// <returns>A fraction.</returns>
    public static double Agreement(NetworkRun baseline, NetworkRun run)
        => run.Samples == 0 ? 1 : Enumerable.Range(0, run.Samples).Count(sample => baseline.Prediction(sample) == run.Prediction(sample)) / (double)run.Samples;

    /// <summary>Mean squared difference of the outputs, summed in sample order.</summary>
    /// <param name="baseline">Baseline.</param>
    /// <param name="run">Run over the same samples.</param>
    /// <returns>The mean over all outputs.</returns>
    public static double MeanSquaredError(NetworkRun baseline, NetworkRun run)
    {
        double sum = 0;
        for (var i = 0; i < run.Outputs.Length; i++)
        {
            double difference = (double)run.Outputs[i] - baseline.Outputs[i];
            sum += difference * difference;
        }

        return run.Outputs.Length == 0 ? 0 : sum / run.Outputs.Length;
    }
}

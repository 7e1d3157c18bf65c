namespace Subbyte.Calibration;

/// <summary>
/// Range selection by the smallest squared error (uniform baselines, section 3.3.3): of the clips max|x|·k/100, k = 100 … 1, the one whose
/// uniform grid leaves the smallest Σ(x − x̂)²; ties go to the larger clip.
/// </summary>
public static class SquaredErrorClip
{
    private const int Candidates = 100;

    /// <summary>The best clip for values.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="largestCode">Largest code L &gt; 0: codes are [−L, L].</param>
    /// <returns>The clip and its squared error.</returns>
    public static (double Clip, double Error) Of(ReadOnlySpan<float> values, int largestCode)
    {
        var magnitudes = new double[values.Length];
        for (var i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs((double)values[i]);
        return Search(magnitudes, [], MinMaxClip.Of(values), largestCode);
    }

    /// <summary>The best clip for a histogram, whose bins stand for their centres.</summary>
    /// <param name="histogram">Counts of |x|.</param>
    /// <param name="largestCode">Largest code &gt; 0: codes are [−L, L], or [0, L] for data without negative values.</param>
    /// <returns>The clip and its squared error.</returns>
    public static (double Clip, double Error) Of(AbsoluteHistogram histogram, int largestCode)
        => Search(Centres(histogram), histogram.Counts.Span, histogram.Maximum, largestCode);

    /// <summary>The squared error that a clip leaves on a histogram.</summary>
    /// <param name="histogram">Counts of |x|.</param>
    /// <param name="clip">The clip &gt; 0.</param>
    /// <param name="largestCode">Largest code &gt; 0.</param>
    /// <returns>Σ count·(x − x̂)² over the bins' centres.</returns>
    public static double Error(AbsoluteHistogram histogram, double clip, int largestCode)
        => SquaredError(Centres(histogram), histogram.Counts.Span, clip / largestCode, largestCode, double.PositiveInfinity);

    private static double[] Centres(AbsoluteHistogram histogram)
    {
        var centres = new double[histogram.Counts.Length];
        for (var bin = 0; bin < centres.Length; bin++) centres[bin] = histogram.Centre(bin);
        return centres;
    }

    private static (double Clip, double Error) Search(ReadOnlySpan<double> magnitudes, ReadOnlySpan<long> counts, double maximum, int largestCode)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(largestCode);
        if (maximum == 0) return (0, 0);
        var best = (Clip: maximum, Error: double.PositiveInfinity);
        for (var k = Candidates; k >= 1; k--)
        {
            var clip = maximum * k / Candidates;
            var error = SquaredError(magnitudes, counts, clip / largestCode, largestCode, best.Error);
            if (error < best.Error) best = (clip, error);
        }

        return best;
    }

    /// <summary>The squared error of one grid, or some number above <paramref name="limit"/> once it is certain to be larger.</summary>
    private static double SquaredError(ReadOnlySpan<double> magnitudes, ReadOnlySpan<long> counts, double scale, int largestCode, double limit)
    {
        double error = 0;
        for (var i = 0; i < magnitudes.Length && error <= limit; i++)
        {
            var difference = magnitudes[i] - (Math.Min(Math.Round(magnitudes[i] / scale), largestCode) * scale);
            error += counts.IsEmpty ? difference * difference : counts[i] * (difference * difference);
        }

        return error;
    }
}

namespace Subbyte.Calibration;

/// <summary>How the chosen number of bins m becomes a clip.</summary>
public enum EntropyRule
{
    /// <summary>(m + ½)·width, the rule of the GTC 2017 talk.</summary>
    Gtc,

    /// <summary>m·width, the bin's edge, the rule of NVIDIA's pytorch-quantization.</summary>
    Edge,
}

/// <summary>
/// Range selection by relative entropy (S. Migacz, "8-bit Inference with TensorRT", GTC 2017; uniform baselines, section 3.4): the
/// histogram's first m bins whose distribution, the outliers folded into the last bin, loses least when it is merged to T equal levels.
/// </summary>
public static class EntropyClip
{
    /// <summary>The clip of a histogram of |x|.</summary>
    /// <param name="histogram">Counts of |x|, more than one bin.</param>
    /// <param name="levels">Number of levels T: 2^(b−1) for signed codes of b bits, 2^b for unsigned ones; at most the number of bins.</param>
    /// <param name="rule">How the number of bins becomes a clip.</param>
    /// <param name="zeroBinRule">Whether bin 0 counts as much as bin 1, so that a spike at 0 does not dominate.</param>
    /// <returns>The clip; 0 when all values are 0. It may exceed max|x| by half a bin.</returns>
    public static double Of(AbsoluteHistogram histogram, int levels, EntropyRule rule = EntropyRule.Gtc, bool zeroBinRule = true)
    {
        if (histogram.Maximum == 0) return 0;
        var bins = BestBins(histogram.Counts.Span, levels, zeroBinRule);
        return (rule == EntropyRule.Gtc ? bins + 0.5 : bins) * histogram.Width;
    }

    /// <summary>The number of bins m with the smallest divergence, ties to the largest.</summary>
    /// <param name="histogram">Counts.</param>
    /// <param name="levels">Number of levels T ≤ number of bins.</param>
    /// <param name="zeroBinRule">Whether bin 0 counts as much as bin 1.</param>
    /// <returns>m, T ≤ m ≤ number of bins.</returns>
    public static int BestBins(ReadOnlySpan<long> histogram, int levels, bool zeroBinRule = true)
    {
        Check(histogram.Length, levels);
        var counts = Counts(histogram, zeroBinRule);
        var estimates = new DivergenceEstimate(counts, levels);
        var divergences = new double[counts.Length + 1];
        var smallest = double.PositiveInfinity;
        for (var bins = levels; bins <= counts.Length; bins++)
        {
            divergences[bins] = estimates.Of(bins);
            smallest = Math.Min(smallest, divergences[bins]);
        }

        // The definition decides among all that the estimate's rounding could have confused.
        var best = (Bins: counts.Length, Divergence: double.PositiveInfinity);
        for (var bins = levels; bins <= counts.Length; bins++)
        {
            if (divergences[bins] > smallest + DivergenceEstimate.Tolerance) continue;
            var divergence = Divergence(counts, levels, bins);
            if (divergence <= best.Divergence) best = (bins, divergence);
        }

        return best.Bins;
    }

    /// <summary>The divergence KL_i of the first <paramref name="bins"/> bins from their merger to T levels: the definition.</summary>
    /// <param name="histogram">Counts.</param>
    /// <param name="levels">Number of levels T.</param>
    /// <param name="bins">i, T ≤ i ≤ number of bins.</param>
    /// <param name="zeroBinRule">Whether bin 0 counts as much as bin 1.</param>
    /// <returns>KL_i ≥ 0; infinite when the outliers are folded onto an empty bin.</returns>
    public static double Divergence(ReadOnlySpan<long> histogram, int levels, int bins, bool zeroBinRule = true)
    {
        Check(histogram.Length, levels);
        if (bins < levels || bins > histogram.Length) throw new ArgumentOutOfRangeException(nameof(bins), bins, $"needs {levels}..{histogram.Length}");
        return Divergence(Counts(histogram, zeroBinRule), levels, bins);
    }

    private static double Divergence(ReadOnlySpan<double> counts, int levels, int bins)
    {
        double total = 0, kept = 0;
        foreach (var count in counts) total += count;
        var sums = new double[levels];
        var occupied = new int[levels];
        for (var j = 0; j < bins; j++)
        {
            kept += counts[j];
            var level = Level(j, levels, bins);
            sums[level] += counts[j];
            if (counts[j] != 0) occupied[level]++;
        }

        double divergence = 0;
        for (var j = 0; j < bins; j++)
        {
            var outliers = j == bins - 1 ? total - kept : 0;
            if (counts[j] + outliers == 0) continue;
            if (counts[j] == 0) return double.PositiveInfinity;
            var p = (counts[j] + outliers) / total;
            var level = Level(j, levels, bins);
            var q = sums[level] / occupied[level] / kept;
            divergence += p * NaturalLogarithm.Of(p / q);
        }

        return divergence;
    }

    private static int Level(int bin, int levels, int bins) => (int)((long)bin * levels / bins);

    private static double[] Counts(ReadOnlySpan<long> histogram, bool zeroBinRule)
    {
        var counts = new double[histogram.Length];
        for (var j = 0; j < counts.Length; j++) counts[j] = histogram[j];
        if (zeroBinRule && counts.Length > 1) counts[0] = counts[1];
        return counts;
    }

    private static void Check(int bins, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        if (levels > bins) throw new ArgumentOutOfRangeException(nameof(levels), levels, $"a histogram of {bins} bins cannot be merged to more levels");
    }
}

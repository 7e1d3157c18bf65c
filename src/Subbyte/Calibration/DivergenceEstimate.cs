namespace Subbyte.Calibration;

/// <summary>
/// KL_i of <see cref="EntropyClip"/> from prefix sums, O(T) instead of O(i):
/// ΣP·(ln P − ln Q)/ΣP + ln(ΣQ/ΣP), where ln Q is constant over a level. It differs from the definition by rounding alone.
/// </summary>
internal sealed class DivergenceEstimate
{
    /// <summary>More than the estimate's rounding error: the prefix sums lose at most about 10⁻¹¹ of their divergence.</summary>
    public const double Tolerance = 1e-9;

    private readonly double[] _counts;
    private readonly int _levels;
    private readonly double[] _sums;
    private readonly double[] _entropies;
    private readonly int[] _occupied;

    /// <summary>Prepares the prefix sums.</summary>
    /// <param name="counts">Counts of all bins.</param>
    /// <param name="levels">Number of levels T.</param>
    public DivergenceEstimate(double[] counts, int levels)
    {
        _counts = counts;
        _levels = levels;
        _sums = new double[counts.Length + 1];
        _entropies = new double[counts.Length + 1];
        _occupied = new int[counts.Length + 1];
        for (var j = 0; j < counts.Length; j++)
        {
            _sums[j + 1] = _sums[j] + counts[j];
            _entropies[j + 1] = _entropies[j] + TimesLogarithm(counts[j]);
            _occupied[j + 1] = _occupied[j] + (counts[j] != 0 ? 1 : 0);
        }
    }

    /// <summary>The divergence of the first bins.</summary>
    /// <param name="bins">i.</param>
    /// <returns>KL_i.</returns>
    public double Of(int bins)
    {
        var last = _counts[bins - 1];
        var kept = _sums[bins];
        var total = _sums[^1];
        var outliers = total - kept;
        if (last == 0 && outliers != 0) return double.PositiveInfinity;
        if (kept == 0) return 0;

        double crossEntropy = 0;
        var begin = 0;
        for (var level = 0; level < _levels; level++)
        {
            var end = (int)((((long)(level + 1) * bins) + _levels - 1) / _levels);
            var sum = _sums[end] - _sums[begin];
            if (sum != 0)
            {
                var isLast = end == bins;
                crossEntropy += (isLast ? sum + outliers : sum) * NaturalLogarithm.Of(sum / (_occupied[end] - _occupied[begin]));
            }

            begin = end;
        }

        var entropy = _entropies[bins] - TimesLogarithm(last) + TimesLogarithm(last + outliers);
        return ((entropy - crossEntropy) / total) + NaturalLogarithm.Of(kept / total);
    }

    private static double TimesLogarithm(double count) => count == 0 ? 0 : count * NaturalLogarithm.Of(count);
}

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Words of ternary digits, <c>x ≈ Σ γ_i·t_i</c>, coded greedily: <c>t_i = sgn(r)·[|r| &gt; Δ_i]</c>, <c>r −= γ_i·t_i</c> (section 3.2). Where several words have one value, the one
/// with the fewest digits other than zero is taken, then the one with the smallest first digits.
/// </summary>
public sealed class TernaryCodebook
{
    private const double Tolerance = 1e-6;

    private readonly double[] _scales;
    private readonly double[] _thresholds;
    private readonly int[]? _canonical;

    /// <summary>A codebook.</summary>
    /// <param name="scales">γ of each level, ≥ 0.</param>
    /// <param name="thresholds">Δ of each level, ≥ 0.</param>
    public TernaryCodebook(double[] scales, double[] thresholds)
    {
        (_scales, _thresholds) = (scales, thresholds);
        for (var i = 0; i < scales.Length; i++)
        {
            // A level that is next to nothing is dropped.
            if (!(scales[i] >= Tolerance * scales[0])) scales[i] = 0;
            if (scales[i] == 0) thresholds[i] = double.PositiveInfinity;
        }

        _canonical = Canonical();
    }

    /// <summary>The codebook of nearest digits (mode T1), Δ_i = γ_i/2, the last one raised to κ·γ_L (T3).</summary>
    /// <param name="scales">γ of each level.</param>
    /// <param name="kappa">κ of the last level, ≥ ½.</param>
    /// <returns>The codebook.</returns>
    public static TernaryCodebook Nearest(ReadOnlySpan<double> scales, double kappa = 0.5)
    {
        var thresholds = new double[scales.Length];
        for (var i = 0; i < thresholds.Length; i++) thresholds[i] = scales[i] * (i == thresholds.Length - 1 ? kappa : 0.5);
        return new TernaryCodebook(scales.ToArray(), thresholds);
    }

    /// <summary>γ of each level; 0 for one that is dropped.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>Δ of each level; infinite for one that is dropped.</summary>
    public ReadOnlySpan<double> Thresholds => _thresholds;

    /// <summary>One digit.</summary>
    /// <param name="residual">What is left.</param>
    /// <param name="threshold">Δ; equality gives 0.</param>
    /// <returns>−1, 0 or 1.</returns>
    public static int Trit(double residual, double threshold) => residual > threshold ? 1 : residual < -threshold ? -1 : 0;

    /// <summary>Codes a value greedily, without looking for a shorter word of equal value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="trits">Takes a digit for each level.</param>
    public void EncodeGreedily(double value, Span<sbyte> trits)
    {
        for (var i = 0; i < _scales.Length; i++)
        {
            var trit = Trit(value, _thresholds[i]);
            trits[i] = (sbyte)trit;
            value -= _scales[i] * trit;
        }
    }

    /// <summary>Codes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="trits">Takes a digit for each level: the canonical word.</param>
    /// <returns>Σ γ·t.</returns>
    public double Encode(double value, Span<sbyte> trits)
    {
        EncodeGreedily(value, trits);
        if (_canonical is not null) Decode(_canonical[Index(trits)], trits);
        return Value(trits);
    }

    /// <summary>The value of a word.</summary>
    /// <param name="trits">A digit for each level.</param>
    /// <returns>Σ γ·t, summed from the first level on.</returns>
    public double Value(ReadOnlySpan<sbyte> trits)
    {
        double sum = 0;
        for (var i = 0; i < trits.Length; i++) sum += _scales[i] * trits[i];
        return sum;
    }

    private static int Index(ReadOnlySpan<sbyte> trits)
    {
        var index = 0;
        foreach (var trit in trits) index = (index * 3) + trit + 1;
        return index;
    }

    private static void Decode(int index, Span<sbyte> trits)
    {
        for (var i = trits.Length - 1; i >= 0; i--)
        {
            trits[i] = (sbyte)((index % 3) - 1);
            index /= 3;
        }
    }

    /// <summary>The canonical word of each word, or null where all values differ.</summary>
    private int[]? Canonical()
    {
        var levels = _scales.Length;
        var count = 1;
        for (var i = 0; i < levels; i++) count *= 3;
        var words = new sbyte[count][];
        var order = new (double Value, int Index)[count];
        for (var index = 0; index < count; index++)
        {
            words[index] = new sbyte[levels];
            Decode(index, words[index]);
            order[index] = (Value(words[index]), index);
        }

        Array.Sort(order);
        var canonical = new int[count];
        var differs = false;
        for (int first = 0, end; first < count; first = end)
        {
            var best = order[first].Index;
            for (end = first + 1; end < count && order[end].Value - order[first].Value <= Tolerance * _scales[0]; end++)
            {
                if (IsShorter(words[order[end].Index], words[best])) best = order[end].Index;
            }

            for (var i = first; i < end; i++) canonical[order[i].Index] = best;
            differs |= end > first + 1;
        }

        return differs ? canonical : null;
    }

    private static bool IsShorter(ReadOnlySpan<sbyte> word, ReadOnlySpan<sbyte> other)
    {
        var (digits, otherDigits) = (0, 0);
        for (var i = 0; i < word.Length; i++) (digits, otherDigits) = (digits + Math.Abs(word[i]), otherDigits + Math.Abs(other[i]));
        if (digits != otherDigits) return digits < otherDigits;
        for (var i = 0; i < word.Length; i++)
        {
            if (Math.Abs(word[i]) != Math.Abs(other[i])) return Math.Abs(word[i]) < Math.Abs(other[i]);
        }

        return false;
    }
}

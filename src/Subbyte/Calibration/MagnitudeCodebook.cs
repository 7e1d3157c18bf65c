namespace Subbyte.Calibration;

/// <summary>
/// Integer magnitudes that a non-uniform symmetric quantizer may take, each with the threshold from which it is taken. The value of a code
/// is sign · level · scale.
/// </summary>
public sealed class MagnitudeCodebook
{
    private readonly short[] _levels;
    private readonly double[] _thresholds;

    /// <summary>A codebook.</summary>
    /// <param name="levels">Levels, increasing, from 0.</param>
    /// <param name="thresholds">For each level but 0 the smallest magnitude that becomes it, increasing.</param>
    public MagnitudeCodebook(IReadOnlyList<short> levels, IReadOnlyList<double> thresholds)
    {
        if (levels.Count < 2 || levels[0] != 0 || thresholds.Count != levels.Count - 1)
            throw new ArgumentException("a codebook has the level 0, others, and a threshold for each of these", nameof(levels));
        _levels = [.. levels];
        _thresholds = [.. thresholds];
    }

    /// <summary>Levels, increasing, from 0.</summary>
    public ReadOnlySpan<short> Levels => _levels;

    /// <summary>For each level but 0 the smallest magnitude that becomes it.</summary>
    public ReadOnlySpan<double> Thresholds => _thresholds;

    /// <summary>The largest level.</summary>
    public short Largest => _levels[^1];

    /// <summary>
    /// 0 and the powers of two 2^0 … 2^(exponents−1). The nearest in the linear domain changes at ½ and 1.5·2^k, ties going up; the nearest
    /// exponent changes at √½·2^k.
    /// </summary>
    /// <param name="exponents">Number of exponents, 1 … 15.</param>
    /// <param name="nearestExponent">Whether exponents are rounded instead of values.</param>
    /// <returns>The codebook.</returns>
    public static MagnitudeCodebook PowersOfTwo(int exponents, bool nearestExponent = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exponents, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exponents, 15);
        var levels = Enumerable.Range(-1, exponents + 1).Select(k => (short)(k < 0 ? 0 : 1 << k));
        var thresholds = Enumerable.Range(0, exponents).Select(k => nearestExponent ? Math.Sqrt(0.5) * (1 << k) : k == 0 ? 0.5 : 0.75 * (1 << k));
        return new MagnitudeCodebook([.. levels], [.. thresholds]);
    }

    /// <summary>The level of a magnitude.</summary>
    /// <param name="magnitude">|x|/scale ≥ 0.</param>
    /// <returns>Its level.</returns>
    public short Quantize(double magnitude)
    {
        var index = 0;
        while (index < _thresholds.Length && magnitude >= _thresholds[index]) index++;
        return _levels[index];
    }
}

using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.OneHot;

/// <summary>
/// k-hot values in training (section 3.5): <c>x̂ = s·Q(x/s)</c>; gradients pass where |x/s| is at most one and a half times the largest power of two, 96, or the largest code.
/// </summary>
/// <param name="codebook">Levels and thresholds.</param>
internal sealed class HotValues(MagnitudeCodebook codebook)
{
    private const float PowerWindow = 96;

    private static readonly HotValues[] All = [.. Enumerable.Range(1, HotCodebook.MagnitudeBits).Select(k => new HotValues(HotCodebook.Of(k)))];

    private readonly float[] _thresholds = [.. codebook.Thresholds.ToArray().Select(LoweringMath.NotBelow)];
    private readonly short[] _levels = codebook.Levels.ToArray();
    private readonly float _window = Math.Max(PowerWindow, codebook.Largest);

    // Levels are integers, so thresholds are multiples of one half: the level of |x/s| is that of ⌊2·|x/s|⌋ / 2.
    private readonly short[] _levelsOfHalves = [.. Enumerable.Range(0, (2 * codebook.Largest) + 1).Select(half => codebook.Quantize(half / 2.0))];

    /// <summary>The values of k-hot codes.</summary>
    /// <param name="hot">Most hot bits, 1 … 7.</param>
    /// <returns>The values.</returns>
    public static HotValues Of(int hot) => All[hot - 1];

    /// <summary>The signed level of a quotient.</summary>
    /// <param name="quotient">x/s.</param>
    /// <returns>Q(x/s); 0 of a NaN.</returns>
    public int Code(float quotient)
    {
        var level = _levelsOfHalves[unchecked((int)Math.Min(2 * Math.Abs(quotient), _levelsOfHalves.Length - 1))];
        return quotient < 0 ? -level : level;
    }

    /// <summary>Whether the gradient of a value passes.</summary>
    /// <param name="quotient">x/s.</param>
    /// <returns>True inside the window.</returns>
    public bool Passes(float quotient) => Math.Abs(quotient) <= _window;

    /// <summary>Levels from 0 on.</summary>
    public ReadOnlySpan<short> Levels => _levels;

    /// <summary>Thresholds in float32.</summary>
    public ReadOnlySpan<float> Thresholds => _thresholds;
}

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

    private readonly float[] _thresholds = [.. codebook.Thresholds.ToArray().Select(LoweringMath.NotBelow)];
    private readonly short[] _levels = codebook.Levels.ToArray();
    private readonly float _window = Math.Max(PowerWindow, codebook.Largest);

    /// <summary>The signed level of a quotient.</summary>
    /// <param name="quotient">x/s.</param>
    /// <returns>Q(x/s).</returns>
    public int Code(float quotient)
    {
        var magnitude = Math.Abs(quotient);
        var (low, high) = (0, _thresholds.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (magnitude >= _thresholds[middle]) low = middle + 1;
            else high = middle;
        }

        return quotient < 0 ? -_levels[low] : _levels[low];
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

namespace Subbyte.Calibration;

/// <summary>Range selection by the extremes: nothing is clipped (uniform baselines, section 3.3.1).</summary>
public static class MinMaxClip
{
    /// <summary>The largest magnitude.</summary>
    /// <param name="values">Finite values.</param>
    /// <returns>max|x|; 0 for no values.</returns>
    public static double Of(ReadOnlySpan<float> values)
    {
        var clip = 0f;
        foreach (var value in values) clip = Math.Max(clip, Math.Abs(value));
        return clip;
    }
}

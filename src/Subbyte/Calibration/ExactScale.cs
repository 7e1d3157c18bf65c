namespace Subbyte.Calibration;

/// <summary>
/// The scale of values that lie on a codebook's levels already, as a training with the same codes leaves them: quantized with it, they stay as they are.
/// </summary>
public static class ExactScale
{
    /// <summary>How far a quotient may lie from its level, relative to it: a few roundings of float32.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Finds the scale.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <returns>1 where the values are levels themselves, else the smallest scale of which all are multiples by levels; null where there is none, or all values are 0.</returns>
    public static float? Of(ReadOnlySpan<float> values, MagnitudeCodebook codebook)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        var magnitudes = new SortedSet<float>();
        foreach (var value in values)
        {
            if (value != 0 && magnitudes.Add(Math.Abs(value)) && magnitudes.Count >= codebook.Levels.Length) return null;
        }

        if (magnitudes.Count == 0) return null;
        if (Fits(magnitudes, 1, codebook)) return 1;
        for (var i = codebook.Levels.Length - 1; i > 0; i--)
        {
            var scale = magnitudes.Max / (double)codebook.Levels[i];
            if ((float)scale > 0 && Fits(magnitudes, scale, codebook)) return Exact(magnitudes, scale, codebook);
        }

        return null;
    }

    private static bool Fits(SortedSet<float> magnitudes, double scale, MagnitudeCodebook codebook)
        => magnitudes.All(magnitude => codebook.Quantize(magnitude / scale) is > 0 and var level && Math.Abs((magnitude / scale) - level) <= Tolerance * level);

    /// <summary>A power of two times the scale was never rounded, so where one occurs it says the scale to the last bit.</summary>
    private static float Exact(SortedSet<float> magnitudes, double scale, MagnitudeCodebook codebook)
    {
        foreach (var magnitude in magnitudes)
        {
            var level = (int)codebook.Quantize(magnitude / scale);
            if (int.IsPow2(level)) return magnitude / level;
        }

        return (float)scale;
    }
}

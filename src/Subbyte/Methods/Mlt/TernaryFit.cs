namespace Subbyte.Methods.Mlt;

/// <summary>
/// Scales and thresholds of ternary levels by TWN's closed forms on one residual after the other (mode T2 of section 3.2): <c>Δ = 0.7·mean|r|</c>,
/// <c>γ = mean(|r| : |r| &gt; Δ)</c>. In double precision, in ascending order.
/// </summary>
public static class TernaryFit
{
    /// <summary>TWN's factor of the threshold.</summary>
    public const double ThresholdFactor = 0.7;

    /// <summary>Fits levels to values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="mask">0 where a value is left out of every mean, else not; empty for none.</param>
    /// <param name="levels">Number of levels, ≥ 1.</param>
    /// <returns>The codebook; a level on which no value lies has scale 0.</returns>
    public static TernaryCodebook Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> mask, int levels)
    {
        var (scales, thresholds) = (new double[levels], new double[levels]);
        var residual = new double[values.Length];
        for (var i = 0; i < values.Length; i++) residual[i] = values[i];
        for (var level = 0; level < levels; level++)
        {
            thresholds[level] = ThresholdFactor * Mean(residual, mask, above: -1);
            scales[level] = (float)Mean(residual, mask, thresholds[level]);
            if (!(scales[level] > 0)) break;
            for (var i = 0; i < residual.Length; i++) residual[i] -= scales[level] * TernaryCodebook.Trit(residual[i], thresholds[level]);
        }

        return new TernaryCodebook(scales, thresholds);
    }

    /// <summary>The scales of least squared error for trits as they are (section 3.2, "refit").</summary>
    /// <param name="values">The values.</param>
    /// <param name="codebook">Gives each value its trits.</param>
    /// <returns>Scales; those of the codebook where the best ones are not positive and descending.</returns>
    public static double[] Refit(ReadOnlySpan<float> values, TernaryCodebook codebook)
    {
        var levels = codebook.Scales.Length;
        var normal = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(levels, levels);
        var right = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(levels);
        var trits = new sbyte[levels];
        foreach (var value in values)
        {
            codebook.Encode(value, trits);
            for (var i = 0; i < levels; i++)
            {
                right[i] += trits[i] * (double)value;
                for (var j = 0; j < levels; j++) normal[i, j] += trits[i] * trits[j];
            }
        }

        if (Math.Abs(normal.Determinant()) < 1e-9) return codebook.Scales.ToArray();
        var scales = normal.Solve(right).ToArray();
        for (var i = 0; i < levels; i++)
        {
            if (!(scales[i] > 0) || (i > 0 && scales[i] > scales[i - 1])) return codebook.Scales.ToArray();
        }

        return scales;
    }

    private static double Mean(double[] residual, ReadOnlySpan<float> mask, double above)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < residual.Length; i++)
        {
            if (!mask.IsEmpty && mask[i] == 0) continue;
            var magnitude = Math.Abs(residual[i]);
            if (magnitude <= above) continue;
            sum += magnitude;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}

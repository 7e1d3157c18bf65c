namespace Subbyte.Methods.Zap;

/// <summary>Measures what each threshold of a grid keeps and loses of one map.</summary>
/// <param name="predictor">The trained predictor.</param>
/// <param name="grid">Thresholds in ascending order.</param>
internal sealed class CurveMeasure(ZapPredictor predictor, float[] grid)
{
    private readonly long[] _skipped = new long[grid.Length];
    private readonly double[] _lost = new double[grid.Length];
    private readonly float[] _room = new float[3 * predictor.Shape.Length];
    private long _elements;
    private double _mass;

    /// <summary>Adds maps.</summary>
    /// <param name="maps">Exact maps [sample][position][channel].</param>
    /// <param name="samples">Samples.</param>
    public void Add(ReadOnlySpan<float> maps, int samples)
    {
        var (length, channels) = (predictor.Shape.Length, predictor.Shape.Channels);
        var prediction = _room.AsSpan(2 * length, length);
        for (var sample = 0; sample < samples; sample++)
        {
            var map = maps.Slice(sample * length, length);
            predictor.Predict(map, _room.AsSpan(0, 2 * length), prediction);
            for (var i = 0; i < length; i++)
            {
                _mass += map[i];
                if (predictor.Computed[i / channels]) continue;
                for (var t = grid.Length - 1; t >= 0 && !(prediction[i] > grid[t]); t--)
                {
                    _skipped[t]++;
                    _lost[t] += map[i];
                }
            }

            _elements += length;
        }
    }

    /// <summary>The curve.</summary>
    /// <param name="macs">Multiply-accumulates of the layer.</param>
    /// <returns>What is left and what is lost at each threshold.</returns>
    public ThresholdCurve Curve(double macs)
        => new([.. _skipped.Select(skipped => macs * (1 - ((double)skipped / Math.Max(1, _elements))))], [.. _lost.Select(lost => _mass > 0 ? lost / _mass : 0)]);
}

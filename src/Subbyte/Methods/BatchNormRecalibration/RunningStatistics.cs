namespace Subbyte.Methods.BatchNormRecalibration;

/// <summary>Mean and variance of a batch norm's channels, re-estimated batch by batch (NB-SMT and recalibration, sections B.2 and B.3).</summary>
/// <param name="mean">Trained means [channels].</param>
/// <param name="variance">Trained variances [channels].</param>
/// <param name="options">How batches are combined.</param>
public sealed class RunningStatistics(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, RecalibrationOptions options)
{
    private readonly double[] _mean = options.Mode == RecalibrationMode.Ema ? Widen(mean) : new double[mean.Length];
    private readonly double[] _variance = options.Mode == RecalibrationMode.Ema ? Widen(variance) : new double[variance.Length];
    private long _batches;
    private long _values;

    /// <summary>The new means [channels].</summary>
    public float[] Mean => [.. _mean.Select(value => (float)value)];

    /// <summary>The new variances [channels].</summary>
    public float[] Variance => [.. (options.Mode == RecalibrationMode.Pooled ? _variance.Select(squares => squares / Math.Max(1, _values - 1)) : _variance).Select(value => (float)value)];

    /// <summary>Takes a batch in; batches are added in their order.</summary>
    /// <param name="batchMean">Means of the batch [channels].</param>
    /// <param name="batchVariance">Biased (population) variances of the batch [channels].</param>
    /// <param name="count">Values of a channel in the batch, ≥ 2.</param>
    public void Add(ReadOnlySpan<float> batchMean, ReadOnlySpan<float> batchVariance, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        _batches++;
        for (var c = 0; c < _mean.Length; c++)
        {
            var unbiased = batchVariance[c] * (count / (double)(count - 1));
            switch (options.Mode)
            {
                case RecalibrationMode.Ema: Move(c, batchMean[c], unbiased, options.Momentum); break;
                case RecalibrationMode.Cumulative: Move(c, batchMean[c], unbiased, 1.0 / _batches); break;
                default: Pool(c, batchMean[c], batchVariance[c], count); break;
            }
        }

        _values += count;
    }

    private void Move(int channel, double batchMean, double unbiased, double weight)
    {
        _mean[channel] = ((1 - weight) * _mean[channel]) + (weight * batchMean);
        _variance[channel] = ((1 - weight) * _variance[channel]) + (weight * unbiased);
    }

    /// <summary>Sums of squares about the common mean, so that the variance of the batch means is part of it.</summary>
    private void Pool(int channel, double batchMean, double batchVariance, long count)
    {
        var difference = batchMean - _mean[channel];
        var total = _values + count;
        _variance[channel] += (batchVariance * count) + (difference * difference * ((double)_values * count / total));
        _mean[channel] += difference * count / total;
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }
}

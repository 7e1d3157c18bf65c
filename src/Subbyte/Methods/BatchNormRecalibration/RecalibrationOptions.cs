namespace Subbyte.Methods.BatchNormRecalibration;

/// <summary>How the statistics of the batches become those of the batch norm.</summary>
public enum RecalibrationMode
{
    /// <summary>Exponential moving average that starts at the trained statistics.</summary>
    Ema,

    /// <summary>The average of the batches' means and unbiased variances, each with the same weight; the trained statistics are forgotten.</summary>
    Cumulative,

    /// <summary>Mean and unbiased variance of all values of all batches together.</summary>
    Pooled,
}

/// <summary>Options of <c>bn-recal</c>.</summary>
public sealed record RecalibrationOptions
{
    /// <summary>How the statistics of the batches are combined.</summary>
    [Option("mode", "how the statistics of the batches are combined: moving average (ema), equal weights (cumulative), all values together (pooled)")]
    public RecalibrationMode Mode { get; set; }

    /// <summary>Weight of a batch in the moving average.</summary>
    [Option("momentum", "weight of a batch in the moving average", Minimum = 0, Maximum = 1)]
    public double Momentum { get; set; } = 0.1;

    /// <summary>Number of batches.</summary>
    [Option("batches", "batches of calibration samples; fewer when there are not that many", Minimum = 1, Maximum = 10_000)]
    public int Batches { get; set; } = 17;

    /// <summary>Samples of a batch.</summary>
    [Option("size", "samples of a batch", Minimum = 2, Maximum = 4096, Unit = "samples")]
    public int Size { get; set; } = 128;
}

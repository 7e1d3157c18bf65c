namespace Subbyte.Data.Downloads;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How often a broken connection is tried again, at least once.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first new trial; it doubles with each.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told in one line why something is tried again, or <see langword="null"/>.</summary>
    public Action<string>? Remark { get; init; }
}

using Subbyte.Methods;

namespace Subbyte.Samples.TruncatedActivations;

/// <summary>Options of <see cref="TruncatedActivationsMethod"/>.</summary>
public sealed record TruncatedActivationsOptions
{
    /// <summary>Low bits of each activation code that are dropped.</summary>
    [Option("drop", "low bits of each activation that are dropped", Minimum = 0, Maximum = 7, Unit = "bits")]
    public int Drop { get; set; } = 2;
}

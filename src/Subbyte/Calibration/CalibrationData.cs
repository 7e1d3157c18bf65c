using System.Collections.Concurrent;
using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Calibration;

/// <summary>The float network's behaviour on calibration samples: what methods and passes may look at.</summary>
/// <param name="layers">Dot-product layers of the network with their statistics, in execution order.</param>
/// <param name="samples">The samples.</param>
/// <param name="count">How many of them are used.</param>
/// <param name="threads">Threads that may run the network.</param>
public sealed class CalibrationData(IReadOnlyList<DotProductLayer> layers, ISampleSource samples, int count, int threads = 1)
{
    /// <summary>Dot-product layers of the float network, in execution order.</summary>
    public IReadOnlyList<DotProductLayer> Layers { get; } = layers;

    /// <summary>The calibration samples, preprocessed.</summary>
    public ISampleSource Samples { get; } = samples;

    /// <summary>Number of samples used, from the first.</summary>
    public int Count { get; } = count;

    /// <summary>Threads that may run the network.</summary>
    public int Threads { get; } = threads;

    /// <summary>What was made of these samples before, by a key that says all else it depends on: shared by all networks that are calibrated on them.</summary>
    internal ConcurrentDictionary<string, Lazy<object>> Made { get; init; } = new(StringComparer.Ordinal);
}

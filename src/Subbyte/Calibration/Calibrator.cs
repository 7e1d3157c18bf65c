using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Subbyte.Networks;

namespace Subbyte.Calibration;

/// <summary>
/// Calibration samples, and what networks do on them. Statistics are collected in sample order, each pass over the data for all layers at
/// once and only when something asks for it; the result does not depend on the number of threads.
/// </summary>
public sealed class Calibrator
{
    /// <summary>Default number of calibration samples.</summary>
    public const int DefaultSamples = 256;

    private readonly ConditionalWeakTable<Network, CalibrationData> _data = [];
    private readonly ConcurrentDictionary<string, Lazy<object>> _made = new(StringComparer.Ordinal);

    /// <summary>Calibration on the first samples of a source.</summary>
    /// <param name="samples">Preprocessed samples.</param>
    /// <param name="count">How many of them are used, from the first; all when there are fewer.</param>
    /// <param name="threads">Threads that run the network.</param>
    /// <exception cref="UserErrorException">There is no sample.</exception>
    public Calibrator(ISampleSource samples, int count = DefaultSamples, int threads = 1)
    {
        if (samples.Count == 0 || count < 1) throw new UserErrorException("calibration needs at least one sample; give --calibrate a split that has some");
        Samples = samples;
        Count = Math.Min(count, samples.Count);
        Threads = threads;
    }

    /// <summary>The samples.</summary>
    public ISampleSource Samples { get; }

    /// <summary>How many are used.</summary>
    public int Count { get; }

    /// <summary>Threads that run the network.</summary>
    public int Threads { get; }

    /// <summary>The dot-product layers of a float network with their statistics; kept while the network lives.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Its calibration data.</returns>
    public CalibrationData For(Network network) => _data.GetValue(network, Collect);

    private CalibrationData Collect(Network network)
    {
        var statistics = new NetworkStatistics(network, this);
        return new CalibrationData(DotProductLayers.Of(statistics.Plan, statistics.Layer), Samples, Count, Threads) { Made = _made };
    }
}

using System.Runtime.CompilerServices;
using Subbyte.Lowering;
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
        var plans = statistics.Plan.DotProducts.ToArray();
        var layers = plans.Select((plan, index) => new DotProductLayer
        {
            Name = plan.LayerName,
            Index = index,
            Kind = plan.Kind,
            Positions = plan.Geometry.Positions,
            Outputs = plan.Geometry.OutChannels,
            Depth = plan.Geometry.Depth,
            Groups = plan.Geometry.Groups,
            KernelHeight = plan.Geometry.KernelHeight,
            KernelWidth = plan.Geometry.KernelWidth,
            Weights = plan.Weights,
            Bias = plan.Bias,
            IsEnd = index == 0 || index == plans.Length - 1,
            Input = statistics.Layer(plan.LayerName),
        }).ToArray();
        return new CalibrationData(layers, Samples, Count);
    }
}

using Subbyte.Lowering;
using Subbyte.Prediction;

namespace Subbyte.Networks;

/// <summary>A network some of whose dot-product layers run under a low-bit method, and some of whose feature maps are predicted. Immutable.</summary>
/// <param name="network">The float network that the layers belong to, after its passes.</param>
/// <param name="layers">Lowered layers by name; layers that are absent run in fp32.</param>
public sealed class LowBitNetwork(Network network, IReadOnlyDictionary<string, LoweredLayer> layers)
{
    private static readonly IReadOnlyDictionary<string, OutputPrediction> NoPredictions = new Dictionary<string, OutputPrediction>(StringComparer.Ordinal);

    /// <summary>The float network.</summary>
    public Network Network { get; } = network;

    /// <summary>Lowered layers by name.</summary>
    public IReadOnlyDictionary<string, LoweredLayer> Layers { get; } = layers;

    /// <summary>Masks over feature maps, by the name of the ReLU that makes the map.</summary>
    public IReadOnlyDictionary<string, OutputPrediction> Predictions { get; init; } = NoPredictions;

    /// <summary>The same layers and masks on another network, whose nodes have the same names.</summary>
    /// <param name="network">The network.</param>
    /// <returns>A new low-bit network.</returns>
    public LowBitNetwork With(Network network) => new(network, Layers) { Predictions = Predictions };

    /// <summary>The same network and masks with other layers.</summary>
    /// <param name="layers">Lowered layers by name.</param>
    /// <returns>A new low-bit network.</returns>
    public LowBitNetwork With(IReadOnlyDictionary<string, LoweredLayer> layers) => new(Network, layers) { Predictions = Predictions };
}

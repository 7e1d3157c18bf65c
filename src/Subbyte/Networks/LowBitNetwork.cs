using Subbyte.Lowering;

namespace Subbyte.Networks;

/// <summary>A network some of whose dot-product layers run under a low-bit method. Immutable.</summary>
/// <param name="network">The float network that the layers belong to, after its passes.</param>
/// <param name="layers">Lowered layers by name; layers that are absent run in fp32.</param>
public sealed class LowBitNetwork(Network network, IReadOnlyDictionary<string, LoweredLayer> layers)
{
    /// <summary>The float network.</summary>
    public Network Network { get; } = network;

    /// <summary>Lowered layers by name.</summary>
    public IReadOnlyDictionary<string, LoweredLayer> Layers { get; } = layers;
}

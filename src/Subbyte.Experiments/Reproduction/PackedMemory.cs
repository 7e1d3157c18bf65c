using Subbyte.Networks;
using Subbyte.Packing;

namespace Subbyte.Experiments.Reproduction;

/// <summary>What layers take in fp32 and in the packed file.</summary>
internal static class PackedMemory
{
    private const int BitsOfFloat = 32;

    /// <summary>Packs a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Bits of each layer's weights and biases in fp32, and what they take packed, scales and offsets included.</returns>
    /// <exception cref="UserErrorException">It does not pack.</exception>
    public static LayerFigures Of(LowBitNetwork network)
    {
        var layers = NetworkPacker.Pack(network).Steps.Where(step => step.Weights > 0).ToArray();
        return new LayerFigures([.. layers.Select(step => BitsOfFloat * (double)(step.Weights + step.Biases))], [.. layers.Select(step => (double)step.WeightBits)]);
    }
}

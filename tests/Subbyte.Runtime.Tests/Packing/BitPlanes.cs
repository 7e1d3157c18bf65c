using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Codes of one level on both sides, as trained binary and ternary networks have them.</summary>
internal static class BitPlanes
{
    /// <summary>A network with such codes in every lowered layer.</summary>
    public static LowBitNetwork In(LowBitNetwork network, Random random)
    {
        var isBinary = random.Next(2) == 0;
        var range = new CodeRange(isBinary ? 0 : -1, 1);
        return network.With(network.Layers.ToDictionary(
            pair => pair.Key,
            pair =>
            {
                var layer = pair.Value.Layer;
                short[] weights = [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => (short)(isBinary ? (2 * random.Next(2)) - 1 : random.Next(3) - 1))];
                var offsets = Enumerable.Range(0, layer.Outputs).Select(_ => (long)random.Next(-3, 4)).ToArray();
                return pair.Value with
                {
                    Input = new UniformActivations("test", range, 0.1f + random.NextSingle(), 0, 2, Rounding.HalfEven),
                    Groups = [new ProductGroup([new ProductTerm(TableCode.Identity(range), weights)], offsets, Arrays.Floats(random, layer.Outputs))],
                };
            },
            StringComparer.Ordinal));
    }
}

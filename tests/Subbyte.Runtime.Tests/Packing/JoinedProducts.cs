using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Products that are added as integers before one scale, weights of more than a byte, and channels whose offset needs 64 bits.</summary>
internal static class JoinedProducts
{
    private const int Depths = 1 << 12;

    /// <summary>A network with such sums in every lowered layer.</summary>
    public static LowBitNetwork In(LowBitNetwork network, Random random)
    {
        var (terms, largest) = (random.Next(1, 4), random.Next(4) switch { 0 => 100, 1 => 128, 2 => 250, _ => 3000 });
        var range = new CodeRange(random.Next(2) == 0 ? 0 : -7, 15);
        return network.With(network.Layers.ToDictionary(
            pair => pair.Key,
            pair =>
            {
                var layer = pair.Value.Layer;
                ProductTerm[] products = [.. Enumerable.Range(0, terms).Select(term => new ProductTerm(term == 0 ? TableCode.Identity(range) : new TableCode(range, code => (code & 1) - (code & 2)), Weights(layer, largest, random), layer.Depth > Depths ? 1 : 1 << random.Next(3)))];
                // A channel of tiny weights, whose bias is many of its steps.
                var isWide = terms == 1 && random.Next(3) == 0;
                long[] offsets = [.. Enumerable.Range(0, layer.Outputs).Select(_ => isWide ? random.NextInt64(-(1L << 40), 1L << 40) : random.Next(-300, 300))];
                return pair.Value with
                {
                    Input = new UniformActivations("test", range, 0.05f + (0.1f * random.NextSingle()), 0, 5, Rounding.HalfEven),
                    Groups = [new ProductGroup(products, offsets, Arrays.Floats(random, layer.Outputs))],
                };
            },
            StringComparer.Ordinal));
    }

    private static short[] Weights(DotProductLayer layer, int largest, Random random)
        => [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => (short)(random.Next(40) == 0 ? random.Next(2) == 0 ? largest : -largest : random.Next(-20, 21)))];
}

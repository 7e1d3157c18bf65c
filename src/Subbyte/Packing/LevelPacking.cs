using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>Lowered layers that are sums of products of scaled digits, and layers that pruning has left few weights, as packed ones.</summary>
internal static class LevelPacking
{
    /// <summary>Whether a layer of one product is packed so that its zeros are skipped.</summary>
    /// <param name="term">The product.</param>
    /// <param name="geometry">Sizes.</param>
    /// <returns>True when it is.</returns>
    public static bool IsWorthSkipping(ProductTerm term, ConvolutionGeometry geometry)
        => term is { Coefficient: 1, Activation.Range: { Lowest: >= 0, Highest: <= byte.MaxValue }, WeightRange: { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue } }
            && LevelProductStep.SkipsZeros(geometry, 1 - (term.Weights.AsSpan().Count((short)0) / (double)term.Weights.Length));

    /// <summary>Whether neither weights nor activations of a layer of one product are ever 0, so that they are counted by XNOR.</summary>
    /// <param name="term">The product.</param>
    /// <param name="input">What makes base codes.</param>
    /// <param name="thresholds">Where the nodes before the layer change the base code, or null.</param>
    /// <returns>True when they are.</returns>
    public static bool IsSigned(ProductTerm term, IActivationQuantizer input, ThresholdEncoder? thresholds)
        => thresholds is not null && term is { Coefficient: 1, WeightRange.Magnitude: 1, Activation.Range: { Lowest: -1, Highest: 1 } } && term.Weights.AsSpan().IndexOf((short)0) < 0
            && Enumerable.Range(0, input.Range.Count).All(code => term.Activation.Table[code] != 0 || !thresholds.Reaches(code));

    /// <summary>Packs a layer.</summary>
    /// <param name="lowered">The layer: groups of products over whole rows, activations elementwise encoded as codes that fit a byte.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="encoder">How the input becomes base codes, as bytes that begin at 0.</param>
    /// <returns>The parts.</returns>
    public static LevelParts Pack(LoweredLayer lowered, ConvolutionGeometry geometry, ActivationEncoder encoder)
    {
        var input = lowered.Input!;
        var (digits, codes) = (new List<LevelDigit>(), new List<IActivationCode>());
        var planes = new List<sbyte[]>();
        var products = new List<LevelProduct>();
        foreach (var group in lowered.Groups)
        {
            foreach (var term in group.Terms)
            {
                var shift = Math.Max(0, -term.Activation.Range.Lowest);
                var digit = codes.FindIndex(code => code == term.Activation);
                if (digit < 0)
                {
                    digit = codes.Count;
                    codes.Add(term.Activation);
                    digits.Add(Digit(term.Activation, input, shift));
                }

                foreach (var (plane, coefficient) in WeightPlanes.Of(term)) products.Add(new LevelProduct(Plane(planes, plane), digit, new int[lowered.Layer.Outputs], []) { Joins = coefficient });
            }

            // A plane whose coefficient is 1 comes last in each term: its product carries what follows the sum.
            products[^1] = new LevelProduct(products[^1].Plane, products[^1].Digit, [.. group.Offsets.Select(offset => checked((int)offset))], group.Scales);
        }

        return new LevelParts { Geometry = geometry, Encoder = encoder, Digits = digits, Planes = planes, Products = products, Bias = lowered.Bias };
    }

    private static int Plane(List<sbyte[]> planes, sbyte[] weights)
    {
        var known = planes.FindIndex(plane => plane.AsSpan().SequenceEqual(weights));
        if (known >= 0) return known;
        planes.Add(weights);
        return planes.Count - 1;
    }

    private static LevelDigit Digit(IActivationCode code, IActivationQuantizer input, int shift)
    {
        var table = new byte[byte.MaxValue + 1];
        for (var i = 0; i < input.Range.Count; i++) table[i] = (byte)(code.Table[i] + shift);
        return new LevelDigit(table, shift, table[input.ZeroPoint - input.Range.Lowest]);
    }
}

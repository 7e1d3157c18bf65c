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
    /// <param name="lowered">The layer: groups of one product each, elementwise encoded.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="encoder">How the input becomes base codes, as bytes that begin at 0.</param>
    /// <returns>The parts, or null where codes or weights are no bytes.</returns>
    public static LevelParts? Pack(LoweredLayer lowered, ConvolutionGeometry geometry, ActivationEncoder encoder)
    {
        var input = lowered.Input!;
        if (input.Range.Count > byte.MaxValue + 1) return null;
        var (digits, codes) = (new List<LevelDigit>(), new List<IActivationCode>());
        var (planes, weights) = (new List<sbyte[]>(), new List<short[]>());
        var products = new List<LevelProduct>();
        foreach (var group in lowered.Groups)
        {
            var term = group.Terms[0];
            var shift = Math.Max(0, -term.Activation.Range.Lowest);
            if (term.Activation.Range.Highest + shift > byte.MaxValue || term.WeightRange is not { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue } || term.Coefficient != 1) return null;
            var digit = codes.FindIndex(code => code == term.Activation);
            if (digit < 0)
            {
                digit = codes.Count;
                codes.Add(term.Activation);
                digits.Add(Digit(term.Activation, input, shift));
            }

            var plane = weights.FindIndex(row => row.AsSpan().SequenceEqual(term.Weights));
            if (plane < 0)
            {
                plane = weights.Count;
                weights.Add(term.Weights);
                planes.Add(Array.ConvertAll(term.Weights, weight => (sbyte)weight));
            }

            products.Add(new LevelProduct(plane, digit, [.. group.Offsets.Select(offset => checked((int)offset))], group.Scales));
        }

        return new LevelParts { Geometry = geometry, Encoder = encoder, Digits = digits, Planes = planes, Products = products, Bias = lowered.Bias };
    }

    private static LevelDigit Digit(IActivationCode code, IActivationQuantizer input, int shift)
    {
        var table = new byte[byte.MaxValue + 1];
        for (var i = 0; i < input.Range.Count; i++) table[i] = (byte)(code.Table[i] + shift);
        return new LevelDigit(table, shift, table[input.ZeroPoint - input.Range.Lowest]);
    }
}

using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>
/// The exact product of a trained layer's codes: one group of products for each pair of a weight plane and an activation digit, a float bias behind.
/// </summary>
/// <param name="name">Name of the method.</param>
internal sealed class TrainedProduct(string name) : IDatapath
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        // Empty slots become uniform eight bits.
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft) => null;

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        if (draft.Activations is not { } input) return ExactDatapath.Instance.Lower(draft);
        var layer = draft.Layer;
        var weights = draft.Weights!;
        var digits = ActivationDigits.Of(input);
        var groups = new List<ProductGroup>();
        foreach (var plane in weights.Planes)
        {
            foreach (var (code, scale) in digits)
            {
                ProductTerm[] terms = [new(code, plane.Codes)];
                groups.Add(new ProductGroup(terms, LoweringMath.ZeroPointOffsets(terms, input.ZeroPoint, layer), LoweringMath.SumScales(scale, plane.Scales)));
            }
        }

        return new LoweredLayer
        {
            Layer = layer,
            Input = input,
            Groups = groups,
            Bias = layer.Bias.ToArray(),
            FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
            Cost = new DigitCost(layer, weights, input, [.. digits.Select(digit => digit.Code)]),
            Method = weights.FilledBy,
            Note = draft.Note,
        };
    }
}

/// <summary>An activation quantizer whose codes stand for several digits with scales of their own.</summary>
internal interface IMultiLevelActivations : IActivationQuantizer
{
    /// <summary>Each digit as a map of the base code, and its scale.</summary>
    IReadOnlyList<(TableCode Code, float Scale)> Digits { get; }
}

/// <summary>The digits of activation codes.</summary>
internal static class ActivationDigits
{
    /// <summary>The digits of a quantizer's codes; the code itself where it has one.</summary>
    /// <param name="input">The quantizer.</param>
    /// <returns>Each digit's code and scale.</returns>
    public static IReadOnlyList<(TableCode Code, float Scale)> Of(IActivationQuantizer input)
        => input is IMultiLevelActivations several ? several.Digits : [(TableCode.Identity(input.Range), input.Scale)];
}

using Subbyte.Lowering;
using Subbyte.Methods.Pruning;

namespace Subbyte.Methods.Sparq;

/// <summary>SPARQ's datapath: how its trimmed pairs of activations meet weights, as integer products.</summary>
/// <param name="options">Options.</param>
public sealed class SparqDatapath(SparqOptions options) : IDatapath
{
    private readonly TrimmingUnit _unit = new(SparqWindow.Find(options.Window), options.Round, options.Pairs);

    /// <summary>The options.</summary>
    public SparqOptions Options => options;

    /// <summary>The unit that prepares pairs of activations.</summary>
    public TrimmingUnit Unit => _unit;

    /// <inheritdoc/>
    public string Name => SparqMethod.Name;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        if (draft.Weights is null) draft.Fill(SparqQuantizers.Weights(draft.Layer, wide: options.WeightScale == "255"));
        if (!draft.HasActivations) draft.Fill(SparqQuantizers.Activations(draft.Layer.Input));
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
    {
        if (draft.Activations is not { } input)
            return $"{Name} trims unsigned 8-bit activation codes, and {draft.Weights?.FilledBy} keeps the activations float";
        if (input.ZeroPoint != 0 || input.Range.Lowest < 0 || input.Range.Highest > byte.MaxValue)
            return $"{Name} trims activation codes 0..255 with zero point 0, and those of {input.FilledBy} are {input.Range} with zero point {input.ZeroPoint}";
        if (draft.Weights!.Planes.FirstOrDefault(plane => plane.Range.Lowest < sbyte.MinValue || plane.Range.Highest > sbyte.MaxValue) is { } wide)
            return $"{Name} multiplies by 8-bit weights, and the codes of {draft.Weights.FilledBy} are {wide.Range}";
        return options.Stc ? RefusesSparse(draft) : null;
    }

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var layer = draft.Layer;
        var (weights, input) = (draft.Weights!, draft.Activations!);
        return new LoweredLayer
        {
            Layer = layer,
            Input = input,
            Groups = [.. weights.Planes.Select(plane => Group(plane, input, layer))],
            Bias = layer.Bias.ToArray(),
            FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
            Cost = new SparqCost(layer, weights, _unit, options.Stc),
            Method = Name,
            Note = draft.Note,
        };
    }

    private ProductGroup Group(WeightPlane plane, IActivationQuantizer input, DotProductLayer layer)
    {
        IReadOnlyList<ProductTerm> terms;
        if (!options.Pairs) terms = [new ProductTerm(new TableCode(input.Range, code => _unit.Trim[code]), plane.Codes)];
        else if (!options.Stc) terms = [new ProductTerm(new PairCode(_unit), plane.Codes)];
        else terms = SparseTerms(plane.Codes, input.Range, layer.Depth);
        return new ProductGroup(terms, new long[layer.Outputs], LoweringMath.SumScales(input.Scale, plane.Scales));
    }

    // Section 9: a weight meets its activation beside the one of the other weight that its group kept, which lies at distance 1, 2 or 3;
    // a weight that is alone meets a survivor. What no weight needs is left out.
    private List<ProductTerm> SparseTerms(short[] codes, CodeRange activations, int depth)
    {
        var split = TwoOfFour.SplitByPartner(codes, depth);
        var terms = new List<ProductTerm>();
        for (var distance = 0; distance < split.Length; distance++)
        {
            if (!split[distance].AsSpan().ContainsAnyExcept((short)0)) continue;
            IActivationCode code = distance == 0 ? new TableCode(activations, value => _unit.Survivor[value]) : new PairCode(_unit, distance);
            terms.Add(new ProductTerm(code, split[distance]));
        }

        // A layer of zeros still is a product.
        if (terms.Count == 0) terms.Add(new ProductTerm(new PairCode(_unit), codes));
        return terms;
    }

    private string? RefusesSparse(LayerDraft draft)
    {
        var layer = draft.Layer;
        if (draft.Weights!.Planes.Count > 1)
            return $"{Name}:stc needs one plane of weight codes, and {draft.Weights.FilledBy} has {draft.Weights.Planes.Count}";
        if (TwoOfFour.FirstViolation(draft.Weights.Single.Codes, layer.Depth) is not { } violation) return null;
        return $"{Name}:stc needs 2:4 sparse weights, and output channel {violation.Output} has more than two in k = {violation.Group}..{violation.Group + 3}; "
            + "put 'prune:pattern=2:4' before it";
    }
}

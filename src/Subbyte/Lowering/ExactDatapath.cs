using Subbyte.Costs;

namespace Subbyte.Lowering;

/// <summary>The plain integer product of the codes as they are, with an integer bias: what uniform quantization means.</summary>
public sealed class ExactDatapath : IDatapath
{
    /// <summary>The datapath.</summary>
    public static ExactDatapath Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "exact";

    /// <inheritdoc/>
    public bool TakesGroupScales => true;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        // Empty slots take the product's default, uniform eight bits.
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft) => null;

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var layer = draft.Layer;
        var weights = draft.Weights ?? throw new InvalidOperationException($"{layer.Name}: the weight slot is empty");
        var bias = layer.Bias.ToArray();
        if (draft.Activations is not { } input)
        {
            return new LoweredLayer
            {
                Layer = layer,
                Bias = bias,
                FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
                WeightCodes = weights.Planes.Count == 1 ? weights.Single : null,
                Cost = new ProductCost(layer, weights, activationBits: 32),
                Method = weights.FilledBy,
                Note = draft.Note,
            };
        }

        var identity = TableCode.Identity(input.Range);
        var groups = weights.Planes.SelectMany(plane => Groups(new ProductTerm(identity, plane.Codes), plane, input, layer)).ToArray();

        // Eight-bit operators take their bias as an int32, as ONNX's do; several planes share a float bias, and so do codes whose
        // product is so fine that an int32 bias would saturate.
        long[]? integerBias = null;
        if (groups.Length == 1 && weights.Single.Bits <= 8 && input.Bits <= 8)
        {
            integerBias = LoweringMath.IntegerBias(bias, groups[0].Scales, MidpointRounding.ToEven);
            for (var m = 0; m < layer.Outputs; m++) groups[0].Offsets[m] += integerBias[m];
            bias = new float[layer.Outputs];
        }

        return new LoweredLayer
        {
            Layer = layer,
            Input = input,
            Groups = groups,
            Bias = bias,
            IntegerBias = integerBias,
            FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
            Cost = new ProductCost(layer, weights, input.Bits),
            Method = weights.FilledBy,
            Note = draft.Note,
        };
    }

    /// <summary>One group of products for each scale of a row; they share the codes.</summary>
    private static IEnumerable<ProductGroup> Groups(ProductTerm term, WeightPlane plane, IActivationQuantizer input, DotProductLayer layer)
        => plane.GroupScales.Select((scales, i) =>
        {
            DepthSlice? slice = plane.IsGrouped ? new DepthSlice(i * plane.GroupLength, Math.Min(plane.GroupLength, layer.Depth - (i * plane.GroupLength))) : null;
            return new ProductGroup([term], LoweringMath.ZeroPointOffsets([term], input.ZeroPoint, layer, slice), LoweringMath.SumScales(input.Scale, scales)) { Slice = slice };
        });
}

using Subbyte.Lowering;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// The compensated dot product (section 3.3) as integer products. With X = q·2^(1+E) + ε of the activations,
/// <c>Y = B·2^S + C_x·2^(S−1−E_x) + C_w·2^(S−1−E_w) = 2^(S−1−E_x)·Σ X_x·q_w + 2^(S−1−E_w)·Σ q_x·ε_w</c>: two products instead of three, and no
/// product of two errors, which the hardware does not form either.
/// </summary>
/// <param name="options">Options.</param>
public sealed class FpecDatapath(FpecOptions options) : IDatapath
{
    private const int FormatBits = 32;

    /// <summary>The options.</summary>
    public FpecOptions Options => options;

    /// <inheritdoc/>
    public string Name => FpecMethod.Name;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        if (draft.Weights is null) draft.Fill(Weights(draft.Layer, options.Weights(draft.Layer)));
        if (!draft.HasActivations) draft.Fill(new FpecActivations(options.Activations(draft.Layer)));
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
    {
        if (draft.Weights!.FilledBy != Name) return $"{Name} needs the rounding errors of the weights, and {draft.Weights.FilledBy} fills the slot with codes alone";
        if (draft.Activations is null) return $"{Name} compensates rounded activations, and another step keeps them float";
        return draft.Activations is FpecActivations ? null : $"{Name} needs the rounding errors of the activations, and {draft.Activations.FilledBy} fills the slot with codes alone";
    }

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var layer = draft.Layer;
        var (weights, input) = (draft.Weights!, (FpecActivations)draft.Activations!);
        var (codes, errors) = (weights.Planes[0].Codes, weights.Planes.Count > 1 ? weights.Planes[1].Codes : null);
        var weightFormat = options.Weights(layer);
        var shift = FpecFormat.SumShift(input.Format, weightFormat);
        var scales = new float[layer.Outputs];
        Array.Fill(scales, MathF.ScaleB(1, -input.Format.Words.FractionBits - weightFormat.Words.FractionBits - shift));

        // The bias joins the sum, rounded half away from zero; one that an int32 would not hold stays float.
        var bias = layer.Bias.ToArray();
        var joinsSum = !options.FloatBias && bias.All(value => Math.Abs(value / scales[0]) < int.MaxValue);
        var integerBias = joinsSum ? LoweringMath.IntegerBias(bias, scales, MidpointRounding.AwayFromZero) : null;
        var words = codes.Select((code, i) => new FpecWord(code, errors is null ? 0 : errors[i])).ToArray();
        return new LoweredLayer
        {
            Layer = layer,
            Input = input,
            Groups = [new ProductGroup(Terms(input, weightFormat, codes, errors, shift), integerBias is null ? new long[layer.Outputs] : [.. integerBias], scales)],
            Bias = integerBias is null ? bias : new float[layer.Outputs],
            IntegerBias = integerBias,
            BiasRounding = MidpointRounding.AwayFromZero,
            FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
            Cost = new FpecCost(layer, options, input, weightFormat, weights),
            Datapath = (patch, output) => FpecProcessingElement.DotProduct(input, patch, words.AsSpan(output * layer.Depth, layer.Depth)).Sum(input.Format, weightFormat),
            Method = Name,
            Note = draft.Note,
        };
    }

    private static IReadOnlyList<ProductTerm> Terms(FpecActivations input, FpecFormat weights, short[] codes, short[]? errors, int shift)
    {
        var format = input.Format;
        var rounded = new TableCode(input.Range, code => input.Word(code).Code);
        if (!format.IsCompensated)
        {
            return [new ProductTerm(rounded, errors is null ? codes : [.. codes.Zip(errors, (q, error) => (short)((q << shift) + error))])];
        }

        var compensated = new TableCode(input.Range, code => (input.Word(code).Code << (1 + format.ErrorShift)) + input.Word(code).Error);
        ProductTerm products = new(compensated, codes, 1 << (shift - 1 - format.ErrorShift));
        return errors is null ? [products] : [products, new ProductTerm(rounded, errors, 1 << (shift - 1 - weights.ErrorShift))];
    }

    /// <summary>Two planes: the codes, and the error codes at their finer scale; one when nothing is compensated.</summary>
    private static WeightCodes Weights(DotProductLayer layer, FpecFormat format)
    {
        var (codes, errors) = (new short[layer.Weights.Length], new short[layer.Weights.Length]);
        for (var i = 0; i < codes.Length; i++)
        {
            var word = format.Encode(layer.Weights.Span[i]);
            (codes[i], errors[i]) = ((short)word.Code, (short)word.Error);
        }

        var scales = new float[layer.Outputs];
        Array.Fill(scales, format.Words.Scale);
        List<WeightPlane> planes = [new(codes, scales, format.ComputationBits)];
        if (format.IsCompensated) planes.Add(new(errors, [.. scales.Select(scale => MathF.ScaleB(scale, -1 - format.ErrorShift))], format.CompensationBits));
        return new WeightCodes(FpecMethod.Name, planes, ((long)(format.ComputationBits + format.CompensationBits) * codes.Length) + FormatBits);
    }
}

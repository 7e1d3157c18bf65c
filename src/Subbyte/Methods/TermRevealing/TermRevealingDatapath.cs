using Subbyte.Formats;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// The datapath of Term Revealing: weight codes are revealed once, group by group; data codes are cut to their first s terms by a table.
/// What remains is an ordinary integer product. Weights of grouped and depthwise convolutions keep all their terms, their data do not.
/// </summary>
/// <param name="options">Options.</param>
public sealed class TermRevealingDatapath(TermRevealingOptions options) : IDatapath
{
    /// <summary>The method's name in a recipe.</summary>
    public const string MethodName = "tr";

    /// <summary>Truncated codes with larger magnitudes are refused: their first term may not fit 16 bits.</summary>
    public const int MaximumMagnitude = (1 << 14) - 1;

    /// <summary>The options.</summary>
    public TermRevealingOptions Options { get; } = options;

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft)
    {
        if (draft.Weights is null) draft.Fill(TermRevealingQuantizer.Weights(draft.Layer, Options.WeightBits));
        if (draft.HasActivations) return;
        if (Options.FloatData) draft.KeepFloatActivations(MethodName);
        else draft.Fill(TermRevealingQuantizer.Data(draft.Layer.Input, Options));
    }

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
    {
        if (draft.Weights is { } weights && RevealedWeights.Truncates(draft.Layer))
        {
            foreach (var plane in weights.Planes)
            {
                if (plane.Range.Magnitude > MaximumMagnitude) return TooWide(weights.FilledBy, "weight", plane.Range);
            }
        }

        return draft.Activations is { } input && Magnitude(input) > MaximumMagnitude ? TooWide(input.FilledBy, "activation", input.Range) : null;
    }

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        var layer = draft.Layer;
        var weights = draft.Weights ?? throw new InvalidOperationException($"{layer.Name}: the weight slot is empty");
        RevealedWeights[] revealed = [.. weights.Planes.Select(plane => RevealedWeights.Of(layer, plane, Options))];
        var planes = weights.Planes.Zip(revealed, (plane, after) => new WeightPlane(after.Codes, plane.Scales, plane.Bits)).ToArray();
        var groups = draft.Activations is { } input ? Products(layer, planes, input) : [];

        // The bias joins the integer sum at its scale; several planes have no common scale and share a float bias.
        var bias = layer.Bias.ToArray();
        long[]? integerBias = null;
        if (groups is [var only])
        {
            integerBias = LoweringMath.IntegerBias(bias, only.Scales, MidpointRounding.AwayFromZero);
            groups = [only with { Offsets = [.. integerBias] }];
            bias = new float[layer.Outputs];
        }

        return new LoweredLayer
        {
            Layer = layer,
            Input = draft.Activations,
            Groups = groups,
            Bias = bias,
            IntegerBias = integerBias,
            BiasRounding = MidpointRounding.AwayFromZero,
            FloatWeights = LoweringMath.Dequantize(planes, layer.Depth),
            Cost = new TermRevealingCost(layer, Options, planes, revealed, draft.Activations),
            Method = MethodName,
            Note = draft.Note ?? (RevealedWeights.Truncates(layer) ? null : "grouped convolution: its weights keep all terms"),
        };
    }

    /// <summary>The data code: each value's first s terms, sign apart, from the zero point on.</summary>
    /// <param name="input">Quantizer of the data.</param>
    /// <returns>A table over the base codes; the zero point becomes 0, so that no offset is needed.</returns>
    internal TableCode DataCode(IActivationQuantizer input)
    {
        var digits = new SignedDigitTable(Options.DataDigits, Magnitude(input));
        return new TableCode(input.Range, code =>
        {
            var value = code - input.ZeroPoint;
            return Math.Sign(value) * digits.Leading(Math.Abs(value), Options.Terms);
        });
    }

    /// <summary>The largest distance of a base code from the zero point.</summary>
    /// <param name="input">Quantizer of the data.</param>
    /// <returns>The magnitude.</returns>
    internal static int Magnitude(IActivationQuantizer input)
        => Math.Max(Math.Abs(input.Range.Lowest - input.ZeroPoint), Math.Abs(input.Range.Highest - input.ZeroPoint));

    private ProductGroup[] Products(DotProductLayer layer, WeightPlane[] planes, IActivationQuantizer input)
    {
        var data = DataCode(input);
        return [.. planes.Select(plane => new ProductGroup(
            [new ProductTerm(data, plane.Codes)], new long[layer.Outputs], LoweringMath.SumScales(input.Scale, plane.Scales)))];
    }

    private static string TooWide(string method, string operand, CodeRange range)
        => $"{MethodName} takes {operand} codes up to ±{MaximumMagnitude}, and {method} fills the slot with {range}";
}

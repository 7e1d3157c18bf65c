using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Runtime;

namespace Subbyte.Packing;

/// <summary>Lowered layers as packed ones: the narrowest format whose products are the layer's own, bit for bit.</summary>
internal static class LayerPacking
{
    private const int BitsOfByte = 8;

    private const int MostLevels = 16;

    /// <summary>Packs a layer whose input is made by elementwise nodes that it may take in.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="geometry">Its sizes.</param>
    /// <param name="staircase">The nodes, or null.</param>
    /// <param name="clip">Ends of the clamp that follows.</param>
    /// <returns>The layer, which says whether it took the nodes in.</returns>
    /// <exception cref="UserErrorException">The layer needs what packed layers have not.</exception>
    public static PackedLayer Pack(LoweredLayer lowered, ConvolutionGeometry geometry, ChannelStaircase? staircase, (float Lowest, float Highest) clip)
    {
        var name = lowered.Layer.Name;
        var input = lowered.Input ?? throw new InvalidOperationException($"{name}: a weights-only layer has no codes");
        var terms = lowered.Groups.Sum(each => each.Terms.Count);
        if (lowered.Groups.Any(group => group is not { Terms: [_], Slice: null })) throw Refuse(name, lowered, $"is a sum of {terms} products of codes that are scaled together or over slices, and packed products are scaled one by one");
        if (lowered.Groups.Any(group => group.Terms[0].Activation.Reach != CodeReach.Element)) throw Refuse(name, lowered, "encodes activations together, and a packed layer encodes each by itself");
        if (lowered.Groups.Any(group => lowered.SumBound(group) > int.MaxValue)) throw Refuse(name, lowered, "needs sums of 64 bits");
        var thresholds = input.ChannelScales.IsEmpty ? staircase?.Thresholds(input) : null;
        if (lowered.Groups is [{ Terms: [var term] } group] && !LevelPacking.IsWorthSkipping(term, geometry) && !LevelPacking.IsSigned(term, input, thresholds))
        {
            var parts = (BitPlanes(lowered, group, term, input, geometry, staircase) ?? Bytes(lowered, group, term, input, geometry)) with { Lowest = clip.Lowest, Highest = clip.Highest };
            return new PackedLayer(parts.Encoder is ChannelEncoder, place => new ProductStep(place.Name, place.Inputs, place.Output, parts));
        }

        if (lowered.Groups.Count > MostLevels) throw Refuse(name, lowered, $"is a sum of {lowered.Groups.Count} products, and packed ones have at most {MostLevels}");
        var levels = LevelPacking.Pack(lowered, geometry, thresholds ?? Encoder(name, lowered, input, -input.Range.Lowest)) ?? throw Refuse(name, lowered, $"has activations {input.Range} and weights that are no bytes");
        return new PackedLayer(thresholds is not null, place => new LevelProductStep(place.Name, place.Inputs, place.Output, levels with { Lowest = clip.Lowest, Highest = clip.Highest }));
    }

    private static ProductParts? BitPlanes(LoweredLayer lowered, ProductGroup group, ProductTerm term, IActivationQuantizer input, ConvolutionGeometry geometry, ChannelStaircase? staircase)
    {
        var range = term.Activation.Range;
        if (term.Coefficient != 1 || term.WeightRange.Magnitude > 1 || range.Magnitude > 1) return null;
        var isBinary = range.Lowest == 0 && term.Weights.AsSpan().IndexOf((short)0) < 0;
        var format = isBinary ? WeightFormat.Binary : WeightFormat.Ternary;
        if (!ProductStep.Fits(geometry, format) || !input.ChannelScales.IsEmpty) return null;
        int Map(int code) => term.Activation.Table[code - input.Range.Lowest];
        var isPadded = geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight > 0;
        if (isPadded && Map(input.ZeroPoint) != 0) return null;
        var identity = true;
        for (var code = input.Range.Lowest; code <= input.Range.Highest; code++) identity &= Map(code) == code;
        if (CodeThresholds.Find(input, Map) is not { NotANumber: 0 } found) return null;
        var channels = identity && staircase is not null ? staircase.Encoder(input, geometry.InChannels, isBinary) : null;
        return new ProductParts
        {
            Geometry = geometry,
            Encoder = (ActivationEncoder?)channels ?? new ThresholdEncoder(Thresholds(found.Thresholds, found.Codes, isBinary), isBinary ? [0, 1] : [0, 1, 2], (byte)(isBinary ? 0 : 1)),
            Format = format,
            Weights = [.. term.Weights.Select(weight => (sbyte)weight)],
            Offsets = [.. group.Offsets.Select(offset => checked((int)offset))],
            Scales = group.Scales,
            Bias = lowered.Bias,
        };
    }

    /// <summary>Where +1 begins; of ternary codes, where 0 begins before it. A code that does not occur begins where nothing is.</summary>
    private static float[] Thresholds(float[] thresholds, int[] codes, bool isBinary)
    {
        float Begin(int code)
        {
            var at = Array.FindIndex(codes, each => each >= code);
            return at < 0 ? float.NaN : at == 0 ? float.NegativeInfinity : thresholds[at - 1];
        }

        // No value reaches NaN; a threshold in a file is a number, and no finite code lies at infinity.
        var (zero, one) = (Begin(0), Begin(1));
        if (float.IsNaN(one)) one = float.PositiveInfinity;
        if (float.IsNaN(zero)) zero = one;
        return isBinary ? [one] : [zero, one];
    }

    private static ProductParts Bytes(LoweredLayer lowered, ProductGroup group, ProductTerm term, IActivationQuantizer input, ConvolutionGeometry geometry)
    {
        var name = lowered.Layer.Name;
        var (range, baseShift, shift) = (term.Activation.Range, -input.Range.Lowest, Math.Max(0, -term.Activation.Range.Lowest));
        if (input.Range.Count > byte.MaxValue + 1 || range.Highest + shift > byte.MaxValue) throw Refuse(name, lowered, $"has activations {input.Range}, and packed ones are bytes");
        var (weights, negated) = Weights(lowered, term);
        var offsets = new int[lowered.Layer.Outputs];
        var scales = (float[])group.Scales.Clone();
        var depth = lowered.Layer.Depth;
        for (var m = 0; m < offsets.Length; m++)
        {
            long sum = 0;
            foreach (var weight in weights.AsSpan(m * depth, depth)) sum += weight;
            // A 32-bit sum wraps with its offset; the layer's bound says that the sum of both fits.
            offsets[m] = unchecked((int)((negated[m] ? -group.Offsets[m] : group.Offsets[m]) - (shift * sum)));
            if (negated[m]) scales[m] = -scales[m];
        }

        var table = new byte[byte.MaxValue + 1];
        for (var code = input.Range.Lowest; code <= input.Range.Highest; code++) table[code + baseShift] = (byte)(term.Activation.Table[code - input.Range.Lowest] + shift);
        var isIdentity = true;
        for (var i = 0; i < input.Range.Count; i++) isIdentity &= table[i] == i;
        return new ProductParts
        {
            Geometry = geometry,
            Encoder = Encoder(name, lowered, input, baseShift),
            Table = isIdentity ? null : table,
            Padding = table[input.ZeroPoint + baseShift],
            Format = Format(weights, geometry),
            Weights = weights,
            Offsets = offsets,
            Scales = scales,
            Bias = lowered.Bias,
        };
    }

    private static ActivationEncoder Encoder(string name, LoweredLayer lowered, IActivationQuantizer input, int shift)
    {
        if (input is UniformActivations uniform) return new UniformEncoder(uniform.Scale, uniform.ZeroPoint + shift, uniform.Range.Highest + shift, uniform.Rounding);
        if (!input.ChannelScales.IsEmpty) return new ChannelStepEncoder(input.ChannelScales.ToArray(), input.ZeroPoint + shift, input.Range.Highest + shift);
        var (thresholds, codes, notANumber) = CodeThresholds.Find(input) ?? throw Refuse(name, lowered, "has activation codes that do not ascend with the value");
        if (thresholds.Length == 0) throw Refuse(name, lowered, "has one activation code for all values");
        return new ThresholdEncoder(thresholds, [.. codes.Select(code => (byte)(code + shift))], (byte)(notANumber + shift));
    }

    /// <summary>Weights as signed bytes; outputs that only fit with the opposite sign are negated.</summary>
    private static (sbyte[] Weights, bool[] Negated) Weights(LoweredLayer lowered, ProductTerm term)
    {
        var depth = lowered.Layer.Depth;
        var weights = new sbyte[term.Weights.Length];
        var negated = new bool[lowered.Layer.Outputs];
        for (var m = 0; m < negated.Length; m++)
        {
            var row = term.Weights.AsSpan(m * depth, depth);
            var range = CodeRange.Of(row);
            var (low, high) = ((long)range.Lowest * term.Coefficient, (long)range.Highest * term.Coefficient);
            if (low > high) (low, high) = (high, low);
            negated[m] = high > sbyte.MaxValue && -high >= sbyte.MinValue && -low <= sbyte.MaxValue;
            if (!negated[m] && (low < sbyte.MinValue || high > sbyte.MaxValue)) throw Refuse(lowered.Layer.Name, lowered, $"has weights {range}, and packed ones are signed bytes");
            for (var k = 0; k < depth; k++) weights[(m * depth) + k] = (sbyte)((negated[m] ? -row[k] : row[k]) * term.Coefficient);
        }

        return (weights, negated);
    }

    private static WeightFormat Format(sbyte[] weights, ConvolutionGeometry geometry)
    {
        foreach (var (format, bits) in new[] { (WeightFormat.Bits2, BitsOfByte / 4), (WeightFormat.Bits4, BitsOfByte / 2) })
        {
            if (ProductStep.FitsBits(weights.Min(), weights.Max(), bits) && ProductStep.Fits(geometry, format)) return format;
        }

        return WeightFormat.Int8;
    }

    private static UserErrorException Refuse(string name, LoweredLayer lowered, string why)
        => new($"layer '{name}' under {lowered.Method} {why}; keep it in fp32 or INT8 by 'layers=' or 'except=', or run it by 'subbyte eval'");
}

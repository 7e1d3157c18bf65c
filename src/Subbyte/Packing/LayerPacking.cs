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
        if (SumPacking.IsNeeded(lowered)) return Sums(lowered, input, geometry, clip);
        var thresholds = input.ChannelScales.IsEmpty ? staircase?.Thresholds(input) : null;
        var isWide = lowered.Groups.Any(group => lowered.SumBound(group) > int.MaxValue);
        if (isWide && lowered.Groups is [{ Terms: [var only] } whole] && HasNarrowProducts(lowered, whole, only))
        {
            var wide = Bytes(lowered, whole, only, thresholds, geometry) with { Lowest = clip.Lowest, Highest = clip.Highest };
            return new PackedLayer(thresholds is not null, place => new ProductStep(place.Name, place.Inputs, place.Output, wide));
        }

        if (isWide) return Sums(lowered, input, geometry, clip);
        if (lowered.Groups is [{ Terms: [var term] } group] && FitsBytes(lowered, term) && !LevelPacking.IsWorthSkipping(term, geometry) && !LevelPacking.IsSigned(term, input, thresholds))
        {
            var planes = BitPlanes(lowered, group, term, input, geometry, staircase);
            // Planes that leave the nodes before them out are no use where those do not pack.
            if (planes?.Encoder is not ChannelEncoder && thresholds is not null) planes = null;
            var parts = (planes ?? Bytes(lowered, group, term, thresholds, geometry)) with { Lowest = clip.Lowest, Highest = clip.Highest };
            return new PackedLayer(parts.Encoder is ChannelEncoder || parts.Encoder == thresholds, place => new ProductStep(place.Name, place.Inputs, place.Output, parts));
        }

        var levels = LevelPacking.Pack(lowered, geometry, thresholds ?? Encoder(name, lowered, input, -input.Range.Lowest));
        if (Math.Max(levels.Planes.Count, levels.Digits.Count) > MostLevels) return Sums(lowered, input, geometry, clip);
        return new PackedLayer(thresholds is not null, place => new LevelProductStep(place.Name, place.Inputs, place.Output, levels with { Lowest = clip.Lowest, Highest = clip.Highest }));
    }

    /// <summary>A layer that the narrower forms do not hold.</summary>
    private static PackedLayer Sums(LoweredLayer lowered, IActivationQuantizer input, ConvolutionGeometry geometry, (float Lowest, float Highest) clip)
    {
        var name = lowered.Layer.Name;
        var encoder = input.Range.Count <= byte.MaxValue + 1 ? new BaseEncoder(Encoder(name, lowered, input, -input.Range.Lowest), input.Range.Lowest, input.ZeroPoint)
            : input is UniformActivations uniform ? new BaseEncoder(uniform.Scale, uniform.Rounding, uniform.Range.Lowest, uniform.Range.Highest, uniform.ZeroPoint)
            : throw Refuse(name, lowered, $"has activations {input.Range} that are not in equal steps, and packed ones of more than eight bits are");
        var parts = SumPacking.Pack(lowered, geometry, encoder) ?? throw Refuse(name, lowered, "encodes activations by several others, and a packed layer looks at one neighbour at most");
        if (parts.Operands.Count > SumParts.MostOperands || parts.Planes.Count > SumParts.MostPlanes)
            throw Refuse(name, lowered, $"is a sum of products of {parts.Planes.Count} planes of weights and {parts.Operands.Count} codes of activations, and packed layers have at most {SumParts.MostPlanes} and {SumParts.MostOperands}");
        return new PackedLayer(false, place => new SumProductStep(place.Name, place.Inputs, place.Output, parts with { Lowest = clip.Lowest, Highest = clip.Highest }));
    }

    /// <summary>Whether the sums of products alone fit 32 bits, with bytes of any sign in place of the codes: a channel of tiny weights has a bias of many of its steps.</summary>
    private static bool HasNarrowProducts(LoweredLayer lowered, ProductGroup group, ProductTerm term)
    {
        if (!FitsBytes(lowered, term)) return false;
        for (var m = 0; m < lowered.Layer.Outputs; m++)
        {
            long sum = 0;
            foreach (var weight in group.Row(term, m, lowered.Layer.Depth)) sum += Math.Abs((long)weight * term.Coefficient);
            if (sum * byte.MaxValue > int.MaxValue) return false;
        }

        return true;
    }

    private static bool FitsBytes(LoweredLayer lowered, ProductTerm term) => Enumerable.Range(0, lowered.Layer.Outputs).All(output => Sign(lowered, term, output) != 0);

    /// <summary>1 where the weights of an output are signed bytes, −1 where their negatives are, else 0.</summary>
    private static int Sign(LoweredLayer lowered, ProductTerm term, int output)
    {
        var range = CodeRange.Of(term.Weights.AsSpan(output * lowered.Layer.Depth, lowered.Layer.Depth));
        var (low, high) = ((long)range.Lowest * term.Coefficient, (long)range.Highest * term.Coefficient);
        if (low > high) (low, high) = (high, low);
        if (low >= sbyte.MinValue && high <= sbyte.MaxValue) return 1;
        return -high >= sbyte.MinValue && -low <= sbyte.MaxValue ? -1 : 0;
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

    private static ProductParts Bytes(LoweredLayer lowered, ProductGroup group, ProductTerm term, ThresholdEncoder? thresholds, ConvolutionGeometry geometry)
    {
        var (name, input) = (lowered.Layer.Name, lowered.Input!);
        var (range, baseShift, shift) = (term.Activation.Range, -input.Range.Lowest, Math.Max(0, -term.Activation.Range.Lowest));
        int[] signs = [.. Enumerable.Range(0, lowered.Layer.Outputs).Select(output => Sign(lowered, term, output))];
        var weights = Weights(term, signs);
        var offsets = new long[signs.Length];
        var scales = (float[])group.Scales.Clone();
        var depth = lowered.Layer.Depth;
        for (var m = 0; m < offsets.Length; m++)
        {
            long sum = 0;
            foreach (var weight in weights.AsSpan(m * depth, depth)) sum += weight;
            offsets[m] = (signs[m] * group.Offsets[m]) - (shift * sum);
            scales[m] *= signs[m];
        }

        var isWide = lowered.SumBound(group) > int.MaxValue;

        var table = new byte[byte.MaxValue + 1];
        for (var code = input.Range.Lowest; code <= input.Range.Highest; code++) table[code + baseShift] = (byte)(term.Activation.Table[code - input.Range.Lowest] + shift);
        var isIdentity = true;
        for (var i = 0; i < input.Range.Count; i++) isIdentity &= table[i] == i;
        return new ProductParts
        {
            Geometry = geometry,
            Encoder = thresholds ?? Encoder(name, lowered, input, baseShift),
            Table = isIdentity ? null : table,
            Padding = table[input.ZeroPoint + baseShift],
            Format = Format(weights, geometry),
            Weights = weights,
            // A 32-bit sum wraps with its offset; the layer's bound says that the sum of both fits.
            Offsets = isWide ? new int[offsets.Length] : Array.ConvertAll(offsets, offset => unchecked((int)offset)),
            WideOffsets = isWide ? offsets : null,
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
    private static sbyte[] Weights(ProductTerm term, int[] signs)
    {
        var depth = term.Weights.Length / signs.Length;
        return [.. term.Weights.Select((weight, i) => checked((sbyte)(signs[i / depth] * weight * term.Coefficient)))];
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

namespace Subbyte.Lowering;

/// <summary>
/// What a <see cref="LoweredLayer"/> means, in plain scalar loops over one patch row: the definition that executors, exported models
/// and the methods' own reference datapaths are held to.
/// </summary>
public static class LoweredReference
{
    /// <summary>The exact integer sum of one product group for one output channel: <c>o[m] + Σt c_t·(A_t·W_t[m])</c>, over the group's slice of k where it has one.</summary>
    /// <param name="layer">The layer; it has integer products.</param>
    /// <param name="products">One of its product groups.</param>
    /// <param name="patch">Base codes [depth] of one patch row of the channel group that <paramref name="output"/> belongs to; padded positions hold the zero point.</param>
    /// <param name="output">Output channel, 0 ≤ output &lt; outputs of all channel groups.</param>
    /// <returns>The sum, at the scale of the output channel.</returns>
    public static long Sum(LoweredLayer layer, ProductGroup products, ReadOnlySpan<short> patch, int output)
    {
        var depth = layer.Layer.Depth;
        var codes = new short[depth];
        var sum = products.Offsets[output];
        foreach (var term in products.Terms)
        {
            term.Activation.Encode(patch, layer.Layer.ChannelsPerGroup, codes);
            var weights = products.Row(term, output, depth);
            var first = products.Slice?.First ?? 0;
            long product = 0;
            for (var k = 0; k < weights.Length; k++) product += codes[first + k] * weights[k];
            sum += term.Coefficient * product;
        }

        return sum;
    }

    /// <summary>The outputs of one channel group at one position.</summary>
    /// <param name="layer">The layer; it has integer products.</param>
    /// <param name="group">Channel group, from 0.</param>
    /// <param name="patch">Base codes [depth] of the group's patch row; padded positions hold the zero point.</param>
    /// <param name="outputs">Results [outputs / groups]: the group's output channels.</param>
    /// <exception cref="ArgumentException">The layer is weights-only: its product is fp32.</exception>
    public static void Evaluate(LoweredLayer layer, int group, ReadOnlySpan<short> patch, Span<float> outputs)
    {
        if (layer.IsWeightsOnly) throw new ArgumentException($"layer '{layer.Layer.Name}' has no integer products", nameof(layer));
        var count = layer.Layer.Outputs / layer.Layer.Groups;
        for (var i = 0; i < count; i++)
        {
            var m = (group * count) + i;
            outputs[i] = Real(layer, patch, m) + layer.Bias[m];
        }
    }

    private static float Real(LoweredLayer layer, ReadOnlySpan<short> patch, int output)
    {
        if (layer.Groups is [var only]) return (float)Sum(layer, only, patch, output) * only.Scales[output];
        double sum = 0;
        foreach (var products in layer.Groups) sum += Sum(layer, products, patch, output) * (double)products.Scales[output];
        return (float)sum;
    }
}

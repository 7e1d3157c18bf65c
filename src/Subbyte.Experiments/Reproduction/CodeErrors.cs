using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;
using Subbyte.Networks;

namespace Subbyte.Experiments.Reproduction;

/// <summary>How far the outputs of layers move because of the codes of both operands, on calibration patches of the fp32 network.</summary>
internal static class CodeErrors
{
    /// <summary>Measures the lowered layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patches">Most calibration patches of a layer.</param>
    /// <returns>Σ (y − ŷ)² and Σ y² of each layer with integer products, in execution order.</returns>
    public static LayerFigures Of(LowBitNetwork network, int patches)
    {
        var figures = network.Layers.Values.Where(lowered => !lowered.IsWeightsOnly).OrderBy(lowered => lowered.Layer.Index).Select(lowered => Of(lowered, patches)).ToArray();
        return new LayerFigures([.. figures.Select(figure => figure.Error)], [.. figures.Select(figure => figure.Power)]);
    }

    /// <summary>Measures what the activations' codes alone do: the weights are those of the fp32 network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patches">Most calibration patches of a layer.</param>
    /// <returns>Σ (y − ŷ)² and Σ y² of each layer with integer products, in execution order.</returns>
    public static LayerFigures OfActivations(LowBitNetwork network, int patches)
    {
        var figures = network.Layers.Values.Where(lowered => !lowered.IsWeightsOnly).OrderBy(lowered => lowered.Layer.Index).Select(lowered => OfActivations(lowered, patches)).ToArray();
        return new LayerFigures([.. figures.Select(figure => figure.Error)], [.. figures.Select(figure => figure.Power)]);
    }

    private static (double Error, double Power) OfActivations(LoweredLayer lowered, int patches)
    {
        var layer = lowered.Layer;
        var outputs = layer.Outputs / layer.Groups;
        var (error, power) = (0.0, 0.0);
        for (var group = 0; group < layer.Groups; group++)
        {
            var rows = layer.Input.Patches(group, patches);
            var codes = new short[rows.Values.Length];
            lowered.Input!.Encode(rows.Values, codes);
            var differences = new float[codes.Length];
            for (var i = 0; i < codes.Length; i++)
            {
                var step = lowered.Input is ChannelActivations channels ? channels.ChannelScales[i % layer.ChannelsPerGroup] : lowered.Input.Scale;
                differences[i] = rows.Values[i] - ((codes[i] - lowered.Input.ZeroPoint) * step);
            }

            var (moments, rounded) = (ResponseMoments.Of(rows, layer.Input.Threads), ResponseMoments.Of(new PatchRows(rows.Depth, differences), layer.Input.Threads));
            for (var m = group * outputs; m < (group + 1) * outputs; m++)
            {
                double[] weights = [.. layer.Row(m).ToArray().Select(weight => (double)weight)];
                error += WeightErrors.Energy(weights, rounded);
                power += WeightErrors.Energy(weights, moments);
            }
        }

        return (error, power);
    }

    private static (double Error, double Power) Of(LoweredLayer lowered, int patches)
    {
        var layer = lowered.Layer;
        var outputs = layer.Outputs / layer.Groups;
        var (error, power) = (0.0, 0.0);
        var (codes, output) = (new short[layer.Depth], new double[outputs]);
        for (var group = 0; group < layer.Groups; group++)
        {
            var rows = layer.Input.Patches(group, patches);
            for (var row = 0; row < rows.Count; row++)
            {
                lowered.Input!.Encode(rows.Row(row), codes);
                Products(lowered, codes, group * outputs, output);
                for (var m = 0; m < outputs; m++)
                {
                    var exact = Product(layer.Row((group * outputs) + m), rows.Row(row));
                    power += exact * exact;
                    error += (exact - output[m]) * (exact - output[m]);
                }
            }
        }

        return (error, power);
    }

    /// <summary>The outputs of one group, without bias.</summary>
    private static void Products(LoweredLayer lowered, short[] codes, int first, double[] output)
    {
        var layer = lowered.Layer;
        var encoded = new short[codes.Length];
        Array.Clear(output);
        foreach (var group in lowered.Groups)
        {
            var sums = new long[output.Length];
            for (var m = 0; m < sums.Length; m++) sums[m] = group.Offsets[first + m] - (lowered.IntegerBias?[first + m] ?? 0);
            foreach (var term in group.Terms)
            {
                term.Activation.Encode(codes, layer.ChannelsPerGroup, encoded);
                for (var m = 0; m < sums.Length; m++)
                {
                    var weights = term.Weights.AsSpan((first + m) * layer.Depth, layer.Depth);
                    long sum = 0;
                    for (var k = 0; k < weights.Length; k++) sum += encoded[k] * weights[k];
                    sums[m] += term.Coefficient * sum;
                }
            }

            for (var m = 0; m < sums.Length; m++) output[m] += sums[m] * (double)group.Scales[first + m];
        }
    }

    private static double Product(ReadOnlySpan<float> weights, ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        for (var k = 0; k < weights.Length; k++) sum += (double)weights[k] * row[k];
        return sum;
    }
}

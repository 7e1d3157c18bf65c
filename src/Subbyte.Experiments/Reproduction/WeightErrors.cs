using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;
using Subbyte.Networks;

namespace Subbyte.Experiments.Reproduction;

/// <summary>How far the outputs of layers move because of their weights alone, on calibration patches of the fp32 network.</summary>
internal static class WeightErrors
{
    /// <summary>Measures the lowered layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patches">Most calibration patches of a layer.</param>
    /// <returns>Σ (y − ŷ)² and Σ y² of each lowered layer, in execution order.</returns>
    public static LayerFigures Of(LowBitNetwork network, int patches)
    {
        var figures = network.Layers.Values.OrderBy(lowered => lowered.Layer.Index).Select(lowered => Of(lowered, patches)).ToArray();
        return new LayerFigures([.. figures.Select(figure => figure.Error)], [.. figures.Select(figure => figure.Power)]);
    }

    /// <summary>Measures the weights themselves.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Σ (w − ŵ)² and Σ w² of each lowered layer, in execution order.</returns>
    public static LayerFigures Rounding(LowBitNetwork network)
    {
        var layers = network.Layers.Values.OrderBy(lowered => lowered.Layer.Index).ToArray();
        return new LayerFigures([.. layers.Select(Difference)], [.. layers.Select(lowered => lowered.Layer.Weights.ToArray().Sum(weight => (double)weight * weight))]);

        static double Difference(LoweredLayer lowered) => lowered.Layer.Weights.ToArray().Zip(lowered.FloatWeights, (weight, rounded) => Math.Pow((double)weight - rounded, 2)).Sum();
    }

    private static (double Error, double Power) Of(LoweredLayer lowered, int patches)
    {
        var layer = lowered.Layer;
        var (error, power) = (0.0, 0.0);
        var outputs = layer.Outputs / layer.Groups;
        for (var group = 0; group < layer.Groups; group++)
        {
            var moments = ResponseMoments.Of(layer.Input.Patches(group, patches), layer.Input.Threads);
            for (var m = group * outputs; m < (group + 1) * outputs; m++)
            {
                var weights = layer.Row(m).ToArray();
                error += Energy([.. weights.Select((weight, k) => (double)(weight - lowered.FloatWeights[(m * layer.Depth) + k]))], moments);
                power += Energy([.. weights.Select(weight => (double)weight)], moments);
            }
        }

        return (error, power);
    }

    /// <summary>Squares of a filter's outputs, summed over the patches.</summary>
    /// <param name="weights">The filter.</param>
    /// <param name="moments">Second moments of the patches.</param>
    /// <returns>Σ y².</returns>
    internal static double Energy(double[] weights, ResponseMoments moments) => moments.Response(weights).Zip(weights, (response, weight) => response * weight).Sum();
}

using Subbyte.Methods.Kure;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments.Reproduction;

/// <summary>The kurtoses of a network's weights, one a layer, batch norms not folded; the first and the last layer are left out, as KURE leaves them.</summary>
internal static class LayerKurtoses
{
    /// <summary>The kurtoses, or how far they lie from a target.</summary>
    /// <param name="network">The float network.</param>
    /// <param name="target">The target, or null for the kurtoses themselves.</param>
    /// <returns>K, or |K − target|, of each inner layer in execution order.</returns>
    /// <exception cref="UserErrorException">There is no inner layer.</exception>
    public static LayerFigures Of(Network network, double? target)
    {
        double[] kurtoses = [.. ExecutionPlan.Compile(network).DotProducts.Skip(1).SkipLast(1).Select(layer => Kurtosis.Of(layer.Weights.Span).Value)];
        if (kurtoses.Length == 0) throw new UserErrorException($"network '{network.Name}' has no layer between its first and its last one, whose kurtosis could be measured");
        if (target is { } wanted) kurtoses = [.. kurtoses.Select(kurtosis => Math.Abs(kurtosis - wanted))];
        return new LayerFigures(kurtoses, [.. kurtoses.Select(_ => 1.0)]);
    }
}

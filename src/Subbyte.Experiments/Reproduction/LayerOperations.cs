using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Operations of the lowered layers, one counted against another.</summary>
internal static class LayerOperations
{
    /// <summary>Counts the operations.</summary>
    /// <param name="bench">Network and data.</param>
    /// <param name="network">The low-bit network whose layers are counted.</param>
    /// <param name="running">The network that gives the inputs; the same one when null.</param>
    /// <param name="operation">The operation, or <c>cycles</c>.</param>
    /// <param name="per">The operation that it is counted against.</param>
    /// <param name="samples">Samples that are run.</param>
    /// <returns>Both operations of each lowered layer.</returns>
    /// <exception cref="UserErrorException">A lowered layer counts no such operation.</exception>
    public static LayerFigures Of(Workbench bench, LowBitNetwork network, LowBitNetwork? running, string operation, string per, int samples)
    {
        var options = new ExecutionOptions { FuseActivations = false };
        var costs = new LayerCosts(ExecutionPlan.Compile(network, options), bench.Layers);
        LayerRuns.Observe(bench, running ?? network, samples, costs);
        var layers = costs.Count(samples).Where(layer => network.Layers.ContainsKey(layer.Name)).Select(layer => layer.Cost).ToArray();
        return new LayerFigures([.. layers.Select(cost => Count(cost, operation))], [.. layers.Select(cost => Count(cost, per))]);
    }

    private static double Count(Costs.LayerCost cost, string operation) => operation == "cycles"
        ? cost.Cycles
        : cost.Operations.TryGetValue(operation, out var count) ? count : throw new UserErrorException($"a layer counts no operation '{operation}', but {string.Join(", ", cost.Operations.Keys)}");
}

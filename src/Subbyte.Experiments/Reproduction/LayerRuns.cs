using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Shows the first samples' runs of a network to an observer of its layers.</summary>
internal static class LayerRuns
{
    /// <summary>Runs the network sample by sample.</summary>
    /// <param name="bench">Network and data.</param>
    /// <param name="network">The network that runs.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="observer">Sees every node.</param>
    public static void Observe(Workbench bench, LowBitNetwork network, int samples, IExecutionObserver observer)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false }));
        for (var sample = 0; sample < samples; sample++)
        {
            frame.Read(bench.Task.Samples, sample);
            frame.Run(observer);
        }
    }
}

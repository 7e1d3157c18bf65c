using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;

namespace Subbyte.Experiments;

/// <summary>The dot-product layers of a network without any data: shapes and weights only.</summary>
public static class LayerList
{
    /// <summary>Lists the layers of a network with its batch norms folded.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Layers in execution order; asking for their input statistics fails.</returns>
    public static IReadOnlyList<DotProductLayer> Of(Network network)
    {
        var plan = ExecutionPlan.Compile(BatchNormFolding.Apply(network));
        return DotProductLayers.Of(plan, _ => new NoStatistics());
    }

    private sealed class NoStatistics : ILayerStatistics
    {
        public int Samples => 0;

        public float Minimum => throw Missing();

        public float Maximum => throw Missing();

        public double MeanSampleMaximum => throw Missing();

        public ReadOnlyMemory<long> AbsoluteHistogram => throw Missing();

        public IReadOnlyList<ChannelActivity> ChannelActivity => throw Missing();

        public PatchMoments Moments(int group) => throw Missing();

        public PatchRows Patches(int group, int most = PatchRows.DefaultCount) => throw Missing();

        private static InvalidOperationException Missing() => new("the layer was listed without calibration samples");
    }
}

using Subbyte.Calibration;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Methods.BiasCorrection;

/// <summary>Means of layers' outputs over samples, channel by channel, before any activation function. Sums are merged in sample order.</summary>
internal static class OutputMeans
{
    /// <summary>Runs a network over samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    /// <param name="samples">How many of them, from the first.</param>
    /// <param name="layer">The layer whose output is looked at; null for all.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Means [outputs] by layer.</returns>
    public static Dictionary<string, double[]> Of(LowBitNetwork network, CalibrationData data, int samples, string? layer, CancellationToken cancellation)
    {
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false });
        var sums = new Dictionary<string, double[]>[samples];
        var next = -1;
        Threading.Run(Math.Min(data.Threads, samples), () =>
        {
            var frame = new ExecutionFrame(plan);
            for (var sample = Interlocked.Increment(ref next); sample < samples && !cancellation.IsCancellationRequested; sample = Interlocked.Increment(ref next))
            {
                var observer = new Observer(layer);
                frame.Read(data.Samples, sample);
                frame.Run(observer);
                sums[sample] = observer.Means;
            }
        });
        cancellation.ThrowIfCancellationRequested();
        var means = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var (name, channels) in sums.SelectMany(sample => sample))
        {
            if (!means.TryGetValue(name, out var mean)) means[name] = mean = new double[channels.Length];
            for (var c = 0; c < mean.Length; c++) mean[c] += channels[c] / samples;
        }

        return means;
    }

    private sealed class Observer(string? layer) : IExecutionObserver
    {
        public Dictionary<string, double[]> Means { get; } = new(StringComparer.Ordinal);

        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            if (plan is not IDotProductPlan product || (layer is not null && product.LayerName != layer)) return;
            var means = new double[product.Geometry.OutChannels];
            var values = outputs[0].AsSpan<float>();
            for (var first = 0; first < values.Length; first += means.Length)
            {
                for (var c = 0; c < means.Length; c++) means[c] += values[first + c];
            }

            for (var c = 0; c < means.Length; c++) means[c] /= values.Length / means.Length;
            Means[product.LayerName] = means;
        }
    }
}

using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Calibration;

/// <summary>Runs a float network over calibration samples and shows each layer's input to its statistics, in sample order.</summary>
internal sealed class NetworkStatistics
{
    // What a sample collects is kept until it is merged: histograms of thousands of samples would fill the memory.
    private const int BlockSamples = 1024;

    private readonly Calibrator _calibrator;
    private readonly Dictionary<string, LayerStatistics> _layers;

    public NetworkStatistics(Network network, Calibrator calibrator)
    {
        _calibrator = calibrator;
        Plan = ExecutionPlan.Compile(network);
        _layers = Plan.DotProducts.ToDictionary(plan => plan.LayerName, plan => new LayerStatistics(this, plan.Geometry, calibrator.Count), StringComparer.Ordinal);
    }

    /// <summary>The float plan, one sample a run.</summary>
    public ExecutionPlan Plan { get; }

    public LayerStatistics Layer(string name) => _layers[name];

    /// <summary>Makes one pass over the samples. Samples are split among threads; what each collects is merged in sample order.</summary>
    /// <typeparam name="TPartial">What is collected from one sample of one layer.</typeparam>
    /// <param name="collect">Collects from a layer's input of one sample.</param>
    /// <param name="merge">Takes one sample's collection into the layer, in sample order.</param>
    /// <param name="samples">Samples looked at, from the first; all when there are fewer.</param>
    public void Pass<TPartial>(Func<LayerStatistics, ReadOnlyMemory<byte>, TPartial> collect, Action<LayerStatistics, TPartial> merge, int samples = int.MaxValue)
    {
        var count = Math.Min(_calibrator.Count, samples);
        for (var first = 0; first < count; first += BlockSamples)
        {
            foreach (var partial in Collect(first, Math.Min(BlockSamples, count - first), collect))
            {
                foreach (var (name, collected) in partial) merge(_layers[name], collected);
            }
        }
    }

    private Dictionary<string, TPartial>[] Collect<TPartial>(int first, int count, Func<LayerStatistics, ReadOnlyMemory<byte>, TPartial> collect)
    {
        var partials = new Dictionary<string, TPartial>[count];
        var next = -1;
        Threading.Run(_calibrator.Threads, () =>
        {
            var frame = new ExecutionFrame(Plan);
            for (var sample = Interlocked.Increment(ref next); sample < partials.Length; sample = Interlocked.Increment(ref next))
            {
                var collected = new Dictionary<string, TPartial>(StringComparer.Ordinal);
                frame.Read(_calibrator.Samples, first + sample);
                frame.Run(new Observer<TPartial>(this, collect, collected));
                partials[sample] = collected;
            }
        });
        return partials;
    }

    private sealed class Observer<TPartial>(NetworkStatistics owner, Func<LayerStatistics, ReadOnlyMemory<byte>, TPartial> collect, Dictionary<string, TPartial> collected) : IExecutionObserver
    {
        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            if (plan is IDotProductPlan product) collected[product.LayerName] = collect(owner._layers[product.LayerName], inputs[0]!.Bytes);
        }
    }
}

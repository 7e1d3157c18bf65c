using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Calibration;

/// <summary>Runs a network over calibration samples and shows each layer's input to its statistics, in sample order.</summary>
internal sealed class NetworkStatistics
{
    // What a sample collects is kept until it is merged: histograms of thousands of samples would fill the memory.
    private const int BlockSamples = 1024;

    private readonly Calibrator _calibrator;
    private readonly Dictionary<string, LayerStatistics> _layers;
    private readonly Lock _lock = new();
    private PatchSamples? _patches;

    public NetworkStatistics(Network network, Calibrator calibrator)
        : this(ExecutionPlan.Compile(network), calibrator)
    {
    }

    /// <summary>Statistics of a network that is partly lowered.</summary>
    /// <param name="network">The network.</param>
    /// <param name="calibrator">The calibration samples.</param>
    public NetworkStatistics(LowBitNetwork network, Calibrator calibrator)
        : this(ExecutionPlan.Compile(network), calibrator) => SharesPasses = false;

    private NetworkStatistics(ExecutionPlan plan, Calibrator calibrator)
    {
        _calibrator = calibrator;
        Plan = plan;
        var plans = plan.DotProducts.ToArray();
        Layers = [.. plans.Select(plan => new LayerStatistics(this, plan.LayerName, plan.Geometry, calibrator.Count))];
        _layers = plans.Zip(Layers).ToDictionary(layer => layer.First.LayerName, layer => layer.Second, StringComparer.Ordinal);
    }

    /// <summary>Whether layers that are solved one after the other see the same network, so that one pass may serve several.</summary>
    public bool SharesPasses { get; } = true;

    /// <summary>The plan, one sample a run.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>The layers, in execution order.</summary>
    public IReadOnlyList<LayerStatistics> Layers { get; }

    /// <summary>Threads that run the network.</summary>
    public int Threads => _calibrator.Threads;

    public LayerStatistics Layer(string name) => _layers[name];

    /// <summary>Patch rows of a layer by group; those of the layers that asked last are kept.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="most">Most rows.</param>
    /// <returns>The rows.</returns>
    public PatchRows[] Patches(LayerStatistics layer, int most)
    {
        lock (_lock)
        {
            if (_patches?.Of(layer, most) is { } known) return known;

            // The old rows go before the new ones come.
            _patches = null;
            _patches = PatchSamples.Collect(this, layer, most);
            return _patches.Of(layer, most)!;
        }
    }

    /// <summary>Makes one pass over the samples. Samples are split among threads; what each collects is merged in sample order.</summary>
    /// <typeparam name="TPartial">What is collected from one sample of one layer.</typeparam>
    /// <param name="collect">Collects from a layer's input of one sample, whose number it is given; on several threads.</param>
    /// <param name="merge">Takes one sample's collection into the layer, in sample order.</param>
    /// <param name="samples">Samples looked at, from the first; all when there are fewer.</param>
    /// <param name="blockSamples">Samples whose collections are kept until they are merged; fewer where collections are large.</param>
    public void Pass<TPartial>(Func<LayerStatistics, int, ReadOnlyMemory<byte>, TPartial> collect, Action<LayerStatistics, TPartial> merge, int samples = int.MaxValue, int blockSamples = BlockSamples)
    {
        var count = Math.Min(_calibrator.Count, samples);
        for (var first = 0; first < count; first += blockSamples)
        {
            foreach (var partial in Collect(first, Math.Min(blockSamples, count - first), collect))
            {
                foreach (var (name, collected) in partial) merge(_layers[name], collected);
            }
        }
    }

    private Dictionary<string, TPartial>[] Collect<TPartial>(int first, int count, Func<LayerStatistics, int, ReadOnlyMemory<byte>, TPartial> collect)
    {
        var partials = new Dictionary<string, TPartial>[count];
        var next = -1;
        Threading.Run(Math.Min(_calibrator.Threads, count), () =>
        {
            var frame = new ExecutionFrame(Plan);
            for (var sample = Interlocked.Increment(ref next); sample < partials.Length; sample = Interlocked.Increment(ref next))
            {
                var collected = new Dictionary<string, TPartial>(StringComparer.Ordinal);
                frame.Read(_calibrator.Samples, first + sample);
                frame.Run(new Observer<TPartial>(this, first + sample, collect, collected));
                partials[sample] = collected;
            }
        });
        return partials;
    }

    private sealed class Observer<TPartial>(NetworkStatistics owner, int sample, Func<LayerStatistics, int, ReadOnlyMemory<byte>, TPartial> collect, Dictionary<string, TPartial> collected) : IExecutionObserver
    {
        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            if (plan is IDotProductPlan product) collected[product.LayerName] = collect(owner._layers[product.LayerName], sample, inputs[0]!.Bytes);
        }
    }
}

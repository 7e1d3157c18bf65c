using Subbyte.Calibration;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>Runs calibration samples and shows the maps that are to be predicted, exact and of one batch at a time.</summary>
internal sealed class MapFeed
{
    private readonly CalibrationData _calibration;
    private readonly PredictableMap[] _maps;
    private readonly ExecutionPlan _plan;
    private readonly float[][] _values;
    private readonly int _outputs;

    /// <summary>A feed.</summary>
    /// <param name="network">The network; its own predictions are not active.</param>
    /// <param name="maps">The maps.</param>
    /// <param name="calibration">The samples.</param>
    /// <param name="batch">Samples of one batch.</param>
    public MapFeed(LowBitNetwork network, PredictableMap[] maps, CalibrationData calibration, int batch)
    {
        (_calibration, _maps, Batch, _outputs) = (calibration, maps, batch, network.Network.Outputs.Count);
        var activations = network.Network.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var shown = network.Network with
        {
            Outputs = [.. network.Network.Outputs, .. maps.Select(map => new NetworkValue(activations[map.Activation].Outputs[0], Tensors.ElementType.Float32, []))],
        };
        _plan = ExecutionPlan.Compile(new LowBitNetwork(shown, network.Layers), new ExecutionOptions { Batch = 1 });
        _values = [.. maps.Select(map => new float[batch * map.Shape.Length])];
    }

    /// <summary>Samples of one batch.</summary>
    public int Batch { get; }

    /// <summary>Runs a batch.</summary>
    /// <param name="samples">Numbers of the samples, <see cref="Batch"/> of them.</param>
    public void Run(ReadOnlySpan<int> samples)
    {
        var order = samples.ToArray();
        var next = -1;
        Threading.Run(Math.Min(_calibration.Threads, order.Length), () =>
        {
            var frame = new ExecutionFrame(_plan);
            for (var i = Interlocked.Increment(ref next); i < order.Length; i = Interlocked.Increment(ref next))
            {
                _calibration.Samples.Read(order[i], frame.Input.AsSpan<float>());
                frame.Run();
                for (var map = 0; map < _maps.Length; map++) ChannelsLast(frame.Results[_outputs + map].AsSpan<float>(), _maps[map].Shape, _values[map].AsSpan(i * _maps[map].Shape.Length));
            }
        });
    }

    /// <summary>Does something with each map of the batch, several at once.</summary>
    /// <param name="work">Takes the maps [sample][position][channel] and their index.</param>
    public void ForEach(MapWork work)
    {
        var next = -1;
        Threading.Run(Math.Min(_calibration.Threads, _maps.Length), () =>
        {
            for (var map = Interlocked.Increment(ref next); map < _maps.Length; map = Interlocked.Increment(ref next)) work(_values[map], map);
        });
    }

    /// <summary>Work on the maps of a batch.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="index">Which.</param>
    public delegate void MapWork(ReadOnlySpan<float> maps, int index);

    private static void ChannelsLast(ReadOnlySpan<float> source, MapShape shape, Span<float> target)
    {
        for (var c = 0; c < shape.Channels; c++)
        {
            for (var position = 0; position < shape.Positions; position++) target[(position * shape.Channels) + c] = source[(c * shape.Positions) + position];
        }
    }
}

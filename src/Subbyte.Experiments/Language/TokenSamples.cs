using Subbyte.Data;
using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Experiments.Language;

/// <summary>
/// The words of a text as samples that stand alone: each is a word id and the states in which the fp32 network meets it, in the order of the network's
/// inputs. So statistics, noise and costs of layers can be taken from any of them in any order.
/// </summary>
internal sealed class TokenSamples : ISampleSource
{
    private readonly DataSet _data;
    private readonly TokenStreams _streams;
    private readonly List<float[]> _samples = [];
    private readonly Lock _lock = new();
    private readonly int[] _shape;

    /// <summary>The samples of a text; the network runs as far as they are read.</summary>
    /// <param name="network">The fp32 network.</param>
    /// <param name="data">The text.</param>
    public TokenSamples(Network network, DataSet data)
    {
        _data = data;
        _streams = new TokenStreams(new LowBitNetwork(network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), data, 0, data.Streams);
        _shape = [1 + (_streams.States.Sum(state => state.Length) / data.Streams)];
    }

    /// <inheritdoc/>
    public int Count => _data.Count;

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => _shape;

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        lock (_lock)
        {
            while (_samples.Count <= index) Record();
            _samples[index].CopyTo(destination);
        }
    }

    /// <summary>Keeps the inputs of the next step of all streams, and makes it.</summary>
    private void Record()
    {
        var (first, streams) = (_samples.Count, _data.Streams);
        for (var stream = 0; stream < streams; stream++)
        {
            var sample = new float[_shape[0]];
            if (first + stream < _data.Count) _data.Read(first + stream, sample.AsSpan(0, 1));
            var rest = sample.AsSpan(1);
            foreach (var state in _streams.States)
            {
                // A state is [1][stream][element].
                var length = state.Length / streams;
                state.AsSpan(stream * length, length).CopyTo(rest);
                rest = rest[length..];
            }

            _samples.Add(sample);
        }

        _streams.Advance(first / streams);
    }
}

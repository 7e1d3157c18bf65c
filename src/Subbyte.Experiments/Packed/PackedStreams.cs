using Subbyte.Data;
using Subbyte.Experiments.Language;
using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>Runs a packed network word by word over some of a text's streams.</summary>
internal sealed class PackedStreams : ITokenStreams
{
    private readonly SubbyteSession _session;
    private readonly DataSet _data;
    private readonly int _first;
    private readonly SubbyteState[] _states;
    private readonly float[] _logits;

    /// <summary>Streams at their beginning.</summary>
    /// <param name="session">The network.</param>
    /// <param name="data">The text.</param>
    /// <param name="first">The first stream.</param>
    /// <param name="count">Number of streams.</param>
    public PackedStreams(SubbyteSession session, DataSet data, int first, int count)
    {
        (_session, _data, _first) = (session, data, first);
        _states = [.. Enumerable.Range(0, count).Select(_ => session.CreateState())];
        _logits = new float[count * session.OutputLength];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits => _logits;

    /// <inheritdoc/>
    public void Advance(int step)
    {
        Span<float> id = stackalloc float[1];
        for (var stream = 0; stream < _states.Length; stream++)
        {
            _data.Read((step * _data.Streams) + _first + stream, id);
            _session.Run(id, _logits.AsSpan(stream * _session.OutputLength, _session.OutputLength), _states[stream]);
        }
    }
}

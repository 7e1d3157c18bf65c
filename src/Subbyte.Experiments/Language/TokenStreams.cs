using Subbyte.Data;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Language;

/// <summary>Runs a network word by word over some of a text's streams.</summary>
internal sealed class TokenStreams : ITokenStreams
{
    private readonly DataSet _data;
    private readonly int _first;
    private readonly int _count;
    private readonly ExecutionFrame _frame;
    private readonly float[][] _states;

    /// <summary>Streams at their beginning.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The text.</param>
    /// <param name="first">The first stream.</param>
    /// <param name="count">Number of streams.</param>
    public TokenStreams(LowBitNetwork network, DataSet data, int first, int count)
    {
        (_data, _first, _count) = (data, first, count);
        _frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Batch = count }));
        _states = [.. _frame.Inputs.Skip(1).Select(input => new float[input.Length])];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits => _frame.Results[0].AsSpan<float>();

    /// <summary>States before the next step, one after the other, each as the network takes it.</summary>
    public IReadOnlyList<float[]> States => _states;

    /// <inheritdoc/>
    public void Advance(int step)
    {
        var ids = _frame.Inputs[0];
        Span<float> id = stackalloc float[1];
        for (var stream = 0; stream < _count; stream++)
        {
            _data.Read((step * _data.Streams) + _first + stream, id);
            if (ids.ElementType == ElementType.Int64) ids.AsSpan<long>()[stream] = (long)id[0];
            else ids.AsSpan<int>()[stream] = (int)id[0];
        }

        for (var state = 0; state < _states.Length; state++) _states[state].CopyTo(_frame.Inputs[state + 1].AsSpan<float>());
        _frame.Run();
        for (var state = 0; state < _states.Length; state++) _frame.Results[state + 1].AsSpan<float>().CopyTo(_states[state]);
    }
}

using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>Maps of the same positions, their channels one after the other.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="inputs">Input maps.</param>
/// <param name="output">Output map.</param>
internal sealed class ConcatenationOperator(string name, IReadOnlyList<FeatureMap> inputs, FeatureMap output) : Operator(name, inputs[0], output)
{
    private readonly bool[] _adds = new bool[inputs.Count];

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap> Inputs => inputs;

    /// <inheritdoc/>
    public override void ClaimGradients()
    {
        for (var i = 0; i < inputs.Count; i++) _adds[i] = inputs[i].NeedsGradient && Claim(inputs[i]);
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var y = block.Values(Output);
        var first = 0;
        foreach (var input in inputs)
        {
            var x = block.Values(input);
            var channels = input.Channels;
            for (int from = 0, to = first; from < x.Length; from += channels, to += Output.Channels)
                x.Slice(from, channels).CopyTo(y[to..]);
            first += channels;
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dy = block.Gradient(Output);
        var first = 0;
        for (var i = 0; i < inputs.Count; i++)
        {
            var channels = inputs[i].Channels;
            if (inputs[i].NeedsGradient) Split(dy[first..], block.Gradient(inputs[i]), channels, _adds[i]);
            first += channels;
        }
    }

    private void Split(ReadOnlySpan<float> dy, Span<float> dx, int channels, bool adds)
    {
        for (int from = 0, to = 0; to < dx.Length; from += Output.Channels, to += channels)
        {
            var share = dy.Slice(from, channels);
            var target = dx.Slice(to, channels);
            if (adds) TensorPrimitives.Add(target, share, target);
            else share.CopyTo(target);
        }
    }
}

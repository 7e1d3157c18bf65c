using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>A map as a vector in ONNX's order (channel by channel), where that differs from the order in memory.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output vector.</param>
internal sealed class FlattenOperator(string name, FeatureMap input, FeatureMap output) : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => Input.Length;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        for (var sample = block.First; sample < block.First + block.Count; sample++)
            Transposition.Run(Input.Values(sample, 1), Input.Channels, Input.Positions, Input.Channels, Output.Values(sample, 1), Input.Positions);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var dx = Input.Gradient(sample, 1);
            var gradient = _addsToInput ? block.Scratch.Floats[..dx.Length] : dx;
            Transposition.Run(Output.Gradient(sample, 1), Input.Positions, Input.Channels, Input.Positions, gradient, Input.Channels);
            if (_addsToInput) TensorPrimitives.Add(dx, gradient, dx);
        }
    }
}

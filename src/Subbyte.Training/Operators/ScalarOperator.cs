using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>Each element times one number, or plus one, which are not trained.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="factor">The factor; 1 for none.</param>
/// <param name="summand">The summand; 0 for none.</param>
internal sealed class ScalarOperator(string name, FeatureMap input, FeatureMap output, float factor, float summand) : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var y = block.Values(Output);
        TensorPrimitives.Multiply(block.Values(Input), factor, y);
        if (summand != 0) TensorPrimitives.Add(y, summand, y);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        var dx = block.Gradient(Input);
        if (_addsToInput) TensorPrimitives.FusedMultiplyAdd(block.Gradient(Output), factor, dx, dx);
        else TensorPrimitives.Multiply(block.Gradient(Output), factor, dx);
    }
}

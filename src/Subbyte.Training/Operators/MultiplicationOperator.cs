using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>The product of two maps of one shape, element by element: a gate.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">First factor.</param>
/// <param name="other">Second factor.</param>
/// <param name="output">Output map.</param>
internal sealed class MultiplicationOperator(string name, FeatureMap input, FeatureMap other, FeatureMap output) : Operator(name, input, output)
{
    private readonly FeatureMap _other = other;
    private bool _addsToInput;
    private bool _addsToOther;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap> Inputs => [Input, _other];

    /// <inheritdoc/>
    public override void ClaimGradients()
    {
        _addsToInput = Input.NeedsGradient && Claim(Input);
        _addsToOther = _other.NeedsGradient && Claim(_other);
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => TensorPrimitives.Multiply(block.Values(Input), block.Values(_other), block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dy = block.Gradient(Output);
        if (Input.NeedsGradient) Add(dy, block.Values(_other), _addsToInput, block.Gradient(Input));
        if (_other.NeedsGradient) Add(dy, block.Values(Input), _addsToOther, block.Gradient(_other));
    }

    private static void Add(ReadOnlySpan<float> dy, ReadOnlySpan<float> factor, bool adds, Span<float> dx)
    {
        if (adds) TensorPrimitives.FusedMultiplyAdd(dy, factor, dx, dx);
        else TensorPrimitives.Multiply(dy, factor, dx);
    }
}

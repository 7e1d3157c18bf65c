using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>The sum of two maps of one shape: a residual connection.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">First summand.</param>
/// <param name="other">Second summand.</param>
/// <param name="output">Output map.</param>
internal sealed class AddOperator(string name, FeatureMap input, FeatureMap other, FeatureMap output) : Operator(name, input, output)
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
    public override void Forward(SampleBlock block) => Elementwise.Add(block.Values(Input), block.Values(_other), block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dy = block.Gradient(Output);
        if (Input.NeedsGradient) ElementwiseGradient.Identity(dy, _addsToInput, block.Gradient(Input));
        if (_other.NeedsGradient) ElementwiseGradient.Identity(dy, _addsToOther, block.Gradient(_other));
    }
}

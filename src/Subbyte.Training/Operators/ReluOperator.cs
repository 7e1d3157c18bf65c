using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>max(x, 0), in place of its input where nobody else reads that.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map, maybe in the memory of the input.</param>
internal sealed class ReluOperator(string name, FeatureMap input, FeatureMap output) : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override bool LooksAtOutput => true;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && !Input.Shares(Output) && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => Elementwise.Clip(block.Values(Input), 0, float.PositiveInfinity, block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (Input.NeedsGradient)
            ElementwiseGradient.Clip(block.Values(Output), 0, float.PositiveInfinity, block.Gradient(Output), _addsToInput, block.Gradient(Input));
    }
}

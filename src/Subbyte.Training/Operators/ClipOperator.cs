using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>A clamp, such as ReLU (0 to +∞) and ReLU6 (0 to 6), in place of its input where nobody else reads that.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map, maybe in the memory of the input.</param>
/// <param name="lowest">Lower end.</param>
/// <param name="highest">Upper end.</param>
internal sealed class ClipOperator(string name, FeatureMap input, FeatureMap output, float lowest, float highest) : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override bool LooksAtOutput => true;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && !Input.Shares(Output) && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => Elementwise.Clip(block.Values(Input), lowest, highest, block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (Input.NeedsGradient)
            ElementwiseGradient.Clip(block.Values(Output), lowest, highest, block.Gradient(Output), _addsToInput, block.Gradient(Input));
    }
}

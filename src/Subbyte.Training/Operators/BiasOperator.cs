using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>One trained number per channel, added at every position.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="bias">One number per channel.</param>
internal sealed class BiasOperator(string name, FeatureMap input, FeatureMap output, Parameter bias) : Operator(name, input, output)
{
    private readonly PartialGradient _gradient = new(bias.Gradient);
    private readonly float[] _ones = [.. Enumerable.Repeat(1f, bias.Length)];
    private bool _addsToInput;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [bias];

    /// <inheritdoc/>
    public override int GradientTiles => _gradient.Tiles;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples) => _gradient.Allocate(samples);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => Elementwise.Affine(block.Values(Input), _ones, bias.Values, block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dy = block.Gradient(Output);
        ChannelSums.Sum(dy, _gradient.Of(block));
        if (Input.NeedsGradient) ElementwiseGradient.Identity(dy, _addsToInput, block.Gradient(Input));
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch) => _gradient.Sum(tile, samples);
}

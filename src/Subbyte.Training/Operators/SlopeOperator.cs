using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>PReLU: x where it is not negative, and below a trained slope of its channel times x.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="slopes">A slope a channel.</param>
internal sealed class SlopeOperator(string name, FeatureMap input, FeatureMap output, Parameter slopes) : Operator(name, input, output)
{
    private readonly PartialGradient _gradient = new(slopes.Gradient);
    private bool _addsToInput;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [slopes];

    /// <inheritdoc/>
    public override int GradientTiles => _gradient.Tiles;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => checked(SampleBlock.Size * Input.Length);

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples) => _gradient.Allocate(samples);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => ChannelSlopes.Run(block.Values(Input), slopes.Values, block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var x = block.Values(Input);
        var dy = block.Gradient(Output);
        var products = block.Scratch.Floats[..x.Length];
        ChannelSlopes.SlopeProducts(x, dy, products);
        ChannelSums.Sum(products, _gradient.Of(block));
        if (Input.NeedsGradient) ChannelSlopes.InputGradient(x, slopes.Values, dy, _addsToInput, block.Gradient(Input));
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch) => _gradient.Sum(tile, samples);
}

using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>Convolution in which every group has one input and one output channel.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="weights">Weights, multiplied as [kernel row][kernel column][channel].</param>
/// <param name="bias">Bias, or null.</param>
internal sealed class DepthwiseConvolutionOperator(string name, FeatureMap input, FeatureMap output, ConvolutionGeometry geometry, LayerWeights weights, Parameter? bias)
    : Operator(name, input, output)
{
    private readonly PartialGradient _weightGradient = new(weights.Gradient);
    private readonly PartialGradient? _biasGradient = bias is null ? null : new PartialGradient(bias.Gradient);
    private readonly float[] _ones = [.. Enumerable.Repeat(1f, geometry.OutChannels)];
    private bool _addsToInput;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => bias is null ? [.. weights.Parameters] : [.. weights.Parameters, bias];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Weights => [weights];

    /// <inheritdoc/>
    public override int GradientTiles => _weightGradient.Tiles + (_biasGradient?.Tiles ?? 0);

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        _weightGradient.Allocate(samples);
        _biasGradient?.Allocate(samples);
    }

    /// <inheritdoc/>
    public override void Prepare() => weights.Prepare();

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        for (var sample = block.First; sample < block.First + block.Count; sample++)
            DepthwiseConvolution.Float(Input.Values(sample, 1), geometry, weights.Values, Output.Values(sample, 1));
        var y = block.Values(Output);
        if (bias is not null) Elementwise.Affine(y, _ones, bias.Values, y);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (_biasGradient is not null) ChannelSums.Sum(block.Gradient(Output), _biasGradient.Of(block));
        var weightGradient = _weightGradient.Of(block);
        weightGradient.Clear();
        if (Input.NeedsGradient && !_addsToInput) block.Gradient(Input).Clear();
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            DepthwiseGradient.Weights(Input.Values(sample, 1), Output.Gradient(sample, 1), geometry, weightGradient);
            if (Input.NeedsGradient) DepthwiseGradient.Input(Output.Gradient(sample, 1), geometry, weights.Values, Input.Gradient(sample, 1));
        }
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        if (tile < _weightGradient.Tiles) _weightGradient.Sum(tile, samples);
        else _biasGradient!.Sum(tile - _weightGradient.Tiles, samples);
    }
}

using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// A fully connected layer, at each position the same. The gradient of its weights is one chain over the whole batch, tile by tile: a share for each block, as for
/// convolutions, would cost more than the product itself.
/// </summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="weights">Weights [output][input].</param>
/// <param name="bias">Bias, or null.</param>
internal sealed class LinearOperator(string name, FeatureMap input, FeatureMap output, LayerWeights weights, Parameter? bias)
    : Operator(name, input, output)
{
    private readonly int _inputs = input.Channels;
    private readonly int _outputs = output.Channels;
    private readonly int _positions = input.Positions;
    private readonly PackedFloatMatrix _forward = PackedFloatMatrix.Zeros(output.Channels, input.Channels);
    private readonly PackedFloatMatrix? _backward = input.NeedsGradient ? PackedFloatMatrix.Zeros(input.Channels, output.Channels) : null;
    private readonly float[] _ones = [.. Enumerable.Repeat(1f, output.Channels)];
    private readonly WeightGradientTiles _tiles = new(output.Channels, input.Channels);
    private bool _addsToInput;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => bias is null ? [.. weights.Parameters] : [.. weights.Parameters, bias];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Weights => [weights];

    /// <inheritdoc/>
    public override int GradientTiles => _tiles.Count;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => checked(Input.Length * SampleBlock.Size);

    /// <inheritdoc/>
    public override int ScratchPanels(int samples) => _tiles.ScratchPanels(checked(samples * _positions));

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Prepare()
    {
        weights.Prepare();
        _forward.Fill(weights.Values);
        _backward?.FillTransposed(weights.Values, _inputs, _inputs, _outputs);
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var y = block.Values(Output);
        FloatGemm.Multiply(block.Values(Input), _inputs, block.Count * _positions, _forward, y, _outputs);
        if (bias is not null) Elementwise.Affine(y, _ones, bias.Values, y);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (_backward is null) return;
        var dx = block.Gradient(Input);
        var product = _addsToInput ? block.Scratch.Floats[..dx.Length] : dx;
        FloatGemm.Multiply(block.Gradient(Output), _outputs, block.Count * _positions, _backward, product, _inputs);
        if (_addsToInput) TensorPrimitives.Add(dx, product, dx);
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        var dy = Output.Gradient(0, samples);
        if (tile == 0 && bias is not null) ChannelSums.Sum(dy, bias.Gradient);
        _tiles.Run(tile, dy, Input.Values(0, samples), samples * _positions, scratch, weights.Gradient);
    }
}

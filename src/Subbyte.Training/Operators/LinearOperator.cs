using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// A fully connected layer. The gradient of its weights is one chain over the whole batch, tile by tile: a share for each block, as for
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
    /// <summary>Inputs whose weights one tile covers.</summary>
    private const int TileInputs = 256;

    private readonly int _inputs = input.Length;
    private readonly int _outputs = output.Length;
    private readonly PackedFloatMatrix _forward = PackedFloatMatrix.Zeros(output.Length, input.Length);
    private readonly PackedFloatMatrix? _backward = input.NeedsGradient ? PackedFloatMatrix.Zeros(input.Length, output.Length) : null;
    private readonly float[] _ones = [.. Enumerable.Repeat(1f, output.Length)];
    private bool _addsToInput;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => bias is null ? [.. weights.Parameters] : [.. weights.Parameters, bias];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Weights => [weights];

    /// <inheritdoc/>
    public override int GradientTiles => (_inputs + TileInputs - 1) / TileInputs;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => checked(Math.Max(_outputs * samples, _inputs * SampleBlock.Size));

    /// <inheritdoc/>
    public override int ScratchPanels(int samples) => PackedFloatMatrix.PanelElements(TileInputs, samples);

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
        FloatGemm.Multiply(block.Values(Input), _inputs, block.Count, _forward, y, _outputs);
        if (bias is not null) Elementwise.Affine(y, _ones, bias.Values, y);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (_backward is null) return;
        var dx = block.Gradient(Input);
        var product = _addsToInput ? block.Scratch.Floats[..dx.Length] : dx;
        FloatGemm.Multiply(block.Gradient(Output), _outputs, block.Count, _backward, product, _inputs);
        if (_addsToInput) TensorPrimitives.Add(dx, product, dx);
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        var dy = Output.Gradient(0, samples);
        if (tile == 0 && bias is not null) ChannelSums.Sum(dy, bias.Gradient);
        var first = tile * TileInputs;
        scratch.Panels.FillTransposed(Input.Values(0, samples)[first..], _inputs, Math.Min(TileInputs, _inputs - first), samples);
        var transposed = scratch.Floats[..(_outputs * samples)];
        Transposition.Run(dy, _outputs, samples, _outputs, transposed, samples);
        FloatGemm.Multiply(transposed, samples, _outputs, scratch.Panels, weights.Gradient.AsSpan(first), _inputs);
    }
}

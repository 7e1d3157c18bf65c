using System.Numerics.Tensors;
using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// Convolution as matrix products over patches, which are read in place where they can be: <c>Y = P·Wᵀ</c>, <c>dW = dYᵀ·P</c>, and the gradient of the input as a
/// convolution of <c>dY</c> with the mirrored weights where the stride is 1, else <c>dP = dY·W</c>, added up pixel by pixel. Chunks of patches follow from the geometry alone.
/// </summary>
internal sealed partial class ConvolutionOperator : Operator
{
    /// <summary>Elements of a chunk of patches: 256 KiB, so that it stays in the second cache beside its packed copy.</summary>
    private const int ChunkElements = 1 << 16;

    private readonly ConvolutionGeometry _geometry;
    private readonly LayerWeights _weights;
    private readonly Parameter? _bias;
    private readonly PartialGradient _weightGradient;
    private readonly PartialGradient? _biasGradient;
    private readonly PackedFloatMatrix[] _forward;
    private readonly PackedFloatMatrix[] _backward;
    private readonly PatchMap? _patchMap;
    private readonly PatchMap? _mirroredMap;
    private readonly PackedFloatMatrix? _mirrored;
    private readonly float[] _mirroredWeights = [];
    private readonly Maps _inputValues;
    private readonly Maps _outputGradient;
    private readonly float[] _ones;
    private readonly int _rowsPerChunk;
    private bool _addsToInput;

    /// <summary>A convolution.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">Input map.</param>
    /// <param name="output">Output map.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="weights">Weights [output][kernel row][kernel column][channel of the group].</param>
    /// <param name="bias">Bias, or null.</param>
    public ConvolutionOperator(string name, FeatureMap input, FeatureMap output, ConvolutionGeometry geometry, LayerWeights weights, Parameter? bias)
        : base(name, input, output)
    {
        (_geometry, _weights, _bias) = (geometry, weights, bias);
        _weightGradient = new PartialGradient(weights.Gradient);
        _biasGradient = bias is null ? null : new PartialGradient(bias.Gradient);
        _forward = [.. Enumerable.Range(0, geometry.Groups).Select(_ => PackedFloatMatrix.Zeros(geometry.OutputsPerGroup, geometry.Depth))];
        (_inputValues, _outputGradient) = (input.Values, output.Gradient);
        _patchMap = PatchMap.For(geometry, elementsOfStep: 1);
        if (input.NeedsGradient && Mirrored(geometry) is { } mirrored && PatchMap.For(mirrored, elementsOfStep: 1) is { } mirroredMap)
        {
            (_mirroredMap, _mirroredWeights) = (mirroredMap, new float[weights.Values.Length]);
            _mirrored = PackedFloatMatrix.Zeros(geometry.InChannels, mirrored.Depth);
        }

        _backward = [.. Enumerable.Range(0, input.NeedsGradient && _mirrored is null ? geometry.Groups : 0).Select(_ => PackedFloatMatrix.Zeros(geometry.Depth, geometry.OutputsPerGroup))];
        _ones = [.. Enumerable.Repeat(1f, geometry.OutChannels)];
        var rows = SampleBlock.Size * geometry.Positions;
        var chunks = (((long)rows * geometry.Depth) + ChunkElements - 1) / ChunkElements;
        _rowsPerChunk = (int)((rows + chunks - 1) / chunks);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _bias is null ? [.. _weights.Parameters] : [.. _weights.Parameters, _bias];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Weights => [_weights];

    /// <inheritdoc/>
    public override int GradientTiles => _weightGradient.Tiles + (_biasGradient?.Tiles ?? 0);

    /// <inheritdoc/>
    public override int ScratchFloats(int samples)
        => checked(Math.Max(
            (_rowsPerChunk * _geometry.Depth) + (_geometry.OutputsPerGroup * _geometry.Depth),
            Math.Max(_patchMap is null ? 0 : _patchMap.Length + SumsLength, (_mirroredMap?.Length ?? 0) + Input.Length)));

    /// <inheritdoc/>
    public override int ScratchPanels(int samples)
        => Math.Max(PackedFloatMatrix.PanelElements(_geometry.Depth, _rowsPerChunk), PackedFloatMatrix.PanelElements(_geometry.OutChannels, _geometry.Positions));

    /// <summary>Sums of the weights' gradient [k][output], in whole panels.</summary>
    private int SumsLength => PackedFloatMatrix.PanelElements(_geometry.OutChannels, _geometry.Depth);

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        _weightGradient.Allocate(samples);
        _biasGradient?.Allocate(samples);
    }

    /// <inheritdoc/>
    public override void Prepare()
    {
        _weights.Prepare();
        var length = _geometry.OutputsPerGroup * _geometry.Depth;
        for (var group = 0; group < _geometry.Groups; group++)
        {
            var weights = _weights.Values.AsSpan(group * length, length);
            _forward[group].Fill(weights);
            if (_mirrored is not null) Mirror();
            if (_backward.Length > 0) _backward[group].FillTransposed(weights, _geometry.Depth, _geometry.Depth, _geometry.OutputsPerGroup);
        }
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var y = block.Values(Output);
        if (_patchMap is null) ForwardByPatches(block, y);
        else Slide(_patchMap, block, _inputValues, _forward[0], _geometry.OutChannels, y, adds: false);
        if (_bias is not null) Elementwise.Affine(y, _ones, _bias.Values, y);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dy = block.Gradient(Output);
        if (_biasGradient is not null) ChannelSums.Sum(dy, _biasGradient.Of(block));
        if (Input.NeedsGradient && !_addsToInput && _mirrored is null) block.Gradient(Input).Clear();
        if (_patchMap is not null) SetWeightGradient(block, dy);
        if (_patchMap is null || _backward.Length > 0) BackwardByPatches(block, dy);
        if (_mirroredMap is not null) Slide(_mirroredMap, block, _outputGradient, _mirrored!, _geometry.InChannels, block.Gradient(Input), _addsToInput);
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        if (tile < _weightGradient.Tiles) _weightGradient.Sum(tile, samples);
        else _biasGradient!.Sum(tile - _weightGradient.Tiles, samples);
    }

    private void ForwardByPatches(SampleBlock block, Span<float> y)
    {
        var rows = block.Count * _geometry.Positions;
        for (var group = 0; group < _geometry.Groups; group++)
        {
            for (var first = 0; first < rows; first += _rowsPerChunk)
            {
                var count = Math.Min(_rowsPerChunk, rows - first);
                var patches = Patches(block, group, first, count, block.Scratch.Floats);
                FloatGemm.Multiply(patches, _geometry.Depth, count, _forward[group], y[Element(group, first)..], _geometry.OutChannels);
            }
        }
    }

    private void BackwardByPatches(SampleBlock block, ReadOnlySpan<float> dy)
    {
        var rows = block.Count * _geometry.Positions;
        for (var group = 0; group < _geometry.Groups; group++)
        {
            for (var first = 0; first < rows; first += _rowsPerChunk)
            {
                var count = Math.Min(_rowsPerChunk, rows - first);
                var chunk = dy[Element(group, first)..];
                if (_patchMap is null) AddWeightGradient(block, group, first, count, chunk);
                if (_backward.Length > 0) AddInputGradient(block, group, first, count, chunk);
            }
        }
    }

    private void AddWeightGradient(SampleBlock block, int group, int first, int count, ReadOnlySpan<float> dy)
    {
        var (outputs, depth) = (_geometry.OutputsPerGroup, _geometry.Depth);
        var floats = block.Scratch.Floats;
        var patches = Patches(block, group, first, count, floats);
        var panels = block.Scratch.Panels;
        panels.FillTransposed(patches, depth, depth, count);
        var sum = _weightGradient.Of(block).Slice(group * outputs * depth, outputs * depth);
        if (first == 0)
        {
            OuterProducts.Multiply(dy, _geometry.OutChannels, outputs, panels, sum, depth);
            return;
        }

        var share = floats.Slice(_rowsPerChunk * depth, outputs * depth);
        OuterProducts.Multiply(dy, _geometry.OutChannels, outputs, panels, share, depth);
        TensorPrimitives.Add(sum, share, sum);
    }

    private void AddInputGradient(SampleBlock block, int group, int first, int count, ReadOnlySpan<float> dy)
    {
        var depth = _geometry.Depth;
        var dx = block.Gradient(Input);
        var patches = block.Scratch.Floats[..(count * depth)];
        FloatGemm.Multiply(dy, _geometry.OutChannels, count, _backward[group], patches, depth);
        for (var row = 0; row < count;)
        {
            var (sample, position) = Math.DivRem(first + row, _geometry.Positions);
            var rows = Math.Min(count - row, _geometry.Positions - position);
            Col2Im.Add(patches[(row * depth)..], depth, _geometry, group, position, rows, dx.Slice(sample * Input.Length, Input.Length));
            row += rows;
        }
    }

    /// <summary>Patches of a chunk: the input itself where each patch is a pixel, or a copy in <paramref name="room"/>.</summary>
    private ReadOnlySpan<float> Patches(SampleBlock block, int group, int first, int count, Span<float> room)
    {
        var depth = _geometry.Depth;
        var x = block.Values(Input);
        if (_geometry.IsPointwise) return x.Slice(first * depth, count * depth);
        for (var row = 0; row < count;)
        {
            var (sample, position) = Math.DivRem(first + row, _geometry.Positions);
            var rows = Math.Min(count - row, _geometry.Positions - position);
            Im2Col.Pack<float>(x.Slice(sample * Input.Length, Input.Length), _geometry, group, position, rows, 0f, room[(row * depth)..], depth);
            row += rows;
        }

        return room[..(count * depth)];
    }

    private int Element(int group, int row) => (row * _geometry.OutChannels) + (group * _geometry.OutputsPerGroup);
}

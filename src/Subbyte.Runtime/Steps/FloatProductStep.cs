using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A dot-product layer in fp32: one chain of fused multiply-adds in ascending k per output, then the bias and the clamp.</summary>
public sealed class FloatProductStep : LayerStep
{
    private const int BlockBytes = 96 * 1024;
    private const int BlockPositions = 192;

    private readonly ConvolutionGeometry _geometry;
    private readonly float[] _weights;
    private readonly float[] _bias;
    private readonly float[] _ones;
    private readonly float _lowest;
    private readonly float _highest;
    private readonly PackedFloatMatrix[] _packed = [];
    private readonly float[] _depthwise = [];
    private readonly PatchMap? _patches;
    private readonly int _positionsOfTile;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The value that it reads.</param>
    /// <param name="output">The value that it makes.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="bias">Bias of each output.</param>
    /// <param name="lowest">Lower end of the clamp.</param>
    /// <param name="highest">Upper end of the clamp.</param>
    public FloatProductStep(string name, IReadOnlyList<int> inputs, int output, ConvolutionGeometry geometry, float[] weights, float[] bias, float lowest, float highest)
        : base(name, inputs, output)
    {
        (_geometry, _weights, _bias, _lowest, _highest) = (geometry, weights, bias, lowest, highest);
        _ones = new float[geometry.OutChannels];
        Array.Fill(_ones, 1);
        _patches = geometry.IsDepthwise ? null : PatchMap.For(geometry, 1);
        if (geometry.IsDepthwise)
        {
            _depthwise = new float[weights.Length];
            for (var i = 0; i < weights.Length; i++) _depthwise[(i % geometry.Depth * geometry.OutChannels) + (i / geometry.Depth)] = weights[i];
            _positionsOfTile = geometry.Positions;
            return;
        }

        var length = geometry.OutputsPerGroup * geometry.Depth;
        _packed = [.. Enumerable.Range(0, geometry.Groups).Select(group => PackedFloatMatrix.Pack(weights.AsSpan(group * length, length), geometry.OutputsPerGroup, geometry.Depth))];
        _positionsOfTile = _patches is not null
            ? PositionTiles.Even(geometry.OutHeight, BlockPositions / geometry.OutWidth, 1) * geometry.OutWidth
            : (int)Math.Clamp(BlockBytes / (sizeof(float) * (long)geometry.Depth), 1, geometry.Positions);
    }

    private FloatProductStep(FloatProductStep step, int output)
        : base(step.Name, step.Inputs, output)
    {
        (_geometry, _weights, _bias, _ones, _lowest, _highest) = (step._geometry, step._weights, step._bias, step._ones, step._lowest, step._highest);
        (_packed, _depthwise, _patches, _positionsOfTile) = (step._packed, step._depthwise, step._patches, step._positionsOfTile);
    }

    /// <inheritdoc/>
    public override string Description => "fp32 product";

    /// <inheritdoc/>
    public override long Macs => _geometry.Macs;

    /// <inheritdoc/>
    public override long Weights => _weights.Length;

    /// <inheritdoc/>
    public override long Biases => _bias.Length;

    /// <inheritdoc/>
    public override long WeightBits => 32L * (_weights.Length + _bias.Length);

    /// <inheritdoc/>
    public override ProductKernel? Kernel => _geometry.IsDepthwise ? ProductKernel.Depthwise : ProductKernel.Float;

    internal override StepKind Kind => StepKind.FloatProduct;

    internal override long SharedBytes => _patches is null ? 0 : SessionFrame.Bytes<float>(_patches.Length);

    internal override long WorkerBytes => _patches is null && !_geometry.IsPointwise && !_geometry.IsDepthwise ? SessionFrame.Bytes<float>((long)_positionsOfTile * _geometry.Depth) : 0;

    internal override int Tiles => (_geometry.Positions + _positionsOfTile - 1) / _positionsOfTile;

    internal override int TileChannels => _geometry.OutChannels;

    internal override (int First, int Count) ElementsOf(int tile) => PositionTiles.Elements(_geometry, _positionsOfTile, tile);

    internal override PackedStep To(int output) => new FloatProductStep(this, output);

    internal override void Prepare(ReadOnlySpan<float> x, Span<byte> shared) => _patches?.Fill(x, 0, MemoryMarshal.Cast<byte, float>(shared));

    internal override void RunBlock(int tile, ReadOnlySpan<float> x, Span<float> block, Span<byte> shared, Span<byte> memory)
    {
        var g = _geometry;
        var outputs = g.OutChannels;
        var first = tile * _positionsOfTile;
        var count = Math.Min(_positionsOfTile, g.Positions - first);
        if (g.IsDepthwise) DepthwiseConvolution.Float(x, g, _depthwise, block);
        else if (_patches is not null) FloatGemm.MultiplyPatches(MemoryMarshal.Cast<byte, float>(shared), _patches, first / g.OutWidth, count / g.OutWidth, _packed[0], block, outputs);
        else if (g.IsPointwise) FloatGemm.Multiply(x.Slice(first * g.Depth, count * g.Depth), g.Depth, count, _packed[0], block, outputs);
        else MultiplyRows(x, first, count, MemoryMarshal.Cast<byte, float>(memory), block);
        Elementwise.Affine(block, _ones, _bias, block, _lowest, _highest);
    }

    /// <inheritdoc/>
    public override FloatProductStep SharingBytes() => this;

    internal override void Write(PackedWriter writer)
    {
        GeometryFormat.Write(writer, _geometry);
        writer.Block<float>(_weights);
        writer.OptionalBlock(_bias);
        writer.Single(_lowest);
        writer.Single(_highest);
    }

    internal static FloatProductStep Read(PackedReader reader, StepPlace place)
    {
        var geometry = GeometryFormat.Read(reader, place.InputLength, place.OutputLength);
        var weights = reader.Block<float>((long)geometry.OutChannels * geometry.KernelHeight * geometry.KernelWidth * geometry.ChannelsPerGroup, "weights").ToArray();
        return new FloatProductStep(place.Name, place.Inputs, place.Output, geometry, weights, reader.OptionalSingles(geometry.OutChannels, "biases"), reader.Single("the lower end"), reader.Single("the upper end"));
    }

    private void MultiplyRows(ReadOnlySpan<float> x, int first, int count, Span<float> rows, Span<float> block)
    {
        for (var group = 0; group < _geometry.Groups; group++)
        {
            Im2Col.Pack(x, _geometry, group, first, count, 0f, rows, _geometry.Depth);
            FloatGemm.Multiply(rows, _geometry.Depth, count, _packed[group], block[(group * _geometry.OutputsPerGroup)..], _geometry.OutChannels);
        }
    }
}

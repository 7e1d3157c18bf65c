using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Networks.Execution;

/// <summary>A dot-product layer in fp32: one chain of fused multiply-adds in ascending k per output, then the bias.</summary>
internal sealed class FloatProductPlan : ProductPlan, IPackedPlan
{
    private readonly PackedFloatMatrix[] _packed = [];
    private readonly float[] _depthwise = [];
    private readonly float[] _ones;
    private readonly float[] _bias;
    private readonly PatchMap? _patches;
    private readonly int _blockRows;

    /// <summary>A layer in fp32.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weightsOnly">The layer with quantized weights, or null for its own.</param>
    /// <param name="output">Type of the output.</param>
    public FloatProductPlan(ProductLayer layer, LoweredLayer? weightsOnly, TensorType output)
        : base(layer, output)
    {
        Lowered = weightsOnly;
        var weights = weightsOnly?.FloatWeights ?? layer.Weights;
        _bias = weightsOnly?.Bias ?? layer.Bias;
        _ones = new float[Shape.OutChannels];
        Array.Fill(_ones, 1);
        _patches = PatchMap.For(Shape, 1);
        _blockRows = _patches is null ? BlockRows(sizeof(float) * (long)Shape.Depth) : BlockLines * Shape.OutWidth;
        if (Shape.IsDepthwise)
        {
            _depthwise = Depthwise.Transpose<float>(weights, Shape.OutChannels, Shape.Depth);
            return;
        }

        var groupLength = Shape.OutputsPerGroup * Shape.Depth;
        _packed = [.. Enumerable.Range(0, Shape.Groups).Select(group => PackedFloatMatrix.Pack(weights.AsSpan(group * groupLength, groupLength), Shape.OutputsPerGroup, Shape.Depth))];
    }

    public override LoweredLayer? Lowered { get; }

    public PackedStep Pack(PackedPlace place) => new FloatProductStep(place.Name, place.Inputs, place.Output, Shape, Lowered?.FloatWeights ?? Weights.ToArray(), _bias, Lowest, Highest);

    public override ProductKernel Kernel => Shape.IsDepthwise ? ProductKernel.Depthwise : Cpu.HasVector128 ? ProductKernel.Float : ProductKernel.Scalar;

    public override long ScratchBytes => Shape.IsDepthwise || Shape.IsPointwise ? 0 : ScratchAllocator.Bytes<float>(_patches?.Length ?? (long)_blockRows * Shape.Depth);

    protected override void RunImage(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch)
    {
        var outputs = Shape.OutChannels;
        if (Shape.IsDepthwise)
        {
            DepthwiseConvolution.Float(x, Shape, _depthwise, y);
            Elementwise.Affine(y, _ones, _bias, y, Lowest, Highest);
            return;
        }

        var rows = Shape.IsPointwise ? default : new ScratchAllocator(scratch).Take<float>(_patches?.Length ?? _blockRows * Shape.Depth);
        _patches?.Fill(x, 0, rows);
        for (var first = 0; first < Shape.Positions; first += _blockRows)
        {
            var count = Math.Min(_blockRows, Shape.Positions - first);
            var block = y.Slice(first * outputs, count * outputs);
            if (_patches is not null) FloatGemm.MultiplyPatches(rows, _patches, first / Shape.OutWidth, count / Shape.OutWidth, _packed[0], block, outputs);
            else if (Shape.IsPointwise) FloatGemm.Multiply(x.Slice(first * Shape.Depth, count * Shape.Depth), Shape.Depth, count, _packed[0], block, outputs);
            else MultiplyPatchMatrix(x, first, count, rows, block);
            Elementwise.Affine(block, _ones, _bias, block, Lowest, Highest);
        }
    }

    private void MultiplyPatchMatrix(ReadOnlySpan<float> x, int first, int count, Span<float> rows, Span<float> block)
    {
        for (var group = 0; group < Shape.Groups; group++)
        {
            Im2Col.Pack(x, Shape, group, first, count, 0f, rows, Shape.Depth);
            FloatGemm.Multiply(rows, Shape.Depth, count, _packed[group], block[(group * Shape.OutputsPerGroup)..], Shape.OutChannels);
        }
    }
}

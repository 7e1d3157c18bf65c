using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Networks.Execution;

/// <summary>
/// A lowered layer whose groups of products sum over slices of k: rows of weights with a scale for each slice. Patch rows are packed once; each
/// slice is a product at its place in them, and its sums go to totals in double, in order.
/// </summary>
internal sealed class SlicedProductPlan : ProductPlan, IPackedPlan
{
    // A packed product reads rows up to its padded depth.
    private const int Margin = 64;

    private readonly LoweredLayer _lowered;
    private readonly IActivationQuantizer _input;
    private readonly Slice[] _slices;
    private readonly bool _bytes;
    private readonly int _shift;
    private readonly int _rowStride;
    private readonly int _blockRows;

    public SlicedProductPlan(ProductLayer layer, LoweredLayer lowered, TensorType output)
        : base(layer, output)
    {
        _lowered = lowered;
        _input = lowered.Input!;
        _shift = Math.Max(0, -_input.Range.Lowest);
        _bytes = _input.Range.Highest + _shift <= byte.MaxValue && lowered.Groups.All(group => group.Terms[0].WeightRange is { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue } && lowered.SumBound(group) <= int.MaxValue);
        if (!_bytes) _shift = 0;
        _slices = [.. lowered.Groups.Select(group => new Slice(group, Shape, _bytes, _shift))];
        _rowStride = (Shape.Depth + 3) / 4 * 4;
        _blockRows = BlockRows(_rowStride * (long)(_bytes ? sizeof(byte) : sizeof(short)));
    }

    public override LoweredLayer? Lowered => _lowered;

    public PackedStep Pack(PackedPlace place) => LayerPacking.Pack(_lowered, Shape, null, (Lowest, Highest)).Step(place);

    public override ProductKernel Kernel => _bytes ? Int8Gemm.Kernel(_slices[0].Bytes.Max(weights => weights.LargestMagnitude), _input.Range.Highest + _shift) : ProductKernel.Int16Wide;

    public override long ScratchBytes
        => ScratchAllocator.Bytes<short>(InputLength + Margin) + ScratchAllocator.Bytes<short>(((long)_blockRows * _rowStride) + Margin)
            + ScratchAllocator.Bytes<long>((long)_blockRows * Shape.OutputsPerGroup) + ScratchAllocator.Bytes<double>((long)_blockRows * Shape.OutChannels);

    /// <summary>Whether a layer is of this kind: plain products of the base codes, each over a slice.</summary>
    /// <param name="lowered">The layer; it has integer products.</param>
    /// <returns>True when it is.</returns>
    public static bool Fits(LoweredLayer lowered)
        => lowered.Groups.All(group => group.Slice is not null && group.Terms is [{ Coefficient: 1 } term] && TableCode.IsIdentity(term.Activation, lowered.Input!.Range.Lowest));

    protected override void RunImage(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var map = allocator.Take<short>(InputLength + Margin);
        var rows = allocator.Take<short>((_blockRows * _rowStride) + Margin);
        var sums = allocator.Take<long>(_blockRows * Shape.OutputsPerGroup);
        var totals = allocator.Take<double>(_blockRows * Shape.OutChannels);
        if (_bytes) _input.Encode(x, _shift, MemoryMarshal.AsBytes(map)[..x.Length]);
        else _input.Encode(x, map[..x.Length]);
        for (var first = 0; first < Shape.Positions; first += _blockRows)
        {
            var count = Math.Min(_blockRows, Shape.Positions - first);
            var block = totals[..(count * Shape.OutChannels)];
            block.Clear();
            for (var group = 0; group < Shape.Groups; group++)
            {
                if (_bytes) MultiplyBytes(MemoryMarshal.AsBytes(map), group, first, count, MemoryMarshal.AsBytes(rows), MemoryMarshal.Cast<long, int>(sums), block);
                else MultiplyShorts(map, group, first, count, rows, sums, block);
            }

            ScaledSums.Store(block, _lowered.Bias, Lowest, Highest, y.Slice(first * Shape.OutChannels, block.Length));
        }
    }

    private void MultiplyBytes(ReadOnlySpan<byte> map, int group, int first, int count, Span<byte> rows, Span<int> sums, Span<double> totals)
    {
        Im2Col.Pack(map, Shape, group, first, count, (byte)(_input.ZeroPoint + _shift), rows, _rowStride);
        var outputs = Shape.OutputsPerGroup;
        sums = sums[..(count * outputs)];
        foreach (var slice in _slices)
        {
            Int8Gemm.Multiply(rows[slice.First..], _rowStride, count, slice.Bytes[group], sums, outputs, _input.Range.Highest + _shift);
            ScaledSums.Add(sums, slice.NarrowOffsets.AsSpan(group * outputs, outputs), slice.Scales.AsSpan(group * outputs, outputs), totals[(group * outputs)..], Shape.OutChannels);
        }
    }

    private void MultiplyShorts(ReadOnlySpan<short> map, int group, int first, int count, Span<short> rows, Span<long> sums, Span<double> totals)
    {
        Im2Col.Pack(map, Shape, group, first, count, (short)_input.ZeroPoint, rows, _rowStride);
        var outputs = Shape.OutputsPerGroup;
        sums = sums[..(count * outputs)];
        foreach (var slice in _slices)
        {
            Int16Gemm.MultiplyWide(rows[slice.First..], _rowStride, count, slice.Shorts[group], sums, outputs);
            ScaledSums.Add(sums, slice.Offsets.AsSpan(group * outputs, outputs), slice.Scales.AsSpan(group * outputs, outputs), totals[(group * outputs)..], Shape.OutChannels);
        }
    }

    /// <summary>One slice: packed weights by convolution group, offsets and scales of all outputs.</summary>
    private sealed class Slice
    {
        public Slice(ProductGroup group, ConvolutionGeometry shape, bool bytes, int shift)
        {
            var (first, length) = (group.Slice!.Value.First, group.Slice.Value.Length);
            First = first;
            var weights = new short[shape.OutChannels * length];
            Offsets = (long[])group.Offsets.Clone();
            for (var m = 0; m < shape.OutChannels; m++)
            {
                var row = group.Row(group.Terms[0], m, shape.Depth);
                row.CopyTo(weights.AsSpan(m * length));
                foreach (var weight in row) Offsets[m] -= (long)shift * weight;
            }

            Scales = Array.ConvertAll(group.Scales, scale => (double)scale);
            var outputs = shape.OutputsPerGroup;
            var groups = Enumerable.Range(0, shape.Groups).Select(g => weights.AsMemory(g * outputs * length, outputs * length));
            if (!bytes)
            {
                Shorts = [.. groups.Select(codes => PackedInt16Matrix.Pack(codes.Span, outputs, length))];
                return;
            }

            NarrowOffsets = Array.ConvertAll(Offsets, offset => unchecked((int)offset));
            Bytes = [.. groups.Select(codes => PackedInt8Matrix.Pack(Array.ConvertAll(codes.ToArray(), code => (sbyte)code), outputs, length))];
        }

        public int First { get; }

        public double[] Scales { get; }

        public long[] Offsets { get; }

        public int[] NarrowOffsets { get; } = [];

        public PackedInt8Matrix[] Bytes { get; } = [];

        public PackedInt16Matrix[] Shorts { get; } = [];
    }
}

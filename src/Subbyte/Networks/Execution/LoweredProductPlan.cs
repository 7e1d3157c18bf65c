using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Networks.Execution;

/// <summary>
/// A lowered layer made ready to run: base codes of the map, codes of each term, integer products, one real scale a group. Sums wrap
/// modulo 2³² where the layer's bound proves that the final sum fits, and are 64 bits wide where it does not.
/// </summary>
internal sealed class LoweredProductPlan : ProductPlan, IPackedPlan
{
    private readonly LoweredLayer _lowered;
    private readonly IActivationQuantizer _input;
    private readonly TermPlan[][] _groups;
    private readonly long[][] _offsets;
    private readonly int[][] _narrowOffsets;
    private readonly float[][] _scales;
    private readonly SparseTerms? _sparse;
    private readonly int _baseShift;
    private readonly bool _wide;
    private readonly bool _directDepthwise;
    private readonly bool _readsPatches;
    private readonly long _operandBytes;
    private readonly int _blockRows;
    private readonly int _rowStride;

    public LoweredProductPlan(ProductLayer layer, LoweredLayer lowered, TensorType output)
        : base(layer, output)
    {
        _lowered = lowered;
        _input = lowered.Input ?? throw new InvalidOperationException($"{layer.Name}: a weights-only layer has no integer products");
        _wide = lowered.Groups.Any(group => lowered.SumBound(group) > int.MaxValue);
        _directDepthwise = Shape.IsDepthwise && !_wide && lowered.Groups.All(group => group.Terms.All(term => term.Activation.Reach == CodeReach.Element));
        _baseShift = _wide ? -1 : BaseShift(_input.Range);
        var mayNegate = lowered.Groups.Count == 1 && lowered.Groups[0].Terms.Count == 1;
        _sparse = _baseShift == 0 && !_directDepthwise ? SparseTerms.Of(lowered, Shape) : null;
        _groups = [.. lowered.Groups.Select(group => group.Terms.Where(term => _sparse?.Takes(term) != true).Select(term => new TermPlan(group.Whole(term, Shape.Depth), _input, _baseShift, Shape, mayNegate)).ToArray())];
        var terms = _groups.SelectMany(group => group).ToArray();
        _readsPatches = terms.All(term => term.FindPatches(Shape) is not null);
        foreach (var term in terms) term.Pack(Shape, _directDepthwise, _readsPatches ? term.FindPatches(Shape) : null);
        _operandBytes = terms.Sum(term => term.ScratchBytes);
        _scales = [.. lowered.Groups.Select((group, g) => group.Scales.Select((scale, m) => _groups[g][0].Negated[m] ? -scale : scale).ToArray())];
        _offsets = [.. lowered.Groups.Select(Offsets)];
        _narrowOffsets = [.. _offsets.Select(offsets => offsets.Select(offset => unchecked((int)offset)).ToArray())];
        _rowStride = _readsPatches ? 0 : Math.Max(terms.Max(term => term.RowStride), Shape.Depth);
        _blockRows = _directDepthwise ? Shape.Positions : _readsPatches ? BlockLines * Shape.OutWidth : BlockRows(_rowStride * (long)sizeof(short));
    }

    public override LoweredLayer? Lowered => _lowered;

    public PackedStep Pack(PackedPlace place) => Packed(null).Step(place);

    /// <summary>The layer as a packed one.</summary>
    /// <param name="staircase">Elementwise nodes before it, or null.</param>
    /// <returns>The layer; it says whether the nodes were taken in.</returns>
    public PackedLayer Packed(ChannelStaircase? staircase) => LayerPacking.Pack(_lowered, Shape, staircase, (Lowest, Highest));

    public override ProductKernel Kernel => _directDepthwise ? ProductKernel.Depthwise : _wide ? ProductKernel.Int16Wide : _groups[0][0].Kernel;

    public override long ScratchBytes
    {
        get
        {
            var rows = 2 * ScratchAllocator.Bytes<short>((long)_blockRows * _rowStride);
            var sums = 3 * ScratchAllocator.Bytes<long>((long)_blockRows * Shape.OutChannels);
            return ScratchAllocator.Bytes<short>(InputLength + TermPlan.MapMargin) + _operandBytes + rows + sums + (_sparse?.ScratchBytes ?? 0);
        }
    }

    protected override void RunImage(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var baseCodes = EncodeBase(x, allocator.Take<short>(InputLength + TermPlan.MapMargin));
        var operands = allocator.Take<byte>((int)_operandBytes);
        Prepare(baseCodes, operands);
        var sparse = _sparse is null ? default : _sparse.Run(baseCodes[..InputLength], (byte)_input.ZeroPoint, allocator.Take<byte>((int)_sparse.ScratchBytes));
        var rows = allocator.Take<short>(_blockRows * _rowStride);
        var encoded = allocator.Take<short>(_blockRows * _rowStride);
        for (var first = 0; first < Shape.Positions; first += _blockRows)
        {
            var count = Math.Min(_blockRows, Shape.Positions - first);
            var block = new Block(first, count, baseCodes, operands, sparse, rows, encoded);
            var sums = allocator;
            var output = y.Slice(first * Shape.OutChannels, count * Shape.OutChannels);
            if (_wide) RunBlock(block, sums.Take<long>(output.Length), sums.Take<long>(output.Length), sums.Take<double>(output.Length), output);
            else RunBlock(block, sums.Take<int>(output.Length), sums.Take<int>(output.Length), sums.Take<double>(output.Length), output);
        }
    }

    private static int BaseShift(CodeRange range)
    {
        var shift = Math.Max(0, -range.Lowest);
        return range.Highest + shift <= byte.MaxValue ? shift : -1;
    }

    private long[] Offsets(ProductGroup group, int index)
    {
        var offsets = (long[])group.Offsets.Clone();
        for (var m = 0; m < offsets.Length; m++)
        {
            if (_groups[index][0].Negated[m]) offsets[m] = -offsets[m];
            foreach (var term in _groups[index]) offsets[m] -= (long)term.Coefficient * term.Shift * term.PackedSum(m, Shape.Depth);
            offsets[m] += _sparse?.Offset(m) ?? 0;
        }

        return offsets;
    }

    private Span<byte> EncodeBase(ReadOnlySpan<float> x, Span<short> codes)
    {
        var bytes = MemoryMarshal.AsBytes(codes);
        if (_baseShift >= 0) _input.Encode(x, _baseShift, bytes[..x.Length]);
        else _input.Encode(x, codes[..x.Length]);
        return bytes;
    }

    /// <summary>Encodes the map for every term that works on maps; their operands lie one after the other.</summary>
    private void Prepare(Span<byte> baseCodes, Span<byte> operands)
    {
        foreach (var terms in _groups)
        {
            foreach (var term in terms)
            {
                term.Prepare(baseCodes, _baseShift >= 0, operands);
                operands = operands[(int)term.ScratchBytes..];
            }
        }
    }

    private void RunBlock<T>(in Block block, Span<T> group, Span<T> product, Span<double> total, Span<float> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        var operands = block.Operands;
        for (var g = 0; g < _groups.Length; g++)
        {
            for (var t = 0; t < _groups[g].Length; t++)
            {
                var term = _groups[g][t];
                var target = t == 0 ? group : product;
                Multiply(term, block, term.Operand(block.BaseCodes, operands), target);
                operands = operands[(int)term.ScratchBytes..];
                if (t > 0) Accumulate<T>(group, product, T.CreateChecked(term.Coefficient));
                else if (term.Coefficient != 1) Scale(group, T.CreateChecked(term.Coefficient));
            }

            if (_sparse is not null) _sparse.AddTo(block.SparseSums, block.First, MemoryMarshal.Cast<T, int>(group), MemoryMarshal.Cast<T, int>(product));
            if (_groups.Length > 1) AddGroup<T>(group, g, total, first: g == 0);
        }

        if (_groups.Length > 1) ScaledSums.Store(total[..y.Length], _lowered.Bias, Lowest, Highest, y);
        else if (typeof(T) == typeof(long)) Epilogue.Dequantize(MemoryMarshal.Cast<T, long>(group), block.Count, Shape.OutChannels, Shape.OutChannels, _offsets[0], _scales[0], _lowered.Bias, Lowest, Highest, y, Shape.OutChannels);
        else Epilogue.Dequantize(MemoryMarshal.Cast<T, int>(group), block.Count, Shape.OutChannels, Shape.OutChannels, _narrowOffsets[0], _scales[0], _lowered.Bias, Lowest, Highest, y, Shape.OutChannels);
    }

    private void Multiply<T>(TermPlan term, in Block block, Span<byte> operand, Span<T> sums)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (term.Patches is { } patches)
        {
            var (line, lines) = (block.First / patches.LineLength, block.Count / patches.LineLength);
            if (typeof(T) == typeof(long)) Int16Gemm.MultiplyPatchesWide(MemoryMarshal.Cast<byte, short>(operand), patches, line, lines, term.Shorts[0], MemoryMarshal.Cast<T, long>(sums), Shape.OutChannels);
            else if (term.MultipliesShorts) Int16Gemm.MultiplyPatches(MemoryMarshal.Cast<byte, short>(operand), patches, line, lines, term.Shorts[0], MemoryMarshal.Cast<T, int>(sums), Shape.OutChannels);
            else Int8Gemm.MultiplyPatches(operand, patches, line, lines, term.Bytes[0], MemoryMarshal.Cast<T, int>(sums), Shape.OutChannels, term.LargestCode);
            return;
        }

        if (_directDepthwise)
        {
            var narrow = MemoryMarshal.Cast<T, int>(sums);
            if (term.Source == TermSource.ByteMap) DepthwiseConvolution.Int8(operand, Shape, term.DepthwiseBytes, (byte)term.Padding, narrow);
            else DepthwiseConvolution.Int16(MemoryMarshal.Cast<byte, short>(operand), Shape, term.DepthwiseShorts, term.Padding, narrow);
            return;
        }

        for (var group = 0; group < Shape.Groups; group++)
        {
            var columns = sums[(group * Shape.OutputsPerGroup)..];
            if (!term.MultipliesShorts) MultiplyBytes(term, group, block, operand, MemoryMarshal.Cast<T, int>(columns));
            else MultiplyShorts(term, group, block, MemoryMarshal.Cast<byte, short>(operand), columns);
        }
    }

    private void MultiplyBytes(TermPlan term, int group, in Block block, Span<byte> map, Span<int> sums)
    {
        if (Shape.IsPointwise && !term.EncodesRows)
        {
            Int8Gemm.Multiply(map[(block.First * Shape.Depth)..], Shape.Depth, block.Count, term.Bytes[0], sums, Shape.OutChannels, term.LargestCode);
            return;
        }

        var rows = MemoryMarshal.AsBytes(block.Rows);
        if (term.EncodesRows)
        {
            var bases = MemoryMarshal.AsBytes(block.Encoded);
            Im2Col.Pack(block.BaseCodes, Shape, group, block.First, block.Count, (byte)_input.ZeroPoint, bases, term.RowStride);
            if (term.RowStride == Shape.Depth && term.RowsAreWholeRuns) term.EncodeRow(bases[..(block.Count * Shape.Depth)], rows[..(block.Count * Shape.Depth)]);
            else for (var r = 0; r < block.Count; r++) term.EncodeRow(bases.Slice(r * term.RowStride, Shape.Depth), rows.Slice(r * term.RowStride, Shape.Depth));
        }
        else
        {
            Im2Col.Pack(map, Shape, group, block.First, block.Count, (byte)term.Padding, rows, term.RowStride);
        }

        Int8Gemm.Multiply(rows, term.RowStride, block.Count, term.Bytes[group], sums, Shape.OutChannels, term.LargestCode);
    }

    private void MultiplyShorts<T>(TermPlan term, int group, in Block block, Span<short> map, Span<T> sums)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<short> rows;
        var stride = term.RowStride;
        if (term.Source == TermSource.Rows)
        {
            PackBaseRows(group, block, stride);
            rows = block.Encoded;
            for (var r = 0; r < block.Count; r++) term.EncodeRow(block.Rows.Slice(r * stride, Shape.Depth), Shape.ChannelsPerGroup, rows.Slice(r * stride, Shape.Depth));
        }
        else
        {
            rows = block.Rows;
            Im2Col.Pack(map, Shape, group, block.First, block.Count, term.Padding, rows, stride);
        }

        if (typeof(T) == typeof(long)) Int16Gemm.MultiplyWide(rows, stride, block.Count, term.Shorts[group], MemoryMarshal.Cast<T, long>(sums), Shape.OutChannels);
        else Int16Gemm.Multiply(rows, stride, block.Count, term.Shorts[group], MemoryMarshal.Cast<T, int>(sums), Shape.OutChannels);
    }

    /// <summary>Packs patch rows of base codes as 16-bit integers.</summary>
    private void PackBaseRows(int group, in Block block, int stride)
    {
        if (_baseShift < 0)
        {
            Im2Col.Pack(MemoryMarshal.Cast<byte, short>(block.BaseCodes), Shape, group, block.First, block.Count, (short)_input.ZeroPoint, block.Rows, stride);
            return;
        }

        var bytes = MemoryMarshal.AsBytes(block.Encoded);
        Im2Col.Pack(block.BaseCodes, Shape, group, block.First, block.Count, (byte)(_input.ZeroPoint + _baseShift), bytes, stride);
        for (var i = 0; i < block.Count * stride; i++) block.Rows[i] = (short)(bytes[i] - _baseShift);
    }

    private static void Accumulate<T>(Span<T> sums, ReadOnlySpan<T> product, T coefficient)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (coefficient == T.One) TensorPrimitives.Add(sums, product, sums);
        else TensorPrimitives.MultiplyAdd(product, coefficient, sums, sums);
    }

    private static void Scale<T>(Span<T> sums, T coefficient)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 0; i < sums.Length; i++) sums[i] = unchecked(sums[i] * coefficient);
    }

    private void AddGroup<T>(ReadOnlySpan<T> sums, int group, Span<double> total, bool first)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var m = i % Shape.OutChannels;
            // A 32-bit sum wraps with its offset; the group's bound says that the sum of both fits.
            var sum = unchecked(sums[i] + T.CreateTruncating(_offsets[group][m]));
            var value = _scales[group][m] * double.CreateChecked(sum);
            total[i] = first ? value : total[i] + value;
        }
    }

    private readonly ref struct Block(int first, int count, Span<byte> baseCodes, Span<byte> operands, Span<int> sparseSums, Span<short> rows, Span<short> encoded)
    {
        public int First { get; } = first;

        public int Count { get; } = count;

        public Span<byte> BaseCodes { get; } = baseCodes;

        public Span<byte> Operands { get; } = operands;

        public Span<int> SparseSums { get; } = sparseSums;

        public Span<short> Rows { get; } = rows;

        public Span<short> Encoded { get; } = encoded;
    }
}

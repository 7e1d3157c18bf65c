using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>
/// A dot-product layer of general sums of integer products: over runs of a patch with scales of their own, of 16-bit codes, of codes that look at their
/// neighbours. <c>y = clamp((float)Σ scale[g][m] · (offset[g][m] + Σ coefficient · (a · w)) + bias[m])</c>, integer sums exact.
/// </summary>
public sealed class SumProductStep : LayerStep
{
    private const int BlockBytes = 96 * 1024;

    // A packed product reads rows up to its padded depth.
    private const int Margin = 64;

    private readonly SumParts _parts;
    private readonly StoredPlane[] _stored;
    private readonly SumOperandCodes[] _operands;
    private readonly SumTermProduct[][] _terms;
    private readonly SumDepthwise? _depthwise;
    private readonly double[][] _scales;
    private readonly long[][] _offsets;
    private readonly int[][] _narrowOffsets;
    private readonly bool _inBytes;
    private readonly bool _isWide;
    private readonly int _rowStride;
    private readonly int _blockRows;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The value that it reads.</param>
    /// <param name="output">The value that it makes.</param>
    /// <param name="parts">What it consists of.</param>
    /// <exception cref="ArgumentException">Its sums may leave 64 bits.</exception>
    public SumProductStep(string name, IReadOnlyList<int> inputs, int output, SumParts parts)
        : this(name, inputs, output, parts, [.. parts.Planes.Select(plane => StoredPlane.Of(plane, sharesBytes: false))])
    {
    }

    private SumProductStep(string name, IReadOnlyList<int> inputs, int output, SumParts parts, StoredPlane[] stored)
        : base(name, inputs, output)
    {
        (_parts, _stored) = (parts, stored);
        var shape = parts.Geometry;
        _operands = [.. parts.Operands.Select(operand => new SumOperandCodes(operand, parts.Encoder))];
        var bound = SumBounds.Of(parts, _operands);
        _isWide = bound > int.MaxValue;
        _inBytes = !_isWide && parts.Encoder.IsBytes && _operands.All(operand => operand.FitsBytes) && parts.Planes.All(plane => plane.All(weight => weight is >= sbyte.MinValue and <= sbyte.MaxValue));
        if (!_isWide && SumDepthwise.Fits(parts)) _depthwise = new SumDepthwise(parts, _operands[parts.Groups[0].Terms[0].Operand], _inBytes);
        _terms = _depthwise is not null ? [] : [.. parts.Groups.Select(group => group.Terms.Select(term => new SumTermProduct(shape, group, term, parts.Planes[term.Plane], _operands[term.Operand], _inBytes)).ToArray())];
        _scales = [.. parts.Groups.Select(group => Array.ConvertAll(group.Scales, scale => (double)scale))];
        _offsets = [.. parts.Groups.Select(group => _inBytes ? SumBounds.ShiftedOffsets(parts, group, _operands) : group.Offsets)];
        // A 32-bit sum wraps with its offset; the bound says that the sum of both fits.
        _narrowOffsets = [.. _offsets.Select(offsets => Array.ConvertAll(offsets, offset => unchecked((int)offset)))];
        _rowStride = checked(shape.Depth + 3) / 4 * 4;
        _blockRows = _depthwise is not null ? shape.Positions : (int)Math.Clamp(BlockBytes / ((long)_rowStride * CodeBytes), 1, shape.Positions);
    }

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var bits = _stored.Max(plane => plane.Bits);
            var format = !_inBytes ? "int16" : bits > 4 ? "int8" : $"bits{bits}";
            var sums = _parts.Groups.Count > 1 ? $" in {_parts.Groups.Count} groups" : "";
            return $"{format} product{sums}{(_parts.Operands.Any(operand => operand.Distance > 0) ? " of pairs" : "")}";
        }
    }

    /// <inheritdoc/>
    public override long Macs => _parts.Geometry.Macs;

    /// <inheritdoc/>
    public override long Weights => (long)_parts.Geometry.OutChannels * _parts.Geometry.Depth;

    /// <inheritdoc/>
    public override long Biases => _parts.Geometry.OutChannels;

    /// <inheritdoc/>
    public override long WeightBits
        => 8 * (_stored.Sum(plane => (long)plane.Length) + _parts.Groups.Sum(group => (sizeof(float) * (long)group.Scales.Length) + (group.Offsets.AsSpan().IndexOfAnyExcept(0) < 0 ? 0 : sizeof(long) * (long)group.Offsets.Length))
            + (_parts.Bias.AsSpan().IndexOfAnyExcept(0f) < 0 ? 0 : sizeof(float) * (long)_parts.Bias.Length));

    /// <inheritdoc/>
    public override ProductKernel? Kernel => _depthwise is not null ? ProductKernel.Depthwise : _inBytes ? _terms[0][0].Kernel : _isWide ? ProductKernel.Int16Wide : ProductKernel.Int16;

    internal override StepKind Kind => StepKind.SumProduct;

    internal override long SharedBytes => BaseBytes + (_depthwise?.SharedBytes ?? 0);

    internal override long WorkerBytes => _depthwise is not null ? SessionFrame.Bytes<int>((long)_blockRows * _parts.Geometry.OutChannels)
        : (RowBytes * (1 + _operands.Length)) + (2 * SumBytes) + SessionFrame.Bytes<double>((long)_blockRows * _parts.Geometry.OutChannels);

    internal override int Tiles => (_parts.Geometry.Positions + _blockRows - 1) / _blockRows;

    internal override int TileChannels => _parts.Geometry.OutChannels;

    private long MapLength => (long)_parts.Geometry.InHeight * _parts.Geometry.InWidth * _parts.Geometry.InChannels;

    private long BaseBytes => SessionFrame.Bytes<byte>((MapLength + Margin) * CodeBytes);

    private int CodeBytes => _inBytes ? sizeof(byte) : sizeof(short);

    private long RowBytes => SessionFrame.Bytes<byte>((((long)_blockRows * _rowStride) + Margin) * CodeBytes);

    private long SumBytes => SessionFrame.Bytes<long>((long)_blockRows * _parts.Geometry.OutputsPerGroup);

    /// <inheritdoc/>
    public override SumProductStep SharingBytes() => new(Name, Inputs, Output, _parts, [.. _parts.Planes.Select(plane => StoredPlane.Of(plane, sharesBytes: true))]);

    internal override (int First, int Count) ElementsOf(int tile) => PositionTiles.Elements(_parts.Geometry, _blockRows, tile);

    internal override PackedStep To(int output) => new SumProductStep(Name, Inputs, output, _parts, _stored);

    internal override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        if (_inBytes) _parts.Encoder.Encode(x, shared[..x.Length]);
        else _parts.Encoder.Encode(x, MemoryMarshal.Cast<byte, short>(shared)[..x.Length]);
        _depthwise?.Prepare(shared, shared[(int)BaseBytes..]);
    }

    internal override void RunBlock(int tile, ReadOnlySpan<float> x, Span<float> block, Span<byte> shared, Span<byte> memory)
    {
        if (_depthwise is not null)
        {
            RunDepthwise(block, shared, memory);
            return;
        }

        var shape = _parts.Geometry;
        var first = tile * _blockRows;
        var count = Math.Min(_blockRows, shape.Positions - first);
        var totals = MemoryMarshal.Cast<byte, double>(memory)[..(count * shape.OutChannels)];
        memory = memory[(int)SessionFrame.Bytes<double>((long)_blockRows * shape.OutChannels)..];
        totals.Clear();
        for (var channels = 0; channels < shape.Groups; channels++)
        {
            var rows = memory[(2 * (int)SumBytes)..];
            if (_inBytes) PrepareRows(MemoryMarshal.Cast<byte, byte>(shared), (byte)(_parts.Encoder.ZeroPoint - _parts.Encoder.Lowest), channels, first, count, rows);
            else PrepareRows(MemoryMarshal.Cast<byte, short>(shared), (short)_parts.Encoder.ZeroPoint, channels, first, count, rows);
            for (var group = 0; group < _terms.Length; group++)
            {
                if (_isWide) RunGroup<long>(group, channels, count, rows, memory, totals, block);
                else RunGroup<int>(group, channels, count, rows, memory, totals, block);
            }
        }

        if (_terms.Length > 1) ScaledSums.Store(totals, _parts.Bias, _parts.Lowest, _parts.Highest, block);
    }

    internal override void Write(PackedWriter writer) => SumFormat.Write(writer, _parts, _stored);

    internal static SumProductStep Read(PackedReader reader, StepPlace place)
    {
        var (parts, stored) = SumFormat.Read(reader, place);
        return new SumProductStep(place.Name, place.Inputs, place.Output, parts, stored);
    }

    private void RunDepthwise(Span<float> block, Span<byte> shared, Span<byte> memory)
    {
        var sums = MemoryMarshal.Cast<byte, int>(memory)[..block.Length];
        _depthwise!.Multiply(shared[(int)BaseBytes..], sums);
        var channels = _parts.Geometry.OutChannels;
        Epilogue.Dequantize(sums, _blockRows, channels, channels, _narrowOffsets[0], _parts.Groups[0].Scales, _parts.Bias, _parts.Lowest, _parts.Highest, block, channels);
    }

    /// <summary>Patches of base codes, and behind them those of each operand that differs.</summary>
    private void PrepareRows<T>(ReadOnlySpan<T> map, T padding, int channels, int first, int count, Span<byte> rows) where T : unmanaged
    {
        var depth = _parts.Geometry.Depth;
        var bases = MemoryMarshal.Cast<byte, T>(rows);
        Im2Col.Pack(map, _parts.Geometry, channels, first, count, padding, bases, _rowStride);
        for (var i = 0; i < _operands.Length; i++)
        {
            if (_inBytes && _operands[i].IsBase) continue;
            var codes = rows[((i + 1) * (int)RowBytes)..];
            for (var row = 0; row < count; row++)
            {
                var at = row * _rowStride;
                if (_inBytes) _operands[i].Encode(rows.Slice(at, depth), codes.Slice(at, depth));
                else _operands[i].Encode(MemoryMarshal.Cast<byte, short>(rows).Slice(at, depth), MemoryMarshal.Cast<byte, short>(codes).Slice(at, depth));
            }
        }
    }

    private void RunGroup<T>(int group, int channels, int count, Span<byte> rows, Span<byte> memory, Span<double> totals, Span<float> y) where T : unmanaged, IBinaryInteger<T>
    {
        var shape = _parts.Geometry;
        var outputs = shape.OutputsPerGroup;
        var sums = MemoryMarshal.Cast<byte, T>(memory)[..(count * outputs)];
        var product = MemoryMarshal.Cast<byte, T>(memory[(int)SumBytes..])[..sums.Length];
        for (var i = 0; i < _terms[group].Length; i++)
        {
            var term = _terms[group][i];
            Multiply(term, channels, count, rows, i == 0 ? sums : product);
            if (i > 0) TensorPrimitives.MultiplyAdd<T>(product, T.CreateTruncating(term.Coefficient), sums, sums);
            else if (term.Coefficient != 1) TensorPrimitives.Multiply<T>(sums, T.CreateTruncating(term.Coefficient), sums);
        }

        var (first, scales) = (channels * outputs, _parts.Groups[group].Scales);
        if (_terms.Length > 1)
        {
            if (typeof(T) == typeof(long)) ScaledSums.Add(MemoryMarshal.Cast<T, long>(sums), _offsets[group].AsSpan(first, outputs), _scales[group].AsSpan(first, outputs), totals[first..], shape.OutChannels);
            else ScaledSums.Add(MemoryMarshal.Cast<T, int>(sums), _narrowOffsets[group].AsSpan(first, outputs), _scales[group].AsSpan(first, outputs), totals[first..], shape.OutChannels);
            return;
        }

        var bias = _parts.Bias.AsSpan(first, outputs);
        if (typeof(T) == typeof(long)) Epilogue.Dequantize(MemoryMarshal.Cast<T, long>(sums), count, outputs, outputs, _offsets[group].AsSpan(first, outputs), scales.AsSpan(first, outputs), bias, _parts.Lowest, _parts.Highest, y[first..], shape.OutChannels);
        else Epilogue.Dequantize(MemoryMarshal.Cast<T, int>(sums), count, outputs, outputs, _narrowOffsets[group].AsSpan(first, outputs), scales.AsSpan(first, outputs), bias, _parts.Lowest, _parts.Highest, y[first..], shape.OutChannels);
    }

    private void Multiply<T>(SumTermProduct term, int channels, int count, Span<byte> rows, Span<T> sums) where T : unmanaged
    {
        var operand = _inBytes && _operands[term.Operand].IsBase ? rows : rows[((term.Operand + 1) * (int)RowBytes)..];
        if (_inBytes) term.Multiply(operand, _rowStride, count, channels, MemoryMarshal.Cast<T, int>(sums));
        else if (typeof(T) == typeof(long)) term.Multiply(MemoryMarshal.Cast<byte, short>(operand), _rowStride, count, channels, MemoryMarshal.Cast<T, long>(sums));
        else term.Multiply(MemoryMarshal.Cast<byte, short>(operand), _rowStride, count, channels, MemoryMarshal.Cast<T, int>(sums));
    }
}

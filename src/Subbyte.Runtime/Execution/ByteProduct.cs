using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Layers of byte codes: INT8 weights, or weights of two and four bits that are unpacked on their way to the multipliers.</summary>
internal sealed class ByteProduct : CodeProduct
{
    private const int BlockBytes = 96 * 1024;

    private const int MostLinesOfLowBits = 8;

    // A packed row is read up to its padded depth, so the last row of a map may be read past its end.
    private const int MapMargin = 64;

    // The sums of a slice of a depthwise layer stay in the second cache.
    private const int SumsOfSlice = 1 << 15;

    private readonly ActivationEncoder _encoder;
    private readonly bool _planar;
    private readonly byte[]? _table;
    private readonly byte _padding;
    private readonly int _largestCode;
    private readonly PackedInt8Matrix[] _weights;
    private readonly PackedLowBitMatrix? _lowBits;
    private readonly sbyte[] _depthwise;
    private readonly (int FirstLine, ConvolutionGeometry Geometry)[] _slices = [];
    private readonly PatchMap? _patches;
    private readonly int _length;
    private readonly int _rowStride;

    /// <summary>A layer.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="encoder">How the input becomes codes.</param>
    /// <param name="table">What each code becomes, or null for itself.</param>
    /// <param name="padding">The code, after the table, of padded positions.</param>
    /// <param name="weights">INT8 weights [output][k], or null.</param>
    /// <param name="lowBits">Packed weights in the order of <see cref="Depth"/>, or null.</param>
    /// <param name="planar">Whether the channels of the input lie one after the other.</param>
    public ByteProduct(ConvolutionGeometry geometry, ActivationEncoder encoder, byte[]? table, byte padding, sbyte[]? weights, PackedLowBitMatrix? lowBits, bool planar = false)
        : base(geometry, Tile(geometry, lowBits))
    {
        (_encoder, _table, _padding, _lowBits, _planar) = (encoder, table, padding, lowBits, planar);
        _largestCode = table is null ? encoder.Largest : table.AsSpan(0, encoder.Largest + 1).ToArray().Append(padding).Max();
        _length = geometry.InHeight * geometry.InWidth * geometry.InChannels;
        _patches = Patches(geometry);
        (_weights, _depthwise) = ([], []);
        if (weights is not null && geometry.IsDepthwise)
        {
            _depthwise = Transpose(weights, geometry);
            _slices = [.. Enumerable.Range(0, (geometry.Positions + PositionsOfTile - 1) / PositionsOfTile).Select(Slice)];
        }
        else if (weights is not null) _weights = Pack(weights);
        _rowStride = Depth(geometry) + PackedInt8Matrix.Step;
    }

    public override ProductKernel Kernel => Geometry.IsDepthwise ? ProductKernel.Depthwise
        : _lowBits is not null && _patches is not null ? LowBitGemm.Kernel(Geometry, _lowBits, _largestCode)
        : Int8Gemm.Kernel(_lowBits?.LargestMagnitude ?? _weights.Max(matrix => matrix.LargestMagnitude), _largestCode);

    public override CodeForm? Form => _planar ? null : new(_encoder, 0, Geometry.InChannels);

    public override long SharedBytes => (2 * SessionFrame.Bytes<byte>(_length + MapMargin)) + (_patches is null ? 0 : SessionFrame.Bytes<byte>(_patches.Length + MapMargin));

    public override long WorkerBytes => ReadsRows ? SessionFrame.Bytes<byte>((long)PositionsOfTile * _rowStride) : 0;

    private bool ReadsRows => _patches is null && !Geometry.IsDepthwise && !Geometry.IsPointwise;

    /// <summary>Whether weights of few bits can be multiplied so: one group.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <returns>True when they can.</returns>
    public static bool FitsLowBits(ConvolutionGeometry geometry) => geometry.Groups == 1;

    /// <summary>Weights of an output with what fills channels up: the depth of packed weights.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <returns>The depth.</returns>
    public static int Depth(ConvolutionGeometry geometry) => Patches(geometry)?.Depth ?? geometry.Depth;

    /// <summary>Weights in the order of <see cref="Depth"/>.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <returns>The same, with zeros where channels were added.</returns>
    public static ReadOnlySpan<sbyte> Pad(ConvolutionGeometry geometry, ReadOnlySpan<sbyte> weights) => Patches(geometry) is { } patches ? patches.PadWeights(weights) : weights;

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        var codes = shared[.._length];
        var bases = shared.Slice((int)SessionFrame.Bytes<byte>(_length + MapMargin), _length);
        if (_planar)
        {
            // Bytes are transposed sooner than floats.
            _encoder.Encode(x, bases);
            if (_table is not null) TableLookup.Map(bases, _table, bases);
            CodeTransposition.Run(bases, Geometry.InChannels, _length / Geometry.InChannels, codes);
        }
        else if (_table is not null)
        {
            _encoder.Encode(x, bases);
            TableLookup.Map(bases, _table, codes);
        }
        else
        {
            _encoder.Encode(x, codes);
        }

        _patches?.Fill<byte>(codes, _padding, Padded(shared));
    }

    public override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        var map = shared[.._length];
        if (_table is not null) TableLookup.Map(codes, _table, map);
        else if (_patches is null) codes.CopyTo(map);
        _patches?.Fill(_table is null ? codes : map, _padding, Padded(shared));
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        var g = Geometry;
        if (g.IsDepthwise)
        {
            var (line, slice) = _slices[first / PositionsOfTile];
            DepthwiseConvolution.Int8(shared[(line * g.InWidth * g.InChannels).._length], slice, _depthwise, _padding, sums);
            return;
        }

        if (_patches is not null)
        {
            if (_lowBits is not null) LowBitGemm.MultiplyPatches(Padded(shared), _patches, first / g.OutWidth, count / g.OutWidth, _lowBits, sums, g.OutChannels, _largestCode);
            else Int8Gemm.MultiplyPatches(Padded(shared), _patches, first / g.OutWidth, count / g.OutWidth, _weights[0], sums, g.OutChannels, _largestCode);
            return;
        }

        for (var group = 0; group < g.Groups; group++)
        {
            ReadOnlySpan<byte> rows = shared[(first * g.Depth)..];
            var stride = g.Depth;
            if (!g.IsPointwise)
            {
                Im2Col.Pack(shared[.._length], g, group, first, count, _padding, worker, _rowStride);
                rows = worker;
                stride = _rowStride;
            }

            var target = sums[(group * g.OutputsPerGroup)..];
            if (_lowBits is not null) LowBitGemm.Multiply(rows, stride, count, _lowBits, target, g.OutChannels, _largestCode);
            else Int8Gemm.Multiply(rows, stride, count, _weights[group], target, g.OutChannels, _largestCode);
        }
    }

    private static PatchMap? Patches(ConvolutionGeometry g) => g.IsDepthwise ? null : PatchMap.For(g, PackedInt8Matrix.Step);

    private static int Tile(ConvolutionGeometry g, PackedLowBitMatrix? lowBits)
    {
        if (g.IsDepthwise) return MeetsMap(g) ? LinesOfTile(g, SumsOfSlice / g.OutChannels) : g.Positions;
        if (lowBits is not null && Patches(g) is not null) return LinesOfLowBits(g);
        if (Patches(g) is not null) return LinesOfTile(g);
        return g.IsPointwise ? RowsOfTile(g) : Math.Clamp(BlockBytes / g.Depth, 1, g.Positions);
    }

    /// <summary>A tile unpacks its weights, or makes the tables of lines that its neighbours make too, so it has more lines than one of bytes.</summary>
    private static int LinesOfLowBits(ConvolutionGeometry g) => LinesOfTile(g, MostLinesOfLowBits * g.OutWidth);

    /// <summary>Whether the window of each line of output meets the map, so that the lines that a slice reads are known.</summary>
    private static bool MeetsMap(ConvolutionGeometry g) => Math.Max(g.PadTop, g.PadBottom) <= (g.KernelHeight - 1) * g.DilationHeight;

    /// <summary>The part of a depthwise layer that makes a tile: the lines that it reads as a map of their own.</summary>
    private (int FirstLine, ConvolutionGeometry Geometry) Slice(int tile)
    {
        var g = Geometry;
        var (first, lines) = (tile * PositionsOfTile / g.OutWidth, Math.Min(PositionsOfTile, g.Positions - (tile * PositionsOfTile)) / g.OutWidth);
        var start = (first * g.StrideHeight) - g.PadTop;
        var end = start + ((lines - 1) * g.StrideHeight) + ((g.KernelHeight - 1) * g.DilationHeight) + 1;
        if (!MeetsMap(g)) return (0, g);
        var (from, to) = (Math.Max(start, 0), Math.Min(end, g.InHeight));
        return (from, g with { InHeight = to - from, PadTop = from - start, PadBottom = end - to });
    }

    private static sbyte[] Transpose(sbyte[] weights, ConvolutionGeometry g)
    {
        var transposed = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++) transposed[(i % g.Depth * g.OutChannels) + (i / g.Depth)] = weights[i];
        return transposed;
    }

    private PackedInt8Matrix[] Pack(sbyte[] weights)
    {
        var g = Geometry;
        if (_patches is not null) return [PackedInt8Matrix.Pack(_patches.PadWeights<sbyte>(weights), g.OutChannels, _patches.Depth)];
        var length = g.OutputsPerGroup * g.Depth;
        return [.. Enumerable.Range(0, g.Groups).Select(group => PackedInt8Matrix.Pack(weights.AsSpan(group * length, length), g.OutputsPerGroup, g.Depth))];
    }

    private Span<byte> Padded(Span<byte> shared) => shared.Slice(2 * (int)SessionFrame.Bytes<byte>(_length + MapMargin), _patches!.Length);
}

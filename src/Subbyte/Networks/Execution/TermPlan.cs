using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Networks.Execution;

/// <summary>How the codes of a term reach the product.</summary>
internal enum TermSource
{
    /// <summary>Bytes, encoded over the whole feature map.</summary>
    ByteMap,

    /// <summary>16-bit codes, encoded over the whole feature map.</summary>
    ShortMap,

    /// <summary>16-bit codes, encoded patch row by patch row.</summary>
    Rows,
}

/// <summary>One product of a lowered layer made ready to run: where its codes come from, its tables, its packed weights.</summary>
internal sealed class TermPlan
{
    private readonly ProductTerm _term;
    private readonly byte[]? _byteTable;
    private readonly short[]? _shortTable;
    private readonly int _baseLowest;

    /// <summary>Plans a term.</summary>
    /// <param name="term">The term.</param>
    /// <param name="baseRange">Range of the base codes.</param>
    /// <param name="baseShift">What byte base codes have been shifted by, or −1 when base codes are 16 bits.</param>
    /// <param name="shape">Geometry.</param>
    /// <param name="mayNegate">Whether rows may be negated, so that a weight of +128 fits a byte.</param>
    /// <param name="directDepthwise">Whether the depthwise kernel runs the layer.</param>
    public TermPlan(ProductTerm term, CodeRange baseRange, int baseShift, ConvolutionGeometry shape, bool mayNegate, bool directDepthwise)
    {
        _term = term;
        _baseLowest = baseRange.Lowest;
        var range = term.Activation.Range;
        var shift = Math.Max(0, -range.Lowest);
        Negated = new bool[shape.OutChannels];
        var narrow = baseShift >= 0 && range.Highest + shift <= byte.MaxValue && TryNegate(term.Weights, shape, mayNegate);
        if (term.Activation.Reach == CodeReach.Element)
        {
            Source = narrow ? TermSource.ByteMap : TermSource.ShortMap;
            if (narrow) _byteTable = ByteTable(term.Activation.Table, baseShift + baseRange.Lowest, shift);
            else _shortTable = baseShift < 0 ? term.Activation.Table.ToArray() : ShortTable(term.Activation.Table, baseShift + baseRange.Lowest);
        }
        else
        {
            var wholeRuns = term.Activation.Reach == CodeReach.Run && shape.ChannelsPerGroup % term.Activation.RunLength == 0;
            Source = narrow && wholeRuns && baseShift == 0 && shift == 0 && HasByteForm(term.Activation) ? TermSource.ByteMap : TermSource.Rows;
        }

        if (Source == TermSource.ByteMap) Shift = shift;
        else Array.Clear(Negated);
        Pack(shape, directDepthwise);
    }

    /// <summary>Where the codes come from.</summary>
    public TermSource Source { get; }

    /// <summary>What byte codes are shifted by to be unsigned; the product is Shift·ΣW too large.</summary>
    public int Shift { get; }

    /// <summary>Integer factor.</summary>
    public int Coefficient => _term.Coefficient;

    /// <summary>Output channels whose weights are negated in the packed form.</summary>
    public bool[] Negated { get; }

    /// <summary>Packed weights by group, for <see cref="TermSource.ByteMap"/>.</summary>
    public PackedInt8Matrix[] Bytes { get; private set; } = [];

    /// <summary>Packed weights by group, for the other sources.</summary>
    public PackedInt16Matrix[] Shorts { get; private set; } = [];

    /// <summary>Depthwise weights [k][channels] as bytes.</summary>
    public sbyte[] DepthwiseBytes { get; private set; } = [];

    /// <summary>Depthwise weights [k][channels] as 16-bit integers.</summary>
    public short[] DepthwiseShorts { get; private set; } = [];

    /// <summary>Elements that a packed patch row takes.</summary>
    public int RowStride => Source == TermSource.ByteMap ? Bytes.Length == 0 ? 0 : Bytes[0].PaddedDepth : Shorts.Length == 0 ? 0 : Shorts[0].PaddedDepth;

    /// <summary>Sum of the weights of an output channel as they are packed.</summary>
    /// <param name="output">Output channel.</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>The sum.</returns>
    public long PackedSum(int output, int depth)
    {
        long sum = 0;
        foreach (var weight in _term.Weights.AsSpan(output * depth, depth)) sum += weight;
        return Negated[output] ? -sum : sum;
    }

    /// <summary>Encodes a map of byte base codes to bytes.</summary>
    /// <param name="map">Base codes.</param>
    /// <param name="codes">Codes.</param>
    public void Encode(ReadOnlySpan<byte> map, Span<byte> codes)
    {
        if (_byteTable is not null) TableLookup.Map(map, _byteTable, codes);
        else _term.Activation.TryEncode(map, codes);
    }

    /// <summary>Encodes a map of byte base codes to 16-bit codes.</summary>
    /// <param name="map">Base codes.</param>
    /// <param name="codes">Codes.</param>
    public void Encode(ReadOnlySpan<byte> map, Span<short> codes) => TableLookup.Map(map, _shortTable, codes);

    /// <summary>Encodes a map of 16-bit base codes.</summary>
    /// <param name="map">Base codes.</param>
    /// <param name="codes">Codes.</param>
    public void Encode(ReadOnlySpan<short> map, Span<short> codes) => TableLookup.Map(map, _baseLowest, _shortTable, codes);

    /// <summary>Encodes one patch row.</summary>
    /// <param name="patch">Base codes.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="codes">Codes.</param>
    public void EncodeRow(ReadOnlySpan<short> patch, int channels, Span<short> codes) => _term.Activation.Encode(patch, channels, codes);

    private static byte[] ByteTable(ReadOnlySpan<short> table, int first, int shift)
    {
        var bytes = new byte[256];
        for (var i = 0; i < table.Length; i++) bytes[first + i] = (byte)(table[i] + shift);
        return bytes;
    }

    private static short[] ShortTable(ReadOnlySpan<short> table, int first)
    {
        var codes = new short[256];
        table.CopyTo(codes.AsSpan(first));
        return codes;
    }

    private static bool HasByteForm(IActivationCode code)
    {
        var run = new byte[code.RunLength];
        return code.TryEncode(run, new byte[run.Length]);
    }

    private bool TryNegate(short[] weights, ConvolutionGeometry shape, bool mayNegate)
    {
        for (var m = 0; m < shape.OutChannels; m++)
        {
            var range = CodeRange.Of(weights.AsSpan(m * shape.Depth, shape.Depth));
            if (range.Lowest >= sbyte.MinValue && range.Highest <= sbyte.MaxValue) continue;
            if (!mayNegate || -range.Highest < sbyte.MinValue || -range.Lowest > sbyte.MaxValue) return false;
            Negated[m] = true;
        }

        return true;
    }

    private void Pack(ConvolutionGeometry shape, bool directDepthwise)
    {
        var groupLength = shape.OutputsPerGroup * shape.Depth;
        if (Source == TermSource.ByteMap)
        {
            var weights = new sbyte[_term.Weights.Length];
            for (var i = 0; i < weights.Length; i++) weights[i] = (sbyte)(Negated[i / shape.Depth] ? -_term.Weights[i] : _term.Weights[i]);
            if (directDepthwise) DepthwiseBytes = Depthwise.Transpose<sbyte>(weights, shape.OutChannels, shape.Depth);
            else Bytes = [.. Enumerable.Range(0, shape.Groups).Select(group => PackedInt8Matrix.Pack(weights.AsSpan(group * groupLength, groupLength), shape.OutputsPerGroup, shape.Depth))];
        }
        else if (directDepthwise)
        {
            DepthwiseShorts = Depthwise.Transpose<short>(_term.Weights, shape.OutChannels, shape.Depth);
        }
        else
        {
            Shorts = [.. Enumerable.Range(0, shape.Groups).Select(group => PackedInt16Matrix.Pack(_term.Weights.AsSpan(group * groupLength, groupLength), shape.OutputsPerGroup, shape.Depth))];
        }
    }
}

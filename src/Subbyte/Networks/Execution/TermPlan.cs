using System.Runtime.InteropServices;
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

    /// <summary>Bytes, encoded patch row by patch row.</summary>
    ByteRows,

    /// <summary>16-bit codes, encoded patch row by patch row.</summary>
    Rows,
}

/// <summary>One product of a lowered layer made ready to run: where its codes come from, its tables, its packed weights.</summary>
internal sealed class TermPlan
{
    /// <summary>Elements past a map that may be read: a packed row is read up to its padded depth, so the last row of a map may be read past its end.</summary>
    public const int MapMargin = 64;

    private readonly ProductTerm _term;
    private readonly byte[]? _byteTable;
    private readonly short[]? _shortTable;
    private readonly int _baseLowest;
    private readonly int _length;

    /// <summary>Plans a term; <see cref="Pack"/> completes it.</summary>
    /// <param name="term">The term.</param>
    /// <param name="input">Base codes.</param>
    /// <param name="baseShift">What byte base codes have been shifted by, or −1 when base codes are 16 bits.</param>
    /// <param name="shape">Geometry.</param>
    /// <param name="mayNegate">Whether rows may be negated, so that a weight of +128 fits a byte.</param>
    public TermPlan(ProductTerm term, IActivationQuantizer input, int baseShift, ConvolutionGeometry shape, bool mayNegate)
    {
        _term = term;
        var baseRange = input.Range;
        _baseLowest = baseRange.Lowest;
        _length = shape.InHeight * shape.InWidth * shape.InChannels;
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
            var inBytes = narrow && baseShift == 0 && HasByteForm(term.Activation, shape.Depth);
            RowsAreWholeRuns = shape.Depth % term.Activation.RunLength == 0;
            Source = !inBytes ? TermSource.Rows : wholeRuns ? TermSource.ByteMap : TermSource.ByteRows;
        }

        if (IsBytes) Shift = shift;
        else Array.Clear(Negated);
        UsesBaseCodes = Source switch
        {
            TermSource.ByteMap => _byteTable is not null && IsIdentity<byte>(_byteTable.AsSpan(baseShift + baseRange.Lowest, baseRange.Count), baseShift + baseRange.Lowest),
            TermSource.ShortMap => baseShift < 0 && IsIdentity<short>(_shortTable, baseRange.Lowest),
            _ => false,
        };
        Kernel = IsBytes ? Int8Gemm.Kernel(LargestMagnitude(term.Weights), range.Highest + shift) : ProductKernel.Int16;
        LargestCode = range.Highest + shift;
        if (!EncodesRows) Padding = PaddingCode(input.ZeroPoint, baseShift);
    }

    /// <summary>Where the codes come from.</summary>
    public TermSource Source { get; }

    /// <summary>Whether codes are made patch row by patch row, not over the map.</summary>
    public bool EncodesRows => Source is TermSource.Rows or TermSource.ByteRows;

    /// <summary>Whether runs end where a patch row ends, so that rows behind one another can be encoded in one go.</summary>
    public bool RowsAreWholeRuns { get; }

    /// <summary>What byte codes are shifted by to be unsigned; the product is Shift·ΣW too large.</summary>
    public int Shift { get; }

    /// <summary>Integer factor.</summary>
    public int Coefficient => _term.Coefficient;

    /// <summary>Largest code of the activations as they are multiplied.</summary>
    public int LargestCode { get; }

    /// <summary>The kernel that multiplies.</summary>
    public ProductKernel Kernel { get; }

    /// <summary>Whether the base codes are the codes.</summary>
    public bool UsesBaseCodes { get; }

    /// <summary>The code of padded positions, of terms that work on maps.</summary>
    public short Padding { get; }

    /// <summary>Where patches are read in place, or null where they are copied to rows.</summary>
    public PatchMap? Patches { get; private set; }

    /// <summary>Whether the products take 16-bit codes.</summary>
    public bool MultipliesShorts => !IsBytes || (Patches is not null && Kernel == ProductKernel.Widened);

    /// <summary>Bytes of scratch memory that <see cref="Prepare"/> needs.</summary>
    public long ScratchBytes => EncodesRows ? 0 : ScratchAllocator.Bytes<short>(_length + MapMargin) + (Patches is null ? 0 : ScratchAllocator.Bytes<short>(Patches.Length));

    /// <summary>Output channels whose weights are negated in the packed form.</summary>
    public bool[] Negated { get; }

    /// <summary>Packed weights by group, of bytes.</summary>
    public PackedInt8Matrix[] Bytes { get; private set; } = [];

    /// <summary>Packed weights by group, where products take 16-bit codes.</summary>
    public PackedInt16Matrix[] Shorts { get; private set; } = [];

    /// <summary>Depthwise weights [k][channels] as bytes.</summary>
    public sbyte[] DepthwiseBytes { get; private set; } = [];

    /// <summary>Depthwise weights [k][channels] as 16-bit integers.</summary>
    public short[] DepthwiseShorts { get; private set; } = [];

    /// <summary>Elements that a packed patch row takes.</summary>
    public int RowStride => Bytes.Length > 0 ? Bytes[0].PaddedDepth : Shorts.Length > 0 ? Shorts[0].PaddedDepth : 0;

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

    /// <summary>Where patches of a layer's terms could be read in place.</summary>
    /// <param name="shape">Geometry.</param>
    /// <returns>The padded map, or null.</returns>
    public PatchMap? FindPatches(ConvolutionGeometry shape)
        => EncodesRows ? null : PatchMap.For(shape, Source == TermSource.ByteMap && Kernel != ProductKernel.Widened ? 4 : 2);

    /// <summary>Encodes the map and, where patches are read in place, pads it.</summary>
    /// <param name="baseCodes">Base codes of the map: bytes, or 16-bit codes.</param>
    /// <param name="areBytes">Whether they are bytes.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes, which keep the result.</param>
    public void Prepare(Span<byte> baseCodes, bool areBytes, Span<byte> scratch)
    {
        if (EncodesRows) return;
        var (codes, padded) = Pieces(scratch);
        if (Source == TermSource.ShortMap)
        {
            if (UsesBaseCodes) codes = MemoryMarshal.Cast<byte, short>(baseCodes);
            else if (areBytes) TableLookup.Map(baseCodes[.._length], _shortTable, codes[.._length]);
            else TableLookup.Map(MemoryMarshal.Cast<byte, short>(baseCodes)[.._length], _baseLowest, _shortTable, codes[.._length]);
        }
        else
        {
            var bytes = (UsesBaseCodes ? baseCodes : MemoryMarshal.AsBytes(MultipliesShorts ? padded : codes))[.._length];
            if (!UsesBaseCodes) Encode(baseCodes[.._length], bytes);
            if (MultipliesShorts) CodeConversion.Widen(bytes, codes[.._length]);
            else Patches?.Fill<byte>(bytes, (byte)Padding, MemoryMarshal.AsBytes(padded));
        }

        if (MultipliesShorts) Patches?.Fill<short>(codes[.._length], Padding, padded);
    }

    /// <summary>What <see cref="Prepare"/> made: the padded map, or the codes of the map with <see cref="MapMargin"/>; bytes or 16-bit codes.</summary>
    /// <param name="baseCodes">Base codes of the map.</param>
    /// <param name="scratch">The scratch memory of <see cref="Prepare"/>.</param>
    /// <returns>The operand of the products.</returns>
    public Span<byte> Operand(Span<byte> baseCodes, Span<byte> scratch)
    {
        if (EncodesRows) return default;
        var (codes, padded) = Pieces(scratch);
        if (Patches is not null) return MemoryMarshal.AsBytes(padded);
        return UsesBaseCodes ? baseCodes : MemoryMarshal.AsBytes(codes);
    }

    private TermPieces Pieces(Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var codes = allocator.Take<short>(_length + MapMargin);
        return new TermPieces(codes, Patches is null ? default : allocator.Take<short>(Patches.Length));
    }

    private void Encode(ReadOnlySpan<byte> map, Span<byte> codes)
    {
        if (_byteTable is not null) TableLookup.Map(map, _byteTable, codes);
        else _term.Activation.TryEncode(map, codes);
    }

    /// <summary>Encodes one patch row.</summary>
    /// <param name="patch">Base codes.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="codes">Codes.</param>
    public void EncodeRow(ReadOnlySpan<short> patch, int channels, Span<short> codes) => _term.Activation.Encode(patch, channels, codes);

    /// <summary>Encodes one patch row of bytes, or several where <see cref="RowsAreWholeRuns"/>.</summary>
    /// <param name="patch">Base codes.</param>
    /// <param name="codes">Codes.</param>
    public void EncodeRow(ReadOnlySpan<byte> patch, Span<byte> codes) => _term.Activation.TryEncode(patch, codes);

    private bool IsBytes => Source is TermSource.ByteMap or TermSource.ByteRows;

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

    private static bool HasByteForm(IActivationCode code, int depth) => code.TryEncode(new byte[depth], new byte[depth]);

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

    /// <summary>The code of a padded position: a padded pixel is a whole run of zero points, so its code is that of one such run.</summary>
    private short PaddingCode(int zeroPoint, int baseShift)
    {
        if (Source == TermSource.ShortMap) return _shortTable![baseShift < 0 ? zeroPoint - _baseLowest : zeroPoint + baseShift];
        var zeros = new byte[_term.Activation.RunLength];
        Array.Fill(zeros, (byte)(zeroPoint + baseShift));
        var codes = new byte[zeros.Length];
        Encode(zeros, codes);
        return codes[0];
    }

    private static bool IsIdentity<T>(ReadOnlySpan<T> table, int first)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        for (var i = 0; i < table.Length; i++)
        {
            if (int.CreateChecked(table[i]) != first + i) return false;
        }

        return true;
    }

    private static int LargestMagnitude(short[] weights)
    {
        var largest = 0;
        foreach (var weight in weights) largest = Math.Max(largest, Math.Abs((int)weight));
        return largest;
    }

    /// <summary>Packs the weights.</summary>
    /// <param name="shape">Geometry.</param>
    /// <param name="directDepthwise">Whether the depthwise kernel runs the layer.</param>
    /// <param name="patches">Where patches are read in place, or null.</param>
    public void Pack(ConvolutionGeometry shape, bool directDepthwise, PatchMap? patches)
    {
        Patches = patches;
        if (MultipliesShorts)
        {
            if (directDepthwise) DepthwiseShorts = Depthwise.Transpose<short>(_term.Weights, shape.OutChannels, shape.Depth);
            else Shorts = PackGroups(shape, Signed(shape), PackedInt16Matrix.Pack);
            return;
        }

        var weights = Array.ConvertAll(Signed(shape), weight => (sbyte)weight);
        if (directDepthwise) DepthwiseBytes = Depthwise.Transpose<sbyte>(weights, shape.OutChannels, shape.Depth);
        else Bytes = PackGroups(shape, weights, PackedInt8Matrix.Pack);
    }

    private short[] Signed(ConvolutionGeometry shape) => [.. _term.Weights.Select((weight, i) => Negated[i / shape.Depth] ? (short)-weight : weight)];

    private TPacked[] PackGroups<T, TPacked>(ConvolutionGeometry shape, T[] weights, Packing<T, TPacked> pack)
    {
        if (Patches is not null) return [pack(Patches.PadWeights<T>(weights), shape.OutChannels, Patches.Depth)];
        var groupLength = shape.OutputsPerGroup * shape.Depth;
        return [.. Enumerable.Range(0, shape.Groups).Select(group => pack(weights.AsSpan(group * groupLength, groupLength), shape.OutputsPerGroup, shape.Depth))];
    }

    private delegate TPacked Packing<T, out TPacked>(ReadOnlySpan<T> weights, int outputs, int depth);
}

/// <summary>Scratch memory of a term.</summary>
/// <param name="codes">Codes of the map.</param>
/// <param name="padded">The padded map, empty where patches are not read in place.</param>
internal readonly ref struct TermPieces(Span<short> codes, Span<short> padded)
{
    private readonly Span<short> _codes = codes;
    private readonly Span<short> _padded = padded;

    /// <summary>Takes the pieces apart.</summary>
    /// <param name="codes">Codes of the map.</param>
    /// <param name="padded">The padded map.</param>
    public void Deconstruct(out Span<short> codes, out Span<short> padded)
    {
        codes = _codes;
        padded = _padded;
    }
}

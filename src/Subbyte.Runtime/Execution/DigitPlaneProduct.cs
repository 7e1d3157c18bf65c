using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A plane of weights −1, 0, 1 times a digit −1, 0, 1 of the activations: bit planes on both sides, packed from byte codes.</summary>
internal sealed class DigitPlaneProduct : CodeProduct
{
    private readonly WordProduct _words;
    private readonly int _planes;
    private readonly byte[] _flags;
    private readonly PaddingCorrection? _correction;
    private readonly int _length;

    /// <summary>A product.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="digit">The digit of each code.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="isSigned">Whether neither weights nor digits of the map are 0: one plane each.</param>
    public DigitPlaneProduct(ConvolutionGeometry geometry, LevelDigit digit, sbyte[] weights, bool isSigned)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry))
    {
        _planes = isSigned ? 1 : 2;
        var packed = PackedBitMatrix.Pack(weights, geometry.OutChannels, geometry.KernelHeight * geometry.KernelWidth, geometry.InChannels, _planes);
        _words = new WordProduct(geometry, packed, isSigned ? BitProduct.Signs : BitProduct.Ternary);
        _flags = [.. digit.Table.Select(code => Flags(code - digit.Shift, isSigned))];
        _length = checked(geometry.InHeight * geometry.InWidth * geometry.InChannels);
        _correction = isSigned ? PaddingCorrection.Of(geometry, weights) : null;
        Constant = isSigned ? geometry.Depth : 0;
    }

    /// <summary>What has to be added to each sum.</summary>
    public int Constant { get; }

    public override ProductKernel Kernel => _words.Kernel;

    public override long SharedBytes => FlagBytes + MapBytes + _words.Bytes;

    private int FlagBytes => (int)SessionFrame.Bytes<byte>(_length);

    private int MapBytes => (int)SessionFrame.Bytes<uint>(_words.Words);

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared) => throw new NotSupportedException("digits are packed from codes");

    public override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        var flags = shared[.._length];
        TableLookup.Map(codes, _flags, flags);
        var map = Map(shared);
        CodePlanes.Collect(flags, Geometry.InChannels, _planes, map);
        _words.Fill(map, shared[(FlagBytes + MapBytes)..]);
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        _words.Multiply(Map(shared), shared[(FlagBytes + MapBytes)..], first, count, sums);
        _correction?.Add(first, count, sums);
    }

    private static byte Flags(int digit, bool isSigned) => digit switch
    {
        > 0 => CodePlanes.First,
        < 0 when !isSigned => CodePlanes.First | CodePlanes.Second,
        _ => 0,
    };

    private Span<uint> Map(Span<byte> shared) => MemoryMarshal.Cast<byte, uint>(shared[FlagBytes..])[.._words.Words];
}

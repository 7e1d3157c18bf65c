using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A plane of weights −1, 0, 1 times a digit −1, 0, 1 of the activations: bit planes on both sides, packed from byte codes.</summary>
internal sealed class DigitPlaneProduct : CodeProduct
{
    private readonly PackedBitMatrix _weights;
    private readonly BitProduct _product;
    private readonly byte[] _flags;
    private readonly PaddingCorrection? _correction;
    private readonly PatchMap? _patches;
    private readonly int _length;
    private readonly int _words;

    /// <summary>A product.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="digit">The digit of each code.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="isSigned">Whether neither weights nor digits of the map are 0: one plane each.</param>
    public DigitPlaneProduct(ConvolutionGeometry geometry, LevelDigit digit, sbyte[] weights, bool isSigned)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry))
    {
        var planes = isSigned ? 1 : 2;
        _product = isSigned ? BitProduct.Signs : BitProduct.Ternary;
        _weights = PackedBitMatrix.Pack(weights, geometry.OutChannels, geometry.KernelHeight * geometry.KernelWidth, geometry.InChannels, planes);
        _flags = [.. digit.Table.Select(code => Flags(code - digit.Shift, isSigned))];
        var words = BitPlaneProduct.InWords(geometry, planes);
        _length = checked(geometry.InHeight * geometry.InWidth * geometry.InChannels);
        _words = checked(words.InHeight * words.InWidth * words.InChannels);
        _patches = geometry.IsPointwise ? null : PatchMap.For(words, 1);
        _correction = isSigned ? PaddingCorrection.Of(geometry, weights) : null;
        Constant = isSigned ? geometry.Depth : 0;
    }

    /// <summary>What has to be added to each sum.</summary>
    public int Constant { get; }

    public override ProductKernel Kernel => _product == BitProduct.Ternary ? ProductKernel.TernaryCounts : ProductKernel.BitCounts;

    public override long SharedBytes => SessionFrame.Bytes<byte>(_length) + SessionFrame.Bytes<uint>(_words) + (_patches is null ? 0 : SessionFrame.Bytes<uint>(_patches.Length));

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared) => throw new NotSupportedException("digits are packed from codes");

    public override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        var flags = shared[.._length];
        TableLookup.Map(codes, _flags, flags);
        var map = Map(shared);
        CodePlanes.Collect(flags, Geometry.InChannels, _weights.Planes, map);
        _patches?.Fill<uint>(map, 0, Padded(shared));
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        if (_patches is null)
        {
            var pixel = _words / Geometry.Positions;
            BitGemm.Multiply(Map(shared)[(first * pixel)..], pixel, count, _weights, _product, sums, Geometry.OutChannels);
            return;
        }

        BitGemm.MultiplyPatches(Padded(shared), _patches, first / Geometry.OutWidth, count / Geometry.OutWidth, _weights, _product, sums, Geometry.OutChannels);
        _correction?.Add(first, count, sums);
    }

    private static byte Flags(int digit, bool isSigned) => digit switch
    {
        > 0 => CodePlanes.First,
        < 0 when !isSigned => CodePlanes.First | CodePlanes.Second,
        _ => 0,
    };

    private Span<uint> Map(Span<byte> shared) => MemoryMarshal.Cast<byte, uint>(shared[(int)SessionFrame.Bytes<byte>(_length)..])[.._words];

    private Span<uint> Padded(Span<byte> shared) => MemoryMarshal.Cast<byte, uint>(shared[(int)(SessionFrame.Bytes<byte>(_length) + SessionFrame.Bytes<uint>(_words))..])[.._patches!.Length];
}

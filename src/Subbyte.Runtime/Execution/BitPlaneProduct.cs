using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Binary and ternary layers: bit planes on both sides, packed from the map or taken as words.</summary>
internal sealed class BitPlaneProduct : CodeProduct
{
    // The sums of a tile stay in the first cache; with fewer positions weights would be read too often.
    private const int SumsOfTile = 1 << 13;
    private const int FewestPositions = 56;
    private const int MostPositions = 192;

    private readonly BitProduct _product;
    private readonly CodeForm _form;
    private readonly bool _planar;
    private readonly WordProduct _words;

    /// <summary>A layer.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="encoder">Where codes begin: one threshold, or two for ternary codes, or those of each channel.</param>
    /// <param name="planar">Whether the channels of the input lie one after the other.</param>
    public BitPlaneProduct(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product, ActivationEncoder encoder, bool planar)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry, Math.Clamp(SumsOfTile / geometry.OutChannels, FewestPositions, MostPositions)))
    {
        (_product, _planar, _words) = (product, planar, new WordProduct(geometry, weights, product));
        _form = new CodeForm(encoder, weights.Planes, geometry.InChannels);
    }

    public override ProductKernel Kernel => _words.Kernel;

    public override CodeForm? Form => _planar ? null : _form;

    public override long SharedBytes => MapBytes + _words.Bytes;

    private int MapBytes => (int)SessionFrame.Bytes<uint>(_words.Words);

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        var map = Map(shared);
        var thresholds = _planar ? ((ThresholdEncoder)_form.Encoder).Thresholds : default;
        if (!_planar) _form.Encode(x, MemoryMarshal.AsBytes(map));
        else if (_product == BitProduct.Ternary) BitPacking.TernaryPlanar(x, Geometry.InChannels, thresholds[0], thresholds[1], map);
        else BitPacking.BinaryPlanar(x, Geometry.InChannels, thresholds[0], map);
        _words.Fill(map, shared[MapBytes..]);
    }

    public override void PrepareWords(ReadOnlySpan<uint> words, Span<byte> shared)
    {
        if (Geometry.IsPointwise) words.CopyTo(Map(shared));
        else _words.Fill(words, shared[MapBytes..]);
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums) => _words.Multiply(Map(shared), shared[MapBytes..], first, count, sums);

    private Span<uint> Map(Span<byte> shared) => MemoryMarshal.Cast<byte, uint>(shared)[.._words.Words];
}

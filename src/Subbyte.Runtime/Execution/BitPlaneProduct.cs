using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Binary and ternary layers: bit planes on both sides, patches read in place.</summary>
internal sealed class BitPlaneProduct : CodeProduct
{
    // The sums of a tile stay in the first cache; with fewer positions weights would be read too often.
    private const int SumsOfTile = 1 << 13;
    private const int LeastPositions = 56;
    private const int MostPositions = 192;

    private readonly BitProduct _product;
    private readonly float[] _thresholds = [];
    private readonly ChannelEncoder? _channels;
    private readonly bool _planar;
    private readonly WordProduct _words;

    /// <summary>A layer.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="encoder">Where codes begin: one threshold, or two for ternary codes, or those of each channel.</param>
    /// <param name="planar">Whether the channels of the input lie one after the other.</param>
    public BitPlaneProduct(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product, ActivationEncoder encoder, bool planar)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry, Math.Clamp(SumsOfTile / geometry.OutChannels, LeastPositions, MostPositions)))
    {
        (_product, _planar, _words) = (product, planar, new WordProduct(geometry, weights, product));
        if (encoder is ThresholdEncoder thresholds) _thresholds = thresholds.Thresholds.ToArray();
        else _channels = (ChannelEncoder)encoder;
    }

    public override ProductKernel Kernel => _words.Kernel;

    public override long SharedBytes => MapBytes + _words.Bytes;

    private int MapBytes => (int)SessionFrame.Bytes<uint>(_words.Words);

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        var map = Map(shared);
        switch (_product)
        {
            case var _ when _channels is not null: BitPacking.Channels(x, _channels.Signs, _channels.Low, _channels.High, map); break;
            case BitProduct.Ternary when _planar: BitPacking.TernaryPlanar(x, Geometry.InChannels, _thresholds[0], _thresholds[1], map); break;
            case BitProduct.Ternary: BitPacking.Ternary(x, Geometry.InChannels, _thresholds[0], _thresholds[1], map); break;
            default:
                if (_planar) BitPacking.BinaryPlanar(x, Geometry.InChannels, _thresholds[0], map);
                else BitPacking.Binary(x, Geometry.InChannels, _thresholds[0], map);
                break;
        }

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

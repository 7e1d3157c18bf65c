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

    private readonly PackedBitMatrix _weights;
    private readonly BitProduct _product;
    private readonly float[] _thresholds = [];
    private readonly ChannelEncoder? _channels;
    private readonly bool _planar;
    private readonly PatchMap? _patches;
    private readonly int _words;

    /// <summary>A layer.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <param name="encoder">Where codes begin: one threshold, or two for ternary codes, or those of each channel.</param>
    /// <param name="planar">Whether the channels of the input lie one after the other.</param>
    public BitPlaneProduct(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product, ActivationEncoder encoder, bool planar)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry, Math.Clamp(SumsOfTile / geometry.OutChannels, LeastPositions, MostPositions)))
    {
        (_weights, _product, _planar) = (weights, product, planar);
        if (encoder is ThresholdEncoder thresholds) _thresholds = thresholds.Thresholds.ToArray();
        else _channels = (ChannelEncoder)encoder;
        var words = InWords(geometry, weights.Planes);
        _words = checked(words.InHeight * words.InWidth * words.InChannels);
        _patches = geometry.IsPointwise ? null : PatchMap.For(words, 1);
    }

    public override ProductKernel Kernel => _product == BitProduct.Ternary ? ProductKernel.TernaryCounts : ProductKernel.BitCounts;

    public override long SharedBytes => SessionFrame.Bytes<uint>(_words) + (_patches is null ? 0 : SessionFrame.Bytes<uint>(_patches.Length));

    /// <summary>Whether a layer of this shape can be multiplied so.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="planes">Planes.</param>
    /// <returns>True when it can.</returns>
    public static bool Fits(ConvolutionGeometry geometry, int planes)
        => geometry.Groups == 1 && (geometry.IsPointwise || PatchMap.For(InWords(geometry, planes), 1) is not null);

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        var (map, padded) = Split(shared);
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

        _patches?.Fill<uint>(map, 0, padded);
    }

    public override void PrepareWords(ReadOnlySpan<uint> words, Span<byte> shared)
    {
        var (map, padded) = Split(shared);
        if (_patches is null) words.CopyTo(map);
        else _patches.Fill<uint>(words, 0, padded);
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        var (map, padded) = Split(shared);
        if (_patches is not null)
        {
            BitGemm.MultiplyPatches(padded, _patches, first / Geometry.OutWidth, count / Geometry.OutWidth, _weights, _product, sums, Geometry.OutChannels);
            return;
        }

        var pixel = _words / Geometry.Positions;
        BitGemm.Multiply(map[(first * pixel)..], pixel, count, _weights, _product, sums, Geometry.OutChannels);
    }

    internal static ConvolutionGeometry InWords(ConvolutionGeometry geometry, int planes) => geometry with { InChannels = checked(BitPacking.Words(geometry.InChannels) * planes) };

    private WordMaps Split(Span<byte> shared)
    {
        var words = MemoryMarshal.Cast<byte, uint>(shared);
        var begin = (int)(SessionFrame.Bytes<uint>(_words) / sizeof(uint));
        return new WordMaps(words[.._words], _patches is null ? default : words.Slice(begin, _patches.Length));
    }

    /// <summary>The map and the same with its padding.</summary>
    private readonly ref struct WordMaps(Span<uint> map, Span<uint> padded)
    {
        private readonly Span<uint> _map = map;
        private readonly Span<uint> _padded = padded;

        public void Deconstruct(out Span<uint> map, out Span<uint> padded)
        {
            map = _map;
            padded = _padded;
        }
    }
}

using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Products of a map of packed words: its patches are looked up in tables or read in place, or its pixels are the rows of a matrix.</summary>
internal sealed class WordProduct
{
    private readonly ConvolutionGeometry _geometry;
    private readonly PackedBitMatrix _weights;
    private readonly BitProduct _product;
    private readonly LookupConvolution? _lookups;
    private readonly PatchMap? _patches;

    /// <summary>A product.</summary>
    /// <param name="geometry">Sizes, in channels; <see cref="Fits"/> holds.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    public WordProduct(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product)
    {
        (_geometry, _weights, _product) = (geometry, weights, product);
        var words = InWords(geometry, weights.Planes);
        Words = checked(words.InHeight * words.InWidth * words.InChannels);
        if (geometry.IsPointwise) return;
        _lookups = LookupConvolution.For(geometry, weights, product);
        if (_lookups is null) _patches = PatchMap.For(words, 1);
    }

    /// <summary>Words of a map.</summary>
    public int Words { get; }

    /// <summary>Bytes of the map in the form that is multiplied; none where that is the map itself.</summary>
    public long Bytes => _lookups is not null ? SessionFrame.Bytes<ushort>(_lookups.Length) : _patches is not null ? SessionFrame.Bytes<uint>(_patches.Length) : 0;

    /// <summary>The limit of the machine that bounds it.</summary>
    public ProductKernel Kernel => (_product == BitProduct.Ternary, _lookups is not null) switch
    {
        (true, true) => ProductKernel.TernaryLookups,
        (true, false) => ProductKernel.TernaryCounts,
        (false, true) => ProductKernel.BitLookups,
        _ => ProductKernel.BitCounts,
    };

    /// <summary>Whether a layer of this shape can be multiplied so.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="planes">Planes.</param>
    /// <returns>True when it can.</returns>
    public static bool Fits(ConvolutionGeometry geometry, int planes)
        => geometry.Groups == 1 && (geometry.IsPointwise || PatchMap.For(InWords(geometry, planes), 1) is not null);

    /// <summary>Brings a map into the form that is multiplied.</summary>
    /// <param name="map">The map.</param>
    /// <param name="form">Takes <see cref="Bytes"/> bytes.</param>
    public void Fill(ReadOnlySpan<uint> map, Span<byte> form)
    {
        if (_lookups is not null) _lookups.Encode(map, MemoryMarshal.Cast<byte, ushort>(form)[.._lookups.Length]);
        else _patches?.Fill(map, 0u, MemoryMarshal.Cast<byte, uint>(form)[.._patches.Length]);
    }

    /// <summary>Sums of some positions.</summary>
    /// <param name="map">The map.</param>
    /// <param name="form">What <see cref="Fill"/> made of it.</param>
    /// <param name="first">The first position; of a whole line unless the layer is pointwise.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">Takes the sums [position][output].</param>
    public void Multiply(ReadOnlySpan<uint> map, ReadOnlySpan<byte> form, int first, int count, Span<int> sums)
    {
        var (line, lines, outputs) = (first / _geometry.OutWidth, count / _geometry.OutWidth, _geometry.OutChannels);
        if (_lookups is not null)
        {
            _lookups.Multiply(MemoryMarshal.Cast<byte, ushort>(form)[.._lookups.Length], line, lines, sums, outputs);
            return;
        }

        if (_patches is not null)
        {
            BitGemm.MultiplyPatches(MemoryMarshal.Cast<byte, uint>(form)[.._patches.Length], _patches, line, lines, _weights, _product, sums, outputs);
            return;
        }

        var pixel = Words / _geometry.Positions;
        BitGemm.Multiply(map[(first * pixel)..], pixel, count, _weights, _product, sums, outputs);
    }

    private static ConvolutionGeometry InWords(ConvolutionGeometry geometry, int planes) => geometry with { InChannels = checked(BitPacking.Words(geometry.InChannels) * planes) };
}

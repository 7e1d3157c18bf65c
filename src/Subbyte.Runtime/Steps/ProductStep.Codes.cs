using System.Runtime.InteropServices;

namespace Subbyte.Runtime;

/// <content>Codes that are handed over, from the step before and to the one behind.</content>
public sealed partial class ProductStep
{
    private bool IsFullyConnected => _parts.Geometry is { IsPointwise: true, Positions: 1 };

    ReadOnlySpan<int> ISumTiles.Offsets => _offsets;

    long ISumTiles.LargestSum => _product.LargestSum;

    int? ISumTiles.Direction(int output) => _parts.WideOffsets is not null ? null : ScaleDirection(_parts.Scales[output]);

    ReadOnlySpan<int> ISumTiles.Sum(int tile, Span<byte> shared, Span<byte> memory) => Sum(tile, shared, memory);

    void ISumTiles.Finish(ReadOnlySpan<int> sums, Span<float> block) => Finish(sums, block);

    /// <summary>The layer, fully connected, reading a map that a transposition no longer changes: its weights change places instead.</summary>
    /// <param name="inputs">The value that it reads then.</param>
    /// <param name="rows">Rows of the map before the transposition.</param>
    /// <returns>The layer, or null where it is not fully connected.</returns>
    public ProductStep? Untransposed(IReadOnlyList<int> inputs, int rows)
        => IsFullyConnected ? new ProductStep(Name, inputs, Output, _parts with { Weights = TransposeStep.Undo<sbyte>(_stored.Decode(Weights), _parts.Geometry.Depth, rows), Encoder = _parts.Encoder.Untransposed(rows) }) : null;

    /// <summary>Whether what is scaled ascends or descends.</summary>
    /// <param name="scale">The scale.</param>
    /// <returns>1 or −1; null for NaN.</returns>
    internal static int? ScaleDirection(float scale) => scale >= 0 ? 1 : scale < 0 ? -1 : null;

    internal override CodeForm? Form(int channels)
    {
        if (_product.Form is not { } form) return null;
        if (form.Planes == 0) return form.Encoder.Channels is null || form.Encoder.Channels == channels ? form : null;
        if (form.Channels == channels) return form;
        return Unflattened(channels) is { } parts ? new CodeForm(parts.Encoder, form.Planes, channels) : null;
    }

    internal override PackedStep FromCodes(int codes, int channels)
    {
        if (_product.Form is not { Planes: > 0 } form || form.Channels == channels) return new ProductStep(this, [codes], Output, _parts, _stored) { ReadsCodes = true };
        return new ProductStep(Name, [codes], Output, Unflattened(channels)! with { Weights = _stored.Decode(Weights) }, _stored) { ReadsCodes = true };
    }

    internal override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        if (_product is BitPlaneProduct) _product.PrepareWords(MemoryMarshal.Cast<byte, uint>(codes), shared);
        else _product.PrepareCodes(codes, shared);
    }

    /// <summary>A fully connected layer of bit planes as a convolution over a map of one column, whose pixels fill whole words; null where it is none, or its steps differ from pixel to pixel.</summary>
    private ProductParts? Unflattened(int channels)
    {
        var g = _parts.Geometry;
        if (!IsFullyConnected || g.InChannels % channels != 0) return null;
        var pixels = g.InChannels / channels;
        var column = g with { InHeight = pixels, KernelHeight = pixels, InChannels = channels };
        var encoder = _parts.Encoder is ChannelEncoder steps ? steps.OfPixel(channels) : _parts.Encoder;
        return encoder is null || !Fits(column, _parts.Format) ? null : _parts with { Geometry = column, Encoder = encoder };
    }
}

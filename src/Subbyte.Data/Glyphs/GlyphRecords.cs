using System.Security.Cryptography;
using Subbyte.Kernels;

namespace Subbyte.Data.Glyphs;

/// <summary>Glyphs, drawn anew whenever one is read: each depends on the options, the split and its number alone.</summary>
/// <param name="options">What is drawn.</param>
/// <param name="split">Which split; no random sequence belongs to both.</param>
internal sealed class GlyphRecords(GlyphOptions options, DataSplit split)
    : RecordStore(split == DataSplit.Train ? options.Train : options.Test, [1, options.Size, options.Size], options.Classes)
{
    /// <inheritdoc/>
    public override int Label(int index) => RandomOf(index).Next(options.Classes);

    /// <inheritdoc/>
    public override void Read(int index, Span<float> destination)
    {
        Span<byte> pixels = stackalloc byte[options.Size * options.Size];
        Paint(index, pixels);
        for (var p = 0; p < pixels.Length; p++) destination[p] = pixels[p];
    }

    /// <inheritdoc/>
    public override void AppendTo(int index, IncrementalHash hash)
    {
        Span<byte> pixels = stackalloc byte[options.Size * options.Size];
        Paint(index, pixels);
        hash.AppendData(pixels);
    }

    private void Paint(int index, Span<byte> pixels)
    {
        var random = RandomOf(index);
        GlyphPainter.Paint(random.Next(options.Classes), options, random, pixels);
    }

    /// <summary>Training glyphs have even streams, test glyphs odd ones.</summary>
    private SeededRandom RandomOf(int index) => new((ulong)options.Seed, (2 * (ulong)index) + (split == DataSplit.Test ? 1u : 0u));
}

using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>How weights are kept.</summary>
public enum WeightFormat
{
    /// <summary>A byte a weight.</summary>
    Int8,

    /// <summary>Four bits a weight.</summary>
    Bits4,

    /// <summary>Two bits a weight.</summary>
    Bits2,

    /// <summary>Two bit planes; activations have two as well.</summary>
    Ternary,

    /// <summary>One bit a weight (±1); activations are 0 or 1.</summary>
    Binary,
}

/// <summary>What a packed dot-product layer consists of.</summary>
public sealed record ProductParts
{
    /// <summary>Sizes.</summary>
    public required ConvolutionGeometry Geometry { get; init; }

    /// <summary>How the input becomes codes.</summary>
    public required ActivationEncoder Encoder { get; init; }

    /// <summary>What each of 256 codes becomes before it is multiplied, or null for itself.</summary>
    public byte[]? Table { get; init; }

    /// <summary>The code, after the table, of padded positions.</summary>
    public byte Padding { get; init; }

    /// <summary>How the weights are kept.</summary>
    public required WeightFormat Format { get; init; }

    /// <summary>Weights [output][k], codes of the layer.</summary>
    public required sbyte[] Weights { get; init; }

    /// <summary>Whether ternary weights share bytes in the file, five to one: 1.6 bits each in place of 2.</summary>
    public bool SharesBytes { get; init; }

    /// <summary>Added to each output's integer sum.</summary>
    public required int[] Offsets { get; init; }

    /// <summary>Offsets of 64 bits in place of <see cref="Offsets"/>, where some do not fit 32; the products do, and weights are bytes of some width. Else null.</summary>
    public long[]? WideOffsets { get; init; }

    /// <summary>Real scale of each output.</summary>
    public required float[] Scales { get; init; }

    /// <summary>Bias of each output, added after the scale.</summary>
    public required float[] Bias { get; init; }

    /// <summary>Lower end of the clamp.</summary>
    public float Lowest { get; init; } = float.NegativeInfinity;

    /// <summary>Upper end of the clamp.</summary>
    public float Highest { get; init; } = float.PositiveInfinity;

    /// <summary>Whether the channels of the input lie one after the other, and codes are to be made of them there.</summary>
    public bool PlanarInput { get; init; }

    /// <summary>Whether the channels of the output are to lie one after the other.</summary>
    public bool PlanarOutput { get; init; }
}

/// <summary>
/// A dot-product layer of codes: <c>y = clamp((float)(Σ a·w + offset[m]) · scale[m] + bias[m])</c>, the sum exact, each operation behind it rounded to float32.
/// </summary>
public sealed partial class ProductStep : LayerStep, ISumTiles
{
    // What stands before offsets of 64 bits; 0 and 1 are none, and 32 bits.
    private const int WideOffsets = 2;

    private readonly ProductParts _parts;
    private readonly StoredWeights _stored;
    private readonly CodeProduct _product;
    private readonly int[] _offsets;

    /// <summary>Packs a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The value that it reads.</param>
    /// <param name="output">The value that it makes.</param>
    /// <param name="parts">What it consists of.</param>
    /// <exception cref="ArgumentException">The format does not fit the codes.</exception>
    public ProductStep(string name, IReadOnlyList<int> inputs, int output, ProductParts parts)
        : this(name, inputs, output, parts, StoredWeights.Of(parts.Weights, parts.SharesBytes))
    {
    }

    private ProductStep(string name, IReadOnlyList<int> inputs, int output, ProductParts parts, StoredWeights stored)
        : base(name, inputs, output)
        => (_parts, _stored, _product, _offsets) = (parts with { Weights = [] }, stored, Multiplier(parts), SumOffsets(parts));

    private ProductStep(ProductStep step, IReadOnlyList<int> inputs, int output, ProductParts parts, StoredWeights stored)
        : base(step.Name, inputs, output)
        => (_parts, _stored, _product, _offsets, ReadsCodes) = (parts, stored, step._product, step._offsets, step.ReadsCodes);

    /// <inheritdoc/>
    public override string Description => $"{_parts.Format.ToString().ToLowerInvariant()} product";

    /// <inheritdoc/>
    public override long Macs => _parts.Geometry.Macs;

    /// <inheritdoc/>
    public override long Weights => (long)_parts.Geometry.OutChannels * _parts.Geometry.Depth;

    /// <inheritdoc/>
    public override long Biases => _parts.Geometry.OutChannels;

    /// <inheritdoc/>
    public override long WeightBits
    {
        get
        {
            long bytes = _stored.Length;
            bytes += sizeof(float) * (long)_parts.Scales.Length;
            if (_parts.WideOffsets is { } wide) bytes += sizeof(long) * (long)wide.Length;
            if (_parts.Offsets.AsSpan().IndexOfAnyExcept(0) >= 0) bytes += sizeof(int) * (long)_parts.Offsets.Length;
            if (_parts.Bias.AsSpan().IndexOfAnyExcept(0f) >= 0) bytes += sizeof(float) * (long)_parts.Bias.Length;
            return 8 * bytes;
        }
    }

    /// <inheritdoc/>
    public override ProductKernel? Kernel => _product.Kernel;

    /// <summary>How the weights are kept.</summary>
    public WeightFormat Format => _parts.Format;

    internal override StepKind Kind => StepKind.Product;

    internal override long SharedBytes => _product.SharedBytes;

    internal override long WorkerBytes => SumBytes + RoomBytes + _product.WorkerBytes;

    internal override int Tiles => (_parts.Geometry.Positions + _product.PositionsOfTile - 1) / _product.PositionsOfTile;

    private long SumBytes => SessionFrame.Bytes<int>((long)_product.PositionsOfTile * _parts.Geometry.OutChannels);

    /// <summary>Bytes behind the sums: results that are transposed, or wider sums.</summary>
    private long RoomBytes => _parts.PlanarOutput ? SumBytes : _parts.WideOffsets is null ? 0 : SessionFrame.Bytes<long>((long)_product.PositionsOfTile * _parts.Geometry.OutChannels);

    /// <summary>Whether bit planes can multiply a layer of this shape.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="format">The format.</param>
    /// <returns>True when the format can be used.</returns>
    public static bool Fits(ConvolutionGeometry geometry, WeightFormat format) => format switch
    {
        WeightFormat.Binary => WordProduct.Fits(geometry, 1),
        WeightFormat.Ternary => WordProduct.Fits(geometry, 2),
        WeightFormat.Bits2 or WeightFormat.Bits4 => ByteProduct.FitsLowBits(geometry),
        _ => true,
    };

    /// <summary>Whether weights of a range are multiplied as weights of two or four bits.</summary>
    /// <param name="lowest">The smallest weight.</param>
    /// <param name="highest">The largest weight.</param>
    /// <param name="bits">2 or 4.</param>
    /// <returns>True when they are.</returns>
    public static bool FitsBits(int lowest, int highest, int bits)
        => Math.Max(0, highest) - Math.Min(0, lowest) < 1 << bits && lowest >= -(1 << (bits - 1));

    internal override int TileChannels => _parts.PlanarOutput ? 0 : _parts.Geometry.OutChannels;

    internal override (int First, int Count) ElementsOf(int tile) => PositionTiles.Elements(_parts.Geometry, _product.PositionsOfTile, tile);

    internal override PackedStep To(int output) => new ProductStep(this, Inputs, output, _parts, _stored);

    internal override void Prepare(ReadOnlySpan<float> x, Span<byte> shared) => _product.Prepare(x, shared);

    internal override void RunTile(int tile, ReadOnlySpan<float> x, Span<float> y, Span<byte> shared, Span<byte> memory)
    {
        if (!_parts.PlanarOutput)
        {
            base.RunTile(tile, x, y, shared, memory);
            return;
        }

        var (first, outputs) = (tile * _product.PositionsOfTile, _parts.Geometry.OutChannels);
        var sums = Sum(tile, shared, memory);
        var block = MemoryMarshal.Cast<byte, float>(memory[(int)SumBytes..])[..sums.Length];
        Epilogue.DequantizePlanar(sums, sums.Length / outputs, outputs, outputs, _offsets, _parts.Scales, _parts.Bias, _parts.Lowest, _parts.Highest, block, y[first..], _parts.Geometry.Positions);
    }

    internal override void RunBlock(int tile, ReadOnlySpan<float> x, Span<float> block, Span<byte> shared, Span<byte> memory)
    {
        var sums = Sum(tile, shared, memory);
        if (_parts.WideOffsets is not { } wide)
        {
            Finish(sums, block);
            return;
        }

        var outputs = _parts.Geometry.OutChannels;
        var widened = MemoryMarshal.Cast<byte, long>(memory[(int)SumBytes..])[..sums.Length];
        TensorPrimitives.ConvertTruncating<int, long>(sums, widened);
        Epilogue.Dequantize(widened, sums.Length / outputs, outputs, outputs, wide, _parts.Scales, _parts.Bias, _parts.Lowest, _parts.Highest, block, outputs);
    }

    private Span<int> Sum(int tile, Span<byte> shared, Span<byte> memory)
    {
        var (first, count) = ElementsOf(tile);
        var outputs = _parts.Geometry.OutChannels;
        var sums = MemoryMarshal.Cast<byte, int>(memory)[..count];
        _product.Multiply(first / outputs, count / outputs, shared, memory[(int)(SumBytes + RoomBytes)..], sums);
        return sums;
    }

    private void Finish(ReadOnlySpan<int> sums, Span<float> block)
    {
        var outputs = _parts.Geometry.OutChannels;
        Epilogue.Dequantize(sums, sums.Length / outputs, outputs, outputs, _offsets, _parts.Scales, _parts.Bias, _parts.Lowest, _parts.Highest, block, outputs);
    }

    internal override void Write(PackedWriter writer)
    {
        GeometryFormat.Write(writer, _parts.Geometry);
        _parts.Encoder.Write(writer);
        writer.Int32(_parts.Table is null ? 0 : 1);
        if (_parts.Table is not null) writer.Block<byte>(_parts.Table);
        writer.Int32(_parts.Padding);
        writer.Int32((int)_parts.Format);
        _stored.Write(writer);
        if (_parts.WideOffsets is { } wide)
        {
            writer.Int32(WideOffsets);
            writer.Block<long>(wide);
        }
        else
        {
            writer.OptionalBlock(_parts.Offsets);
        }

        writer.Block<float>(_parts.Scales);
        writer.OptionalBlock(_parts.Bias);
        writer.Single(_parts.Lowest);
        writer.Single(_parts.Highest);
        writer.Int32(_parts.PlanarInput ? 1 : 0);
        writer.Int32(_parts.PlanarOutput ? 1 : 0);
    }

    /// <inheritdoc/>
    public override ProductStep SharingBytes() => new(this, Inputs, Output, _parts, StoredWeights.Of(_stored.Decode(Weights), sharesBytes: true));

    /// <summary>The layer with a transposition before or behind it taken in.</summary>
    /// <param name="inputs">The value that it reads then.</param>
    /// <param name="output">The value that it makes then.</param>
    /// <param name="planarInput">Whether the transposition before it is taken in.</param>
    /// <param name="planarOutput">Whether the transposition behind it is taken in.</param>
    /// <returns>The layer, or null where it cannot.</returns>
    public ProductStep? Fuse(IReadOnlyList<int> inputs, int output, bool planarInput, bool planarOutput)
    {
        if (planarInput && (IsFullyConnected || _parts.Encoder.Channels is not null)) return null;
        if (planarOutput && _parts.WideOffsets is not null) return null;
        var parts = _parts with { PlanarInput = _parts.PlanarInput || planarInput, PlanarOutput = _parts.PlanarOutput || planarOutput };
        return planarInput ? new ProductStep(Name, inputs, output, parts with { Weights = _stored.Decode(Weights) }, _stored) : new ProductStep(this, inputs, output, parts, _stored);
    }

    internal static ProductStep Read(PackedReader reader, StepPlace place)
    {
        var geometry = GeometryFormat.Read(reader, place.InputLength, place.OutputLength);
        var encoder = ActivationEncoder.Read(reader);
        var table = reader.Int32(0, 1, "whether there is a table") == 0 ? null : reader.Block<byte>(256, "the table of codes").ToArray();
        var padding = (byte)reader.Int32(0, byte.MaxValue, "the code of padding");
        if (table is null && padding > encoder.Largest) throw reader.Fail($"the code of padding is {padding}, the largest code {encoder.Largest}");
        var format = (WeightFormat)reader.Int32(0, (int)WeightFormat.Binary, "the format of weights");
        if (!Fits(geometry, format)) throw reader.Fail($"weights of format {format} cannot multiply a layer of this shape");
        if (format is WeightFormat.Ternary or WeightFormat.Binary) RequirePlanes(reader, geometry, encoder, format, table);
        else encoder.RequireBytes(reader, geometry.InChannels);
        var stored = StoredWeights.Read(reader, (long)geometry.OutChannels * geometry.Depth);
        var outputs = geometry.OutChannels;
        var weights = Decode(reader, stored, geometry, format);
        var (offsets, wide) = Offsets(reader, outputs);
        if (wide is not null && format is (WeightFormat.Binary or WeightFormat.Ternary)) throw reader.Fail("bit planes have offsets of 32 bits");
        var parts = new ProductParts
        {
            Geometry = geometry,
            Encoder = encoder,
            Table = table,
            Padding = padding,
            Format = format,
            Weights = weights,
            Offsets = offsets,
            WideOffsets = wide,
            Scales = reader.Block<float>(outputs, "scales").ToArray(),
            Bias = reader.OptionalSingles(outputs, "biases"),
            Lowest = reader.Single("the lower end"),
            Highest = reader.Single("the upper end"),
            PlanarInput = reader.Int32(0, 1, "the layout of the input") == 1,
            PlanarOutput = reader.Int32(0, 1, "the layout of the output") == 1,
        };
        if (parts.PlanarInput && encoder.Channels is not null) throw reader.Fail("codes with steps of their channels are made of channels that lie side by side");
        if (parts.PlanarOutput && wide is not null) throw reader.Fail("offsets of 64 bits come with channels that lie side by side");
        return new ProductStep(place.Name, place.Inputs, place.Output, parts, stored);
    }

    private static (int[] Offsets, long[]? Wide) Offsets(PackedReader reader, int outputs) => reader.Int32(0, WideOffsets, "the width of offsets") switch
    {
        0 => (new int[outputs], null),
        1 => (reader.Block<int>(outputs, "offsets").ToArray(), null),
        _ => (new int[outputs], reader.Block<long>(outputs, "offsets").ToArray()),
    };

    private static void RequirePlanes(PackedReader reader, ConvolutionGeometry geometry, ActivationEncoder encoder, WeightFormat format, byte[]? table)
    {
        var thresholds = format == WeightFormat.Ternary ? 2 : 1;
        if (table is null && encoder is ChannelEncoder channels && channels.High.Length == geometry.InChannels && channels.Low.IsEmpty == (thresholds == 1)) return;
        if (table is not null || encoder is not ThresholdEncoder { Thresholds.Length: var count } || count != thresholds) throw reader.Fail($"weights of format {format} need activations of {thresholds} thresholds");
    }

    /// <summary>Weights of a file, which must be those of their format: products are proved exact for no others.</summary>
    private static sbyte[] Decode(PackedReader reader, StoredWeights stored, ConvolutionGeometry g, WeightFormat format)
    {
        var weights = stored.Decode(reader, reader.Room((long)g.OutChannels * g.Depth));
        int lowest = weights.Min(), highest = weights.Max();
        var holds = format switch
        {
            WeightFormat.Binary => lowest >= -1 && highest <= 1 && !weights.Contains((sbyte)0),
            WeightFormat.Ternary => lowest >= -1 && highest <= 1,
            WeightFormat.Bits2 => FitsBits(lowest, highest, 2),
            WeightFormat.Bits4 => FitsBits(lowest, highest, 4),
            _ => true,
        };
        return holds ? weights : throw reader.Fail($"weights {lowest} … {highest} are not of the format {format}");
    }

    /// <summary>Weights of two or four bits for their kernel.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">2 or 4.</param>
    /// <returns>The packed weights.</returns>
    internal static PackedLowBitMatrix PackLowBits(ConvolutionGeometry g, sbyte[] weights, int bits)
        => PackedLowBitMatrix.Pack(ByteProduct.Pad(g, weights), g.OutChannels, ByteProduct.Depth(g), bits, Math.Min((sbyte)0, weights.Min()), Math.Max((sbyte)0, weights.Max()));

    private static CodeProduct Multiplier(ProductParts parts)
    {
        var g = parts.Geometry;
        var positions = g.KernelHeight * g.KernelWidth;
        return parts.Format switch
        {
            WeightFormat.Binary => new BitPlaneProduct(g, PackedBitMatrix.Pack(parts.Weights, g.OutChannels, positions, g.InChannels, 1), BitProduct.ZeroOne, parts.Encoder, parts.PlanarInput),
            WeightFormat.Ternary => new BitPlaneProduct(g, PackedBitMatrix.Pack(parts.Weights, g.OutChannels, positions, g.InChannels, 2), BitProduct.Ternary, parts.Encoder, parts.PlanarInput),
            WeightFormat.Bits2 or WeightFormat.Bits4 => new ByteProduct(g, parts.Encoder, parts.Table, parts.Padding, null, PackLowBits(g, parts.Weights, parts.Format == WeightFormat.Bits2 ? 2 : 4), parts.PlanarInput),
            _ => new ByteProduct(g, parts.Encoder, parts.Table, parts.Padding, parts.Weights, null, parts.PlanarInput),
        };
    }

    /// <summary>Offsets of the kernel's sums: 0/1 activations need the number of +1 weights beside the differences.</summary>
    private static int[] SumOffsets(ProductParts parts)
    {
        if (parts.Format != WeightFormat.Binary) return parts.Offsets;
        var (offsets, depth) = ((int[])parts.Offsets.Clone(), parts.Geometry.Depth);
        for (var m = 0; m < offsets.Length; m++) offsets[m] = unchecked(offsets[m] + parts.Weights.AsSpan(m * depth, depth).Count((sbyte)1));
        return offsets;
    }
}

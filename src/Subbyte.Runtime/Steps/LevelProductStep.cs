using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>
/// A dot-product layer whose weights or activations are sums of scaled digits: <c>y = clamp((float)Σ (Σ a·w + offset[m]) · scale[m] + bias[m])</c>, integer sums
/// exact, the sum over products in double, in order. With one product the scale is a float32 one, as in <see cref="ProductStep"/>. Products that share a scale
/// are added as integers before it.
/// </summary>
public sealed class LevelProductStep : LayerStep, ISumTiles
{
    // What stands in place of offsets and scales of a product that is added to the next one; 0 and 1 are no offsets, and offsets.
    private const int JoinsNext = 3;

    private const int WordBits = 64;
    private const int MostDigits = 16;
    private const int MostProducts = MostDigits * MostDigits;

    private readonly LevelParts _parts;
    private readonly StoredWeights[] _stored;
    private readonly LevelProducts _products;
    private readonly double[][] _scales;
    private readonly int _planes;
    private readonly int _scaled;
    private readonly int _codes;

    /// <summary>A layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The value that it reads.</param>
    /// <param name="output">The value that it makes.</param>
    /// <param name="parts">What it consists of.</param>
    public LevelProductStep(string name, IReadOnlyList<int> inputs, int output, LevelParts parts)
        : this(name, inputs, output, parts, [.. parts.Planes.Select(plane => StoredWeights.Of(plane, parts.SharesBytes))], new LevelProducts(parts), Zeros(parts))
    {
    }

    private LevelProductStep(string name, IReadOnlyList<int> inputs, int output, LevelParts parts, StoredWeights[] stored, LevelProducts products, (long Weights, double Digits, double Words) zeros)
        : base(name, inputs, output)
    {
        (_parts, _stored, _products, _planes) = (parts with { Planes = [] }, stored, products, stored.Length);
        _scales = [.. parts.Products.Select(product => Array.ConvertAll(product.Scales, scale => (double)scale))];
        _scaled = parts.Products.Count(product => product.Joins == 0);
        (ZeroWeights, ZeroDigits, ZeroWords) = zeros;
        _codes = checked(parts.Geometry.InHeight * parts.Geometry.InWidth * parts.Geometry.InChannels);
    }

    /// <summary>Weights that are 0 in every plane.</summary>
    public long ZeroWeights { get; }

    /// <summary>Share of the digits of all planes that are 0.</summary>
    public double ZeroDigits { get; }

    /// <summary>Planes of weights.</summary>
    public int Planes => _planes;

    /// <summary>Share of the runs of 64 digits of an output, one 64-bit word of a plane each, that are all 0: what a machine of such words could skip.</summary>
    public double ZeroWords { get; }

    /// <inheritdoc/>
    public override string Description => $"{_planes}×{_parts.Digits.Count} level product{(_products.Sparse > 0 ? ", zeros skipped" : "")}";

    /// <inheritdoc/>
    public override long Macs => _parts.Geometry.Macs;

    /// <inheritdoc/>
    public override long Weights => (long)_parts.Geometry.OutChannels * _parts.Geometry.Depth;

    /// <inheritdoc/>
    public override long Biases => _parts.Geometry.OutChannels;

    /// <inheritdoc/>
    public override long WeightBits => 8 * (_stored.Sum(plane => (long)plane.Length) + _parts.Products.Sum(product => (sizeof(float) * (long)product.Scales.Length) + (product.Offsets.AsSpan().IndexOfAnyExcept(0) < 0 ? 0 : sizeof(int) * (long)product.Offsets.Length)));

    /// <inheritdoc/>
    public override ProductKernel? Kernel => _products.Kernel;

    internal override StepKind Kind => StepKind.LevelProduct;

    internal override long SharedBytes => SessionFrame.Bytes<byte>(_codes) + _products.SharedBytes;

    internal override long WorkerBytes => SumBytes + JoinedBytes + TotalBytes + _products.WorkerBytes;

    internal override int Tiles => (_parts.Geometry.Positions + _products.PositionsOfTile - 1) / _products.PositionsOfTile;

    private long SumBytes => SessionFrame.Bytes<int>((long)_products.PositionsOfTile * _parts.Geometry.OutChannels);

    private long JoinedBytes => _scaled == _parts.Products.Count ? 0 : SumBytes;

    private long TotalBytes => _scaled == 1 ? 0 : SessionFrame.Bytes<double>((long)_products.PositionsOfTile * _parts.Geometry.OutChannels);

    /// <summary>Whether a layer's zeros are worth skipping, whatever its codes.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="density">Share of weights that are not 0.</param>
    /// <returns>True when they are.</returns>
    public static bool SkipsZeros(ConvolutionGeometry geometry, double density) => SparseCodeProduct.IsWorth(geometry, density, LevelProducts.CostOfBits);

    internal override int TileChannels => _parts.Geometry.OutChannels;

    internal override (int First, int Count) ElementsOf(int tile) => PositionTiles.Elements(_parts.Geometry, _products.PositionsOfTile, tile);

    internal override PackedStep To(int output) => new LevelProductStep(Name, Inputs, output, _parts, _stored, _products, (ZeroWeights, ZeroDigits, ZeroWords)) { ReadsCodes = ReadsCodes };

    internal override CodeForm? Form(int channels) => _parts.Encoder.Channels is null || _parts.Encoder.Channels == channels ? new CodeForm(_parts.Encoder, 0, channels) : null;

    internal override PackedStep FromCodes(int codes, int channels) => new LevelProductStep(Name, [codes], Output, _parts, _stored, _products, (ZeroWeights, ZeroDigits, ZeroWords)) { ReadsCodes = true };

    internal override void Prepare(ReadOnlySpan<float> x, Span<byte> shared)
    {
        var codes = shared[.._codes];
        _parts.Encoder.Encode(x, codes);
        PrepareCodes(codes, shared);
    }

    internal override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared) => _products.Prepare(codes, Operands(shared));

    internal override void RunBlock(int tile, ReadOnlySpan<float> x, Span<float> block, Span<byte> shared, Span<byte> memory)
    {
        var joined = MemoryMarshal.Cast<byte, int>(memory[(int)SumBytes..]);
        var totals = MemoryMarshal.Cast<byte, double>(memory[(int)(SumBytes + JoinedBytes)..]);
        if (_scaled > 1) totals[..block.Length].Clear();
        for (var (i, isJoined) = (0, false); i < _parts.Products.Count; i++)
        {
            var product = _parts.Products[i];
            var sums = Sum(i, tile, shared, memory, out var offsets);
            if (product.Joins != 0)
            {
                Join(sums, offsets, product.Joins, joined[..sums.Length], isFirst: !isJoined);
                isJoined = true;
                continue;
            }

            if (isJoined) TensorPrimitives.Add(sums, joined[..sums.Length], sums);
            isJoined = false;
            if (_scaled > 1) ScaledSums.Add(sums, offsets, _scales[i], totals[..sums.Length], offsets.Length);
            else Finish(sums, offsets, product.Scales, block);
        }

        if (_scaled > 1) ScaledSums.Store(totals[..block.Length], _parts.Bias, _parts.Lowest, _parts.Highest, block);
    }

    ReadOnlySpan<int> ISumTiles.Offsets => _products.OffsetsOf(0);

    long ISumTiles.LargestSum => _products.LargestSum;

    int? ISumTiles.Direction(int output) => _parts.Products.Count == 1 ? ProductStep.ScaleDirection(_parts.Products[0].Scales[output]) : null;

    ReadOnlySpan<int> ISumTiles.Sum(int tile, Span<byte> shared, Span<byte> memory) => Sum(0, tile, shared, memory, out _);

    void ISumTiles.Finish(ReadOnlySpan<int> sums, Span<float> block) => Finish(sums, _products.OffsetsOf(0), _parts.Products[0].Scales, block);

    private Span<int> Sum(int product, int tile, Span<byte> shared, Span<byte> memory, out int[] offsets)
    {
        var (first, count) = ElementsOf(tile);
        var outputs = _parts.Geometry.OutChannels;
        var sums = MemoryMarshal.Cast<byte, int>(memory)[..count];
        offsets = _products.Multiply(product, (first / outputs, count / outputs), Operands(shared), memory[(int)(SumBytes + JoinedBytes + TotalBytes)..], sums);
        return sums;
    }

    private void Finish(ReadOnlySpan<int> sums, int[] offsets, float[] scales, Span<float> block)
        => Epilogue.Dequantize(sums, sums.Length / offsets.Length, offsets.Length, offsets.Length, offsets, scales, _parts.Bias, _parts.Lowest, _parts.Highest, block, offsets.Length);

    /// <summary>Adds sums of a product that is not scaled by itself; they wrap as the kernels' do, and the sum of all fits.</summary>
    private static void Join(Span<int> sums, ReadOnlySpan<int> offsets, int coefficient, Span<int> joined, bool isFirst)
    {
        if (isFirst) joined.Clear();
        for (var row = 0; row < sums.Length; row += offsets.Length)
        {
            var part = sums.Slice(row, offsets.Length);
            TensorPrimitives.Add(part, offsets, part);
        }

        if (coefficient == 1) TensorPrimitives.Add(joined, sums, joined);
        else TensorPrimitives.MultiplyAdd(sums, coefficient, joined, joined);
    }

    internal override void Write(PackedWriter writer)
    {
        GeometryFormat.Write(writer, _parts.Geometry);
        _parts.Encoder.Write(writer);
        writer.Int32(_parts.Digits.Count);
        foreach (var digit in _parts.Digits)
        {
            writer.Block<byte>(digit.Table);
            writer.Int32(digit.Shift);
            writer.Int32(digit.Padding);
        }

        writer.Int32(_planes);
        foreach (var plane in _stored) plane.Write(writer);
        writer.Int32(_parts.Products.Count);
        foreach (var product in _parts.Products)
        {
            writer.Int32(product.Plane);
            writer.Int32(product.Digit);
            if (product.Joins != 0)
            {
                writer.Int32(JoinsNext);
                writer.Int32(product.Joins);
                continue;
            }

            writer.OptionalBlock(product.Offsets);
            writer.Block<float>(product.Scales);
        }

        writer.OptionalBlock(_parts.Bias);
        writer.Single(_parts.Lowest);
        writer.Single(_parts.Highest);
    }

    /// <inheritdoc/>
    public override LevelProductStep SharingBytes()
        => new(Name, Inputs, Output, _parts, [.. _stored.Select(plane => StoredWeights.Of(plane.Decode(Weights), sharesBytes: true))], _products, (ZeroWeights, ZeroDigits, ZeroWords));

    /// <summary>The layer, fully connected, reading a map that a transposition no longer changes: its weights change places instead.</summary>
    /// <param name="inputs">The value that it reads then.</param>
    /// <param name="rows">Rows of the map before the transposition.</param>
    /// <returns>The layer, or null where it is not fully connected.</returns>
    public LevelProductStep? Untransposed(IReadOnlyList<int> inputs, int rows)
    {
        if (_parts.Geometry is not { IsPointwise: true, Positions: 1 }) return null;
        sbyte[][] planes = [.. _stored.Select(plane => TransposeStep.Undo<sbyte>(plane.Decode(Weights), _parts.Geometry.Depth, rows))];
        return new LevelProductStep(Name, inputs, Output, _parts with { Planes = planes, Encoder = _parts.Encoder.Untransposed(rows) });
    }

    internal static LevelProductStep Read(PackedReader reader, StepPlace place)
    {
        var geometry = GeometryFormat.Read(reader, place.InputLength, place.OutputLength);
        var encoder = ActivationEncoder.Read(reader);
        encoder.RequireBytes(reader, geometry.InChannels);
        var digits = new LevelDigit[reader.Int32(1, MostDigits, "the number of digits")];
        for (var i = 0; i < digits.Length; i++)
            digits[i] = new LevelDigit(reader.Block<byte>(256, "a digit's table").ToArray(), reader.Int32(0, byte.MaxValue, "a digit's shift"), (byte)reader.Int32(0, byte.MaxValue, "a digit's padding"));
        var stored = new StoredWeights[reader.Int32(1, MostDigits, "the number of planes")];
        var planes = new sbyte[stored.Length][];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = StoredWeights.Read(reader, (long)geometry.OutChannels * geometry.Depth);
            planes[i] = stored[i].Decode(reader, (long)geometry.OutChannels * geometry.Depth);
        }

        var products = new LevelProduct[reader.Int32(1, MostProducts, "the number of products")];
        for (var i = 0; i < products.Length; i++)
        {
            var (plane, digit) = (reader.Int32(0, planes.Length - 1, "a plane"), reader.Int32(0, digits.Length - 1, "a digit"));
            products[i] = ReadProduct(reader, geometry.OutChannels, plane, digit);
        }

        if (products[^1].Joins != 0) throw reader.Fail("the last product is added to a next one, and there is none");

        var parts = new LevelParts
        {
            Geometry = geometry,
            Encoder = encoder,
            Digits = digits,
            Planes = planes,
            Products = products,
            Bias = reader.OptionalSingles(geometry.OutChannels, "biases"),
            Lowest = reader.Single("the lower end"),
            Highest = reader.Single("the upper end"),
        };
        return new LevelProductStep(place.Name, place.Inputs, place.Output, parts, stored, new LevelProducts(parts), Zeros(parts));
    }

    private static LevelProduct ReadProduct(PackedReader reader, int outputs, int plane, int digit)
    {
        var kind = reader.Int32(0, JoinsNext, "the kind of a product");
        if (kind != JoinsNext) return new LevelProduct(plane, digit, kind == 0 ? new int[outputs] : reader.Block<int>(outputs, "offsets").ToArray(), reader.Block<float>(outputs, "scales").ToArray());
        var coefficient = reader.Int32(int.MinValue, int.MaxValue, "a product's coefficient");
        if (coefficient == 0) throw reader.Fail("a product's coefficient is 0");
        return new LevelProduct(plane, digit, new int[outputs], []) { Joins = coefficient };
    }

    private static (long Weights, double Digits, double Words) Zeros(LevelParts parts)
    {
        long weights = 0, digits = 0, words = 0, zeroWords = 0;
        var (depth, count) = (parts.Geometry.Depth, parts.Planes[0].Length);
        for (var i = 0; i < count; i++) weights += parts.Planes.All(plane => plane[i] == 0) ? 1 : 0;
        foreach (var plane in parts.Planes)
        {
            digits += plane.AsSpan().Count((sbyte)0);
            for (var k = 0; k < count; k += Math.Min(WordBits, depth - (k % depth)))
            {
                words++;
                zeroWords += plane.AsSpan(k, Math.Min(WordBits, depth - (k % depth))).IndexOfAnyExcept((sbyte)0) < 0 ? 1 : 0;
            }
        }

        return (weights, digits / ((double)count * parts.Planes.Count), zeroWords / (double)Math.Max(1, words));
    }

    private Span<byte> Operands(Span<byte> shared) => shared[(int)SessionFrame.Bytes<byte>(_codes)..];
}

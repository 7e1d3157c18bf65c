using Subbyte.Kernels;

namespace Subbyte.Experiments;

/// <summary>
/// A convolution from packed codes to packed codes, as it runs inside a network whose neighbours are packed too: products, scale and bias of each output, the
/// codes of the next layer; lines at a time, so that sums and floats stay in the first caches. Codes are drawn: only its speed is looked at.
/// </summary>
internal sealed class PackedLayer
{
    private const int SumsOfTile = 1 << 13;
    private const int LeastPositions = 56;
    private const int LinesOfLowBits = 8;

    private readonly ConvolutionGeometry _geometry;
    private readonly Action<int, int, Span<int>> _multiply;
    private readonly Action<ReadOnlySpan<float>, int, int> _encode;
    private readonly int _lines;
    private readonly int[] _sums;
    private readonly float[] _block;
    private readonly int[] _offsets;
    private readonly float[] _scales;

    private PackedLayer(LayerShape shape, string format)
    {
        int size = shape.Input[1], channels = shape.Input[0];
        _geometry = new ConvolutionGeometry { InHeight = size, InWidth = shape.Input[2], InChannels = channels, OutChannels = shape.Outputs, KernelHeight = shape.Kernel, KernelWidth = shape.Kernel, StrideHeight = shape.Stride, StrideWidth = shape.Stride, PadTop = shape.Kernel / 2, PadLeft = shape.Kernel / 2, PadBottom = shape.Kernel / 2, PadRight = shape.Kernel / 2 };
        _lines = Math.Clamp(format is LayerBenchmark.TernaryBytes or LayerBenchmark.Int4 ? LinesOfLowBits : Math.Max(LeastPositions, SumsOfTile / shape.Outputs) / _geometry.OutWidth, 1, _geometry.OutHeight);
        _sums = new int[_lines * _geometry.OutWidth * shape.Outputs];
        (_block, _offsets, _scales) = (new float[_sums.Length], new int[shape.Outputs], new float[shape.Outputs]);
        Array.Fill(_scales, 1f / channels);
        (_multiply, _encode) = format switch
        {
            LayerBenchmark.Binary => Planes(1),
            LayerBenchmark.Ternary => Planes(2),
            _ => Bytes(format),
        };
    }

    /// <summary>The layer as work to be timed.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="format">Its format.</param>
    /// <returns>The work, or null where it is not a convolution of packed codes of one image.</returns>
    public static Action? Create(LayerShape shape, string format)
        => shape.Kernel > 1 && shape.Batch == 1 && format is LayerBenchmark.Binary or LayerBenchmark.Ternary or LayerBenchmark.TernaryBytes or LayerBenchmark.Int4 or LayerBenchmark.Int8 ? new PackedLayer(shape, format).Run : null;

    private void Run()
    {
        var g = _geometry;
        for (var line = 0; line < g.OutHeight; line += _lines)
        {
            var positions = Math.Min(_lines, g.OutHeight - line) * g.OutWidth;
            _multiply(line, positions / g.OutWidth, _sums);
            Epilogue.Dequantize(_sums, positions, g.OutChannels, g.OutChannels, _offsets, _scales, [], float.NegativeInfinity, float.PositiveInfinity, _block, g.OutChannels);
            _encode(_block.AsSpan(0, positions * g.OutChannels), line * g.OutWidth, positions);
        }
    }

    private (Action<int, int, Span<int>> Multiply, Action<ReadOnlySpan<float>, int, int> Encode) Planes(int planes)
    {
        var (g, random) = (_geometry, new SeededRandom(1));
        var codes = new sbyte[g.OutChannels * g.Depth];
        foreach (ref var code in codes.AsSpan()) code = (sbyte)(planes == 1 ? random.NextFloat() < 0.5f ? -1 : 1 : (int)(3 * random.NextFloat()) - 1);
        var weights = PackedBitMatrix.Pack(codes, g.OutChannels, g.KernelHeight * g.KernelWidth, g.InChannels, planes);
        var product = planes == 1 ? BitProduct.ZeroOne : BitProduct.Ternary;
        var next = new uint[g.Positions * BitPacking.Words(g.OutChannels) * planes];
        var pixel = next.Length / g.Positions;
        return (
            Multiply(g, weights, product),
            (values, first, positions) =>
            {
                if (planes == 1) BitPacking.Binary(values, g.OutChannels, 0, next.AsSpan(first * pixel, positions * pixel));
                else BitPacking.Ternary(values, g.OutChannels, -0.5f, 0.5f, next.AsSpan(first * pixel, positions * pixel));
            }
        );
    }

    private static Action<int, int, Span<int>> Multiply(ConvolutionGeometry g, PackedBitMatrix weights, BitProduct product)
    {
        if (LookupConvolution.For(g, weights, product) is { } lookups)
        {
            var codes = new ushort[lookups.Length];
            return (line, lines, sums) => lookups.Multiply(codes, line, lines, sums, g.OutChannels);
        }

        var patches = PatchMap.For(g with { InChannels = BitPacking.Words(g.InChannels) * weights.Planes }, 1) ?? throw new InvalidOperationException("patches are not read in place");
        var map = new uint[patches.Length];
        return (line, lines, sums) => BitGemm.MultiplyPatches(map, patches, line, lines, weights, product, sums, g.OutChannels);
    }

    private (Action<int, int, Span<int>> Multiply, Action<ReadOnlySpan<float>, int, int> Encode) Bytes(string format)
    {
        var (g, random) = (_geometry, new SeededRandom(1));
        var patches = PatchMap.For(g, sizeof(int)) ?? throw new InvalidOperationException("patches are not read in place");
        var largest = format switch { LayerBenchmark.TernaryBytes => 1, LayerBenchmark.Int4 => 7, _ => sbyte.MaxValue };
        var codes = new sbyte[g.OutChannels * patches.Depth];
        foreach (ref var code in codes.AsSpan()) code = (sbyte)((int)(((2 * largest) + 1) * random.NextFloat()) - largest);
        byte[] map = new byte[patches.Length + 64], next = new byte[g.Positions * g.OutChannels];
        Action<int, int, Span<int>> multiply;
        if (format == LayerBenchmark.Int8)
        {
            var weights = PackedInt8Matrix.Pack(codes, g.OutChannels, patches.Depth);
            multiply = (line, lines, sums) => Int8Gemm.MultiplyPatches(map, patches, line, lines, weights, sums, g.OutChannels);
        }
        else
        {
            var weights = PackedLowBitMatrix.Pack(codes, g.OutChannels, patches.Depth, largest == 1 ? 2 : 4, -largest, largest);
            multiply = (line, lines, sums) => LowBitGemm.MultiplyPatches(map, patches, line, lines, weights, sums, g.OutChannels);
        }

        return (multiply, (values, first, positions) => Quantizer.ToUInt8(values, 0.1f, 0, 0, byte.MaxValue, next.AsSpan(first * g.OutChannels, positions * g.OutChannels)));
    }
}

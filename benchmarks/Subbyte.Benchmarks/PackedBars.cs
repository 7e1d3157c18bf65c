using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>The bars of packed products: matrix times vector and matrix with two- and four-bit weights, binary and ternary products, 3×3 convolutions.</summary>
internal static class PackedBars
{
    private const int MatrixColumns = 128;

    private static readonly (int Size, int Channels)[] Convolutions = [(56, 64), (28, 128), (14, 256), (7, 512)];

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        var random = new Random(3);
        foreach (var size in new[] { 1024, 2048, 4096, 8192 }) Rows(random, size);
        foreach (var size in new[] { 512, 1024 })
        {
            foreach (var planes in new[] { 1, 2 }) Planes(random, size, planes);
        }

        foreach (var (size, channels) in Convolutions)
        {
            foreach (var planes in new[] { 1, 2 }) Convolution(random, size, channels, planes);
        }
    }

    private static void Rows(Random random, int size)
    {
        var codes = Shares.Values(size * MatrixColumns, () => (byte)random.Next(256));
        var sums = new int[size * MatrixColumns];
        foreach (var (bits, largest) in new[] { (2, 1), (4, 7) })
        {
            var weights = PackedLowBitMatrix.Pack(Shares.Values(size * size, () => (sbyte)random.Next(-largest, largest + 1)), size, size, bits, -largest, largest);
            Shares.Report($"P3 {bits}-bit matrix·vector {size}² (≥ 50 %)", "maddubs + add", Peak.ShortInt8Chain, (double)size * size, () => LowBitGemm.Multiply(codes, size, 1, weights, sums, size));
            if (size <= 2048) Shares.Report($"P4 {bits}-bit matrix·matrix {size}² (≥ 72 %)", "maddubs + add", Peak.ShortInt8Chain, (double)size * size * MatrixColumns, () => LowBitGemm.Multiply(codes, size, MatrixColumns, weights, sums, size));
        }
    }

    private static void Planes(Random random, int size, int planes)
    {
        var weights = PackedBitMatrix.Pack(Codes(random, size * size, planes), size, 1, size, planes);
        var words = Shares.Values(size * BitPacking.Words(size) * planes, () => (uint)random.NextInt64(uint.MaxValue));
        var sums = new int[size * size];
        Shares.Report($"P5 {Name(planes)} product {size}³", "carry-save", Peak.CarrySaveCount, Math.Pow(size, 3), () => BitGemm.Multiply(words, words.Length / size, size, weights, Product(planes), sums, size));
    }

    private static void Convolution(Random random, int size, int channels, int planes)
    {
        var geometry = new ConvolutionGeometry { InHeight = size, InWidth = size, InChannels = BitPacking.Words(channels) * planes, OutChannels = channels, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var patches = PatchMap.For(geometry, 1) ?? throw new InvalidOperationException("patches are read in place");
        var weights = PackedBitMatrix.Pack(Codes(random, channels * channels * 9, planes), channels, 9, channels, planes);
        var map = new uint[patches.Length];
        var sums = new int[geometry.Positions * channels];
        Shares.Report($"P6 {Name(planes)} 3×3 {size}²·{channels}", "carry-save", Peak.CarrySaveCount, 9.0 * channels * channels * geometry.Positions, () => BitGemm.MultiplyPatches(map, patches, 0, size, weights, Product(planes), sums, channels));
    }

    private static string Name(int planes) => planes == 1 ? "binary" : "ternary";

    private static BitProduct Product(int planes) => planes == 1 ? BitProduct.Signs : BitProduct.Ternary;

    private static sbyte[] Codes(Random random, int count, int planes) => Shares.Values(count, () => (sbyte)(planes == 1 ? (2 * random.Next(2)) - 1 : random.Next(3) - 1));
}

using System.Diagnostics;
using System.Globalization;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>The bars of packed products: matrix times vector and matrix with two- and four-bit weights, binary and ternary products, 3×3 convolutions.</summary>
internal static class PackedBars
{
    private const int MatrixColumns = 128;

    private const long LargeBytes = 128L << 20;

    private static readonly (int Size, int Channels)[] Convolutions = [(56, 64), (28, 128), (14, 256), (7, 512)];

    /// <summary><c>packed [avx2|avxvnni|avx512]</c>: measures and prints these bars alone.</summary>
    /// <param name="instructionSet">The instruction set to force, or null.</param>
    public static void Run(string? instructionSet)
    {
        if (instructionSet is not null) Cpu.Limit(Enum.Parse<InstructionSet>(instructionSet, ignoreCase: true));
        Console.WriteLine($"instruction set {Cpu.Current}");
        Run();
    }

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        var random = new Random(3);
        foreach (var size in new[] { 1024, 2048, 4096, 8192 }) Rows(random, size);
        LargeRows(random, 2);
        LargeRows(random, 4);
        foreach (var size in new[] { 512, 1024 })
        {
            foreach (var planes in new[] { 1, 2 }) Planes(random, size, planes);
        }

        AgainstC(random);

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

    /// <summary>Weights of 128 MiB, which lie in memory only: passes of the product and passes that only read take turns.</summary>
    private static void LargeRows(Random random, int bits)
    {
        const int depth = 16384, rounds = 15;
        var outputs = (int)(LargeBytes * 8 / bits / depth);
        var panels = new byte[PackedLowBitMatrix.Length(outputs, depth, bits)];
        random.NextBytes(panels);
        // The largest code does not occur: weights are symmetric.
        foreach (ref var packed in panels.AsSpan()) packed &= (byte)(bits == 2 ? 0xAA : 0xEE);
        var weights = PackedLowBitMatrix.Of(panels, outputs, depth, bits, bits == 2 ? -1 : -7, bits == 2 ? 1 : 7);
        var codes = Shares.Values(depth, () => (byte)random.Next(256));
        var sums = new int[outputs];
        double[] read = new double[rounds], shares = new double[rounds];
        var best = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            var before = Peak.MemoryRead(weights.Panels);
            var clock = Stopwatch.StartNew();
            LowBitGemm.Multiply(codes, depth, 1, weights, sums, outputs);
            var rate = LargeBytes / clock.Elapsed.TotalSeconds;
            read[round] = Math.Max(before, Peak.MemoryRead(weights.Panels));
            shares[round] = rate / ((before + read[round]) / 2);
            best = Math.Max(best, rate);
        }

        Array.Sort(shares);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"P3 {bits}-bit matrix·vector of 128 MiB (≥ 80 % of one thread's memory read): {best / 1e9:0.0} GB/s, {best / read.Max():P0} of the best read {read.Max() / 1e9:0.0}; median share {shares[rounds / 2]:P0}; {best * 8 / bits / 1e9:0} GMAC/s"));
    }

    /// <summary>The XNOR product and a dot product in C, in turns.</summary>
    private static void AgainstC(Random random)
    {
        const int size = 1024;
        using var program = HarleySealProgram.Compile();
        if (program is null)
        {
            Console.WriteLine("P5 against C is left out: no C compiler, or no AVX2");
            return;
        }

        var weights = PackedBitMatrix.Pack(Codes(random, size * size, 1), size, 1, size, 1);
        var words = Shares.Values(size * BitPacking.Words(size), () => (uint)random.NextInt64(uint.MaxValue));
        var sums = new int[size * size];
        double ours = 0, theirs = 0;
        for (var round = 0; round < 6; round++)
        {
            theirs = Math.Max(theirs, program.Measure());
            for (var run = 0; run < 100; run++)
            {
                var clock = Stopwatch.StartNew();
                BitGemm.Multiply(words, words.Length / size, size, weights, BitProduct.Signs, sums, size);
                ours = Math.Max(ours, Math.Pow(size, 3) / clock.Elapsed.TotalSeconds);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"P5 binary product {size}³ against a Harley–Seal dot product in C (≥ 80 %): {ours / 1e9:0} and {theirs / 1e9:0} G, {ours / theirs:P0}"));
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
        var geometry = new ConvolutionGeometry { InHeight = size, InWidth = size, InChannels = channels, OutChannels = channels, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var weights = PackedBitMatrix.Pack(Codes(random, channels * channels * 9, planes), channels, 9, channels, planes);
        var lookups = LookupConvolution.For(geometry, weights, Product(planes));
        if (lookups is null)
        {
            Console.WriteLine($"P6 {Name(planes)} 3×3 {size}²·{channels} is left out: no tables under {Cpu.Current}");
            return;
        }

        var codes = new ushort[lookups.Length];
        // Lines whose sums stay in the first cache, as a layer takes them.
        var lines = Math.Clamp(8192 / channels / size, 1, size);
        var sums = new int[lines * size * channels];
        Shares.Report($"P6 {Name(planes)} 3×3 {size}²·{channels}", "carry-save", Peak.CarrySaveCount, 9.0 * channels * channels * geometry.Positions, () =>
        {
            for (var line = 0; line < size; line += lines) lookups.Multiply(codes, line, Math.Min(lines, size - line), sums, channels);
        });
    }

    private static string Name(int planes) => planes == 1 ? "binary" : "ternary";

    private static BitProduct Product(int planes) => planes == 1 ? BitProduct.Signs : BitProduct.Ternary;

    private static sbyte[] Codes(Random random, int count, int planes) => Shares.Values(count, () => (sbyte)(planes == 1 ? (2 * random.Next(2)) - 1 : random.Next(3) - 1));
}

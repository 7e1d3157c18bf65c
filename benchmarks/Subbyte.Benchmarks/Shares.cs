using System.Globalization;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>
/// <c>shares [scalar|avx2|avxvnni|avx512]</c>: each matrix product as a share of the peak loop that bounds it. Peak and product take turns
/// every fraction of a millisecond, since on a shared machine only neighbours in time compare; best and median are given.
/// </summary>
internal static class Shares
{
    private static readonly (int Rows, int Outputs, int Depth)[] Shapes =
        [(256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (1024, 16, 144), (256, 32, 288), (784, 128, 1152), (1, 1024, 1024)];

    private static readonly int[] LargestWeights = [128, 64, 8, 1];

    /// <summary>Measures and prints.</summary>
    /// <param name="instructionSet">The instruction set to force, or null.</param>
    public static void Run(string? instructionSet)
    {
        if (instructionSet is not null) Cpu.Limit(Enum.Parse<InstructionSet>(instructionSet, ignoreCase: true));
        var random = new Random(1);
        foreach (var (rows, outputs, depth) in Shapes)
        {
            var sums = new int[rows * outputs];
            var macs = (double)rows * outputs * depth;
            var shape = $"{rows}x{outputs}x{depth}";

            var floats = PackedFloatMatrix.Pack(Values(outputs * depth, () => random.NextSingle() - 0.5f), outputs, depth);
            var floatRows = Values(rows * depth, () => random.NextSingle() - 0.5f);
            var floatSums = new float[rows * outputs];
            Report($"fp32 {shape}", "FMA", Peak.FusedMultiplyAdd, macs, () => FloatGemm.Multiply(floatRows, depth, rows, floats, floatSums, outputs));

            var codes = Values(rows * depth, () => (byte)random.Next(256));
            foreach (var largest in LargestWeights)
            {
                var weights = PackedInt8Matrix.Pack(Values(outputs * depth, () => (sbyte)random.Next(-largest, largest)), outputs, depth);
                var (name, peak) = Cpu.HasAvxVnni ? ("VNNI", (Func<int, double>)Peak.Vnni) : largest <= 8 ? ("short chain", Peak.ShortInt8Chain) : ("safe chain", Peak.SafeInt8Chain);
                Report($"u8·s8 |w| ≤ {largest} {shape}", name, peak, macs, () => Int8Gemm.Multiply(codes, depth, rows, weights, sums, outputs));
            }

            var shorts = PackedInt16Matrix.Pack(Values(outputs * depth, () => (short)random.Next(-32768, 32768)), outputs, depth);
            var shortRows = Values(rows * depth, () => (short)random.Next(-32768, 32768));
            Report($"s16·s16 {shape}", "vpmaddwd", Peak.Int16Chain, macs, () => Int16Gemm.Multiply(shortRows, depth, rows, shorts, sums, outputs));
        }
    }

    internal static void Report(string name, string bound, Func<int, double> peak, double macs, Action product)
    {
        const int warmUps = 40, rounds = 60;
        for (var i = 0; i < warmUps; i++) product();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        product();
        var repeats = Math.Max(1, (int)(0.3e-3 / clock.Elapsed.TotalSeconds));
        double best = 0, bestPeak = 0;
        var shares = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var before = peak(2);
            clock.Restart();
            for (var i = 0; i < repeats; i++) product();
            var rate = macs * repeats / clock.Elapsed.TotalSeconds;
            var after = peak(2);
            best = Math.Max(best, rate);
            bestPeak = Math.Max(bestPeak, Math.Max(before, after));
            shares[round] = rate / ((before + after) / 2);
        }
        Array.Sort(shares);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} {best / 1e9,7:F1} GMAC/s, {best / bestPeak,4:P0} of the best {bound} peak {bestPeak / 1e9:F1}; median share {shares[rounds / 2],4:P0}"));
    }

    internal static T[] Values<T>(int length, Func<T> next) => Enumerable.Range(0, length).Select(_ => next()).ToArray();
}

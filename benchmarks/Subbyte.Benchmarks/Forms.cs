using System.Diagnostics;
using System.Globalization;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>
/// <c>forms [PART OF A NAME]</c>: every kernel's forms side by side, one instruction set after the other in each of many short rounds, since on a
/// shared machine only neighbours in time compare. The best times are given. Run it with <c>DOTNET_TieredCompilation=0</c>: it does not wait for the JIT.
/// </summary>
internal static class Forms
{
    private const int Rounds = 15, Count = 16384, Channels = 64, Side = 16;

    private static readonly InstructionSet[] Sets = [.. Enum.GetValues<InstructionSet>().Where(set => set <= Cpu.Best && set != InstructionSet.AvxVnni)];

    private static readonly ConvolutionGeometry Geometry = new()
    {
        InHeight = Side,
        InWidth = Side,
        InChannels = Channels,
        OutChannels = Channels,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
        Groups = Channels,
    };

    private static readonly System.Random Random = new(1);

    /// <summary>Measures and prints.</summary>
    /// <param name="part">Part of the names of the kernels to measure, or null for all.</param>
    public static void Run(string? part)
    {
        Console.WriteLine($"{"µs",-28}{string.Concat(Sets.Select(set => $"{set,12}"))}   vector128 / avx2");
        foreach (var (name, kernel) in Products().Concat(Convolutions()).Concat(Codes()).Concat(Floats()).Concat(Gradients()))
        {
            if (part is null || name.Contains(part, StringComparison.OrdinalIgnoreCase)) Report(name, kernel);
        }
    }

    private static IEnumerable<(string Name, Action Kernel)> Products()
    {
        const int rows = 192, outputs = 64, depth = 288;
        float[] floats = Values(rows * depth, () => Random.NextSingle() - 0.5f), floatSums = new float[rows * outputs];
        byte[] bytes = Values(rows * depth, () => (byte)Random.Next(256));
        short[] shorts = Values(rows * depth, () => (short)Random.Next(-32768, 32768));
        int[] sums = new int[rows * outputs];
        long[] wide = new long[rows * outputs];
        var floatWeights = PackedFloatMatrix.Pack(Values(outputs * depth, () => Random.NextSingle() - 0.5f), outputs, depth);
        var shortWeights = PackedInt16Matrix.Pack(Values(outputs * depth, () => (short)Random.Next(-32768, 32768)), outputs, depth);
        yield return ("product fp32", () => FloatGemm.Multiply(floats, depth, rows, floatWeights, floatSums, outputs));
        foreach (var largest in (int[])[128, 64, 8, 1])
        {
            var weights = PackedInt8Matrix.Pack(Values(outputs * depth, () => (sbyte)Random.Next(-largest, Math.Min(128, largest + 1))), outputs, depth);
            yield return ($"product u8·s8 |w| ≤ {largest}", () => Int8Gemm.Multiply(bytes, depth, rows, weights, sums, outputs));
        }
        yield return ("product s16·s16", () => Int16Gemm.Multiply(shorts, depth, rows, shortWeights, sums, outputs));
        yield return ("product s16·s16 into 64", () => Int16Gemm.MultiplyWide(shorts, depth, rows, shortWeights, wide, outputs));
    }

    private static IEnumerable<(string Name, Action Kernel)> Convolutions()
    {
        const int depth = 9;
        float[] floats = Values(Count, Random.NextSingle), weights = Values(Channels * depth, Random.NextSingle), results = new float[Count];
        byte[] bytes = Values(Count, () => (byte)Random.Next(256)), patches = new byte[Count * depth];
        sbyte[] byteWeights = Values(Channels * depth, () => (sbyte)Random.Next(-128, 128));
        short[] shorts = Values(Count, () => (short)Random.Next(-32768, 32768)), shortWeights = Values(Channels * depth, () => (short)Random.Next(-128, 128));
        int[] sums = new int[Count];
        yield return ("depthwise fp32", () => DepthwiseConvolution.Float(floats, Geometry, weights, results));
        yield return ("depthwise u8·s8", () => DepthwiseConvolution.Int8(bytes, Geometry, byteWeights, 0, sums));
        yield return ("depthwise s16·s16", () => DepthwiseConvolution.Int16(shorts, Geometry, shortWeights, 0, sums));
        var full = Geometry with { Groups = 1 };
        yield return ("im2col", () => Im2Col.Pack<byte>(bytes, full, 0, 0, full.Positions, 0, patches, full.Depth));
        yield return ("max pooling", () => Pooling.Max(floats, Geometry, results));
        yield return ("average pooling", () => Pooling.Average(floats, Geometry, countPadding: false, results));
        yield return ("global average", () => Pooling.GlobalAverage(floats, Side * Side, Channels, results));
    }

    private static IEnumerable<(string Name, Action Kernel)> Codes()
    {
        float[] floats = Values(Count, () => Random.NextSingle() * 20);
        byte[] bytes = Values(Count, () => (byte)Random.Next(256)), table = Values(256, () => (byte)Random.Next(256)), mapped = new byte[Count];
        short[] shortTable = Values(256, () => (short)Random.Next(1000)), shorts = new short[Count];
        yield return ("quantize to u8", () => Quantizer.ToUInt8(floats, 0.1f, 0, 0, 255, mapped));
        yield return ("quantize to u8, half away", () => Quantizer.ToUInt8(floats, 0.1f, 0, 0, 255, mapped, Rounding.HalfAwayFromZero));
        yield return ("quantize to s16", () => Quantizer.ToInt16(floats, 0.1f, 0, -500, 500, shorts));
        yield return ("table u8 to u8", () => TableLookup.Map(bytes, table, mapped));
        yield return ("table u8 to s16", () => TableLookup.Map(bytes, shortTable, shorts));
        yield return ("map of pairs", () => PairMap.Map(bytes, table, table, mapped));
        yield return ("widen u8 to s16", () => CodeConversion.Widen(bytes, shorts));
    }

    private static IEnumerable<(string Name, Action Kernel)> Floats()
    {
        float[] x = Values(Count, () => (Random.NextSingle() - 0.3f) * 10), y = Values(Count, Random.NextSingle), d = new float[Count], perChannel = Values(Channels, Random.NextSingle);
        int[] sums = Values(Count, () => Random.Next(-100000, 100000)), offsets = new int[Channels];
        yield return ("clip", () => Elementwise.Clip(x, 0, 6, d));
        yield return ("add", () => Elementwise.Add(x, y, d, 0));
        yield return ("affine", () => Elementwise.Affine(x, perChannel, perChannel, d, 0));
        yield return ("dequantize", () => Epilogue.Dequantize(sums, Count / Channels, Channels, Channels, offsets, perChannel, perChannel, 0, float.PositiveInfinity, d, Channels));
        yield return ("exp", () => Transcendental.Exp(x, d));
        yield return ("log", () => Transcendental.Log(x, d));
        yield return ("tanh", () => Transcendental.Tanh(x, d));
        yield return ("sigmoid", () => Transcendental.Sigmoid(x, d));
        yield return ("erf", () => Transcendental.Erf(x, d));
    }

    private static IEnumerable<(string Name, Action Kernel)> Gradients()
    {
        float[] x = Values(Count, Random.NextSingle), y = Values(Count, Random.NextSingle), d = new float[Count], weights = new float[Count], square = new float[Count], perChannel = Values(Channels, Random.NextSingle), sums = new float[Channels];
        var rows = PackedFloatMatrix.Zeros(128, 128);
        rows.FillTransposed(y, 128, 128, 128);
        yield return ("gradient of clip", () => ElementwiseGradient.Clip(x, 0, 6, y, accumulate: true, d));
        yield return ("gradient of normalization", () => ElementwiseGradient.Normalization(x, y, perChannel, perChannel, perChannel, perChannel, accumulate: false, d));
        yield return ("gradient of max pooling", () => PoolingGradient.Max(x, x, y, Geometry, accumulate: true, d));
        yield return ("gradient of depthwise", () => DepthwiseGradient.Input(y, Geometry, x.AsSpan(0, 9 * Channels), d));
        yield return ("sums of channels", () => ChannelSums.SquaredDeviations(x, perChannel, sums));
        yield return ("momentum", () => ParameterUpdate.Momentum(weights, x, d, 1e-6f, 0.9f, 0, nesterov: true));
        yield return ("adam", () => ParameterUpdate.Adam(weights, x, d, square, new AdamStep(1e-3f, 1, 0.9f, 0.999f, 1e-8f, 0, 1)));
        yield return ("outer product of 128 rows", () => OuterProducts.Multiply(x, 120, 120, rows, d, 128));
        yield return ("transposition", () => Transposition.Run(x, 128, 128, 128, d, 128));
    }

    private static void Report(string name, Action kernel)
    {
        var times = Sets.Select(_ => new double[Rounds]).ToArray();
        var repeats = Sets.Select(Repeats).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Sets.Length; i++) times[i][round] = Time(Sets[i], kernel, repeats[i]);
        }
        double Best(InstructionSet set) => Array.IndexOf(Sets, set) is >= 0 and var i ? times[i].Min() : double.NaN;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-28}{string.Concat(Sets.Select(set => string.Create(CultureInfo.InvariantCulture, $"{Best(set),12:F2}")))}{Best(InstructionSet.Vector128) / Best(InstructionSet.Avx2),19:F2}"));

        int Repeats(InstructionSet set)
        {
            for (var i = 0; i < 5; i++) Time(set, kernel, 20);
            return Math.Max(1, (int)(1000 / Time(set, kernel, 5)));
        }
    }

    /// <summary>Microseconds of one call.</summary>
    private static double Time(InstructionSet set, Action kernel, int repeats)
    {
        Cpu.Limit(set);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++) kernel();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repeats;
    }

    private static T[] Values<T>(int length, Func<T> next) => [.. Enumerable.Range(0, length).Select(_ => next())];
}

using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;

namespace Subbyte.Benchmarks;

/// <summary>
/// <c>bars [avx2|avxvnni|avx512]</c>: the product's bars for speed in one run, one thread: products as shares of their peaks, ResNet-20 and
/// MobileNetV2 against ONNX Runtime, emulated evaluation against INT8, encoders, two threads. <c>SUBBYTE_DATA</c> names the folder of
/// networks, <c>SUBBYTE_ONNXRUNTIME</c> that of ONNX Runtime; what is absent is left out and named.
/// </summary>
internal static class Bars
{
    private const double MillisecondsOfNetwork = 1500;
    private const int EvaluatedImages = 96;
    private const int EncodedValues = 16384;

    private static readonly string[] Elementwise = ["fxp:bits=8", "log:bits=4", "tr", "uniform:w=4,a=9"];
    private static readonly string[] Others = ["sparq", "fxp:bits=16", "uniform:w=12,a=12"];

    /// <summary>Measures and prints.</summary>
    /// <param name="instructionSet">The instruction set to force, or null.</param>
    public static void Run(string? instructionSet)
    {
        if (instructionSet is not null) Cpu.Limit(Enum.Parse<InstructionSet>(instructionSet, ignoreCase: true));
        Console.WriteLine($"instruction set {Cpu.Current}");
        Products();
        PackedBars.Run();
        Encoders();
        if (Environment.GetEnvironmentVariable("SUBBYTE_DATA") is not { Length: > 0 } folder)
        {
            Console.WriteLine("networks are left out: SUBBYTE_DATA does not name their folder");
            return;
        }

        var resnet = OnnxNetwork.Load(Path.Combine(folder, "models", "cifar10-resnet20.onnx"));
        Race("ResNet-20, batch 1", resnet, "int8; uniform:w=7,a=8; int4; uniform:w=2,a=8");
        Race("MobileNetV2, batch 1", OnnxNetwork.Load(Path.Combine(folder, "models", "imagenet-mobilenetv2-1.0-224-dq8.onnx")), "int8");
        Evaluations(resnet);
    }

    private static void Products()
    {
        var random = new Random(1);
        foreach (var size in new[] { 256, 512, 1024 })
        {
            var macs = Math.Pow(size, 3);
            var floats = PackedFloatMatrix.Pack(Shares.Values(size * size, () => random.NextSingle() - 0.5f), size, size);
            var rows = Shares.Values(size * size, () => random.NextSingle() - 0.5f);
            var floatSums = new float[size * size];
            Shares.Report($"P1 fp32 {size}³ (≥ 80 %)", "FMA", Peak.FusedMultiplyAdd, macs, () => FloatGemm.Multiply(rows, size, size, floats, floatSums, size));
            var codes = Shares.Values(size * size, () => (byte)random.Next(256));
            var sums = new int[size * size];
            foreach (var (bar, largest) in new[] { ("2-bit weights (≥ 75 %)", 1), ("7-bit weights (≥ 85 %)", 63), ("8-bit weights (≥ 60 %, VNNI 85 %)", 127) })
            {
                var weights = PackedInt8Matrix.Pack(Shares.Values(size * size, () => (sbyte)random.Next(-largest, largest + 1)), size, size);
                var (name, peak) = largest == 1 ? ("maddubs + add", (Func<int, double>)Peak.ShortInt8Chain) : Cpu.HasAvxVnni && largest > 63 ? ("VNNI", Peak.Vnni) : ("safe chain", Peak.SafeInt8Chain);
                Shares.Report($"P2 u8 × {bar} {size}³", name, peak, macs, () => Int8Gemm.Multiply(codes, size, size, weights, sums, size));
            }
        }
    }

    private static void Encoders()
    {
        var random = new Random(2);
        var values = Shares.Values(EncodedValues, () => random.NextSingle() * 20);
        byte[] codes = new byte[EncodedValues], mapped = new byte[EncodedValues], table = Shares.Values(256, () => (byte)random.Next(256));
        (string Name, Action Work)[] encoders =
        [
            ("uniform", () => Quantizer.ToUInt8(values, 0.1f, 0, 0, 255, codes)),
            ("table of codes (TR, logarithmic, trimmed)", () => TableLookup.Map(codes, table, mapped)),
            ("pairs (SPARQ)", () => PairMap.Map(codes, table, table, mapped)),
        ];
        var timings = Contest.Run([.. encoders.Select(encoder => new OwnContender(encoder.Work))], 100, CancellationToken.None);
        for (var i = 0; i < encoders.Length; i++) Console.WriteLine($"P10 encoder {encoders[i].Name}: {timings[i].Giga(EncodedValues):0.0} G values/s (≥ 1)");
    }

    private static void Race(string name, Network network, string recipes)
    {
        var runtime = OnnxRuntimeProcess.Find();
        Console.WriteLine($"P7 {name}{(runtime is null ? $": ONNX Runtime is left out, {OnnxRuntimeProcess.Variable} does not name its folder" : "; time as a multiple of ONNX Runtime's: fp32 (≤ 1.15), INT8 (≤ 1.0 with VNNI, ≤ 1.2 on AVX2; weights of ≤ 4 bits ≤ 0.8, of 5 to 7 ≤ 1.0), its exact INT8")}");
        var results = NetworkBenchmark.Run(network, new NetworkBenchmarkOptions { Recipes = Recipe.ParseMany(recipes), Milliseconds = MillisecondsOfNetwork, OnnxRuntime = runtime }, CancellationToken.None);
        foreach (var result in results)
            Console.WriteLine($"   {result.Runner,-12} {result.Format,-24} {result.Milliseconds,8:0.000} ms (median {result.MedianMilliseconds:0.000} of {result.Repeats})   {1 / result.SpeedupOverOnnxRuntimeFp32:0.00}   {1 / result.SpeedupOverOnnxRuntimeInt8:0.00}   {1 / result.SpeedupOverOnnxRuntimeExactInt8:0.00}");
    }

    private static void Evaluations(Network network)
    {
        var shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var samples = new StoredSamples(new NormalSamples(shape, EvaluatedImages, seed: 1));
        var calibrator = new Calibrator(samples, 16);
        LowBitNetwork Apply(string recipe) => Recipe.Parse(recipe).Apply(network, calibrator);
        string[] recipes = ["int8", .. Elementwise, .. Others];
        var timings = Contest.Run([.. recipes.Select(recipe => new Evaluation(Apply(recipe), samples, 1))], 300, CancellationToken.None);
        for (var i = 0; i < recipes.Length; i++)
            Console.WriteLine($"P10 evaluation {recipes[i],-20} {1000 * EvaluatedImages / timings[i].MinimumMilliseconds,7:0} images/s, {timings[0].MinimumMilliseconds / timings[i].MinimumMilliseconds:0.00} of INT8's rate{(i == 0 ? "" : i <= Elementwise.Length ? " (≥ 0.75)" : " (≥ 0.25)")}");

        var scaling = Enumerable.Range(0, 5).Max(_ => Peak.OnThreads(Peak.FusedMultiplyAdd, 2) / Peak.OnThreads(Peak.FusedMultiplyAdd, 1));
        foreach (var recipe in new[] { "fp32", "int8" })
        {
            var lowBit = Apply(recipe);
            var pair = Contest.Run([new Evaluation(lowBit, samples, 1), new Evaluation(lowBit, samples, 2)], 600, CancellationToken.None);
            var reached = pair[0].MinimumMilliseconds / pair[1].MinimumMilliseconds;
            Console.WriteLine($"P11 two threads, {recipe}: {reached:0.00}× one thread; FMA peak {scaling:0.00}×; share {reached / scaling:0.00} (≥ 0.9)");
        }
    }

    /// <summary>One evaluation of all samples, timed without the compilation of its plan.</summary>
    private sealed class Evaluation(LowBitNetwork network, ISampleSource samples, int threads) : IContender
    {
        public void Run(int runs, ICollection<double> milliseconds)
        {
            for (; runs > 0; runs--) milliseconds.Add(1000 * NetworkRun.Execute(network, samples, samples.Count, threads, null, CancellationToken.None).Seconds);
        }
    }

    /// <summary>Samples in memory, so that reading them costs a copy.</summary>
    private sealed class StoredSamples : ISampleSource
    {
        private readonly float[][] _samples;
        private readonly int[] _shape;

        public StoredSamples(ISampleSource source)
        {
            _shape = source.SampleShape.ToArray();
            _samples = [.. Enumerable.Range(0, source.Count).Select(index =>
            {
                var sample = new float[_shape.Aggregate(1, (product, size) => product * size)];
                source.Read(index, sample);
                return sample;
            })];
        }

        public int Count => _samples.Length;

        public ReadOnlySpan<int> SampleShape => _shape;

        public void Read(int index, Span<float> destination) => _samples[index].CopyTo(destination);
    }
}

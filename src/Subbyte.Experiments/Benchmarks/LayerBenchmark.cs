using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments;

/// <summary>How long one layer takes in one format, float in and out.</summary>
/// <param name="Layer">The shape.</param>
/// <param name="Runner">Who ran it: <c>subbyte</c> or <c>onnxruntime</c>.</param>
/// <param name="Format">The format of weights and activations.</param>
/// <param name="Kernel">Our kernel, or null.</param>
/// <param name="Milliseconds">The shortest run.</param>
/// <param name="MedianMilliseconds">The median run.</param>
/// <param name="Repeats">Number of runs.</param>
/// <param name="GigaMacsPerSecond">Billions of multiply-accumulates a second in the shortest run.</param>
/// <param name="ShareOfPeak">That as a fraction of what the machine can do at most by that kernel, or null.</param>
/// <param name="PackedMilliseconds">The shortest run from packed codes to packed codes, as between packed neighbours; null where that is not measured.</param>
/// <param name="SpeedupOverOnnxRuntimeFp32">ONNX Runtime's shortest run in fp32 by this one; null when it was not run.</param>
/// <param name="SpeedupOverOnnxRuntimeInt8">The same for its eight bits as they come.</param>
/// <param name="SpeedupOverOnnxRuntimeExactInt8">The same for eight bits whose products cannot saturate.</param>
public sealed record LayerTiming(
    string Layer,
    string Runner,
    string Format,
    string? Kernel,
    double Milliseconds,
    double MedianMilliseconds,
    int Repeats,
    double GigaMacsPerSecond,
    double? ShareOfPeak,
    double? PackedMilliseconds,
    double? SpeedupOverOnnxRuntimeFp32,
    double? SpeedupOverOnnxRuntimeInt8,
    double? SpeedupOverOnnxRuntimeExactInt8);

/// <summary>Times single layers in several formats, against each other and against ONNX Runtime, one thread each.</summary>
public static class LayerBenchmark
{
    private const int CalibrationSamples = 4;

    internal const string Binary = "binary";
    internal const string Ternary = "ternary";
    internal const string TernaryBytes = "ternary-u8";
    internal const string Int4 = "int4";
    internal const string Int8 = "int8";

    /// <summary>The formats by name, and the recipe of each; bit planes have codes that are drawn.</summary>
    public static IReadOnlyDictionary<string, string> Formats { get; } = new OrderedDictionary<string, string>
    {
        [Binary] = "",
        [Ternary] = "",
        ["fp32"] = "fp32",
        [Int8] = "int8",
        ["int7"] = "uniform:w=7,a=8,layers=*",
        [Int4] = "int4:layers=*",
        [TernaryBytes] = "uniform:w=2,a=8,layers=*",
        ["int16"] = "fxp:bits=16",
    };

    /// <summary>Times one layer in every format.</summary>
    /// <param name="shape">The layer.</param>
    /// <param name="formats">Names of formats.</param>
    /// <param name="milliseconds">Time given to each contender.</param>
    /// <param name="runtime">ONNX Runtime, or null.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One result a contender.</returns>
    /// <exception cref="UserErrorException">ONNX Runtime fails.</exception>
    public static IReadOnlyList<LayerTiming> Run(LayerShape shape, IReadOnlyList<string> formats, double milliseconds, OnnxRuntimeProcess? runtime, CancellationToken cancellation)
    {
        var network = shape.ToNetwork();
        var calibrator = new Calibrator(new NormalSamples([.. shape.Input], CalibrationSamples, seed: 1), CalibrationSamples);
        var ours = formats.Select(format => new Entry(format, Apply(format, network, calibrator, cancellation), shape.Batch)).ToArray();
        using var rivals = runtime is null ? null : new OnnxRuntimeRivals(runtime, network, calibrator, [shape.Batch, .. shape.Input], cancellation);
        var packed = formats.Select(format => PackedLayer.Create(shape, format)).ToArray();
        var contenders = packed.OfType<Action>().Select(work => new OwnContender(work)).ToArray();
        var timings = Contest.Run([.. ours.Select(own => own.Contender), .. rivals?.Contenders ?? [], .. contenders], milliseconds, cancellation);
        var besides = new Queue<Timing>(timings.Skip(timings.Count - contenders.Length));
        double?[] packedMilliseconds = [.. packed.Select(work => work is null ? (double?)null : besides.Dequeue().MinimumMilliseconds)];
        var theirs = rivals?.Name([.. timings.Skip(ours.Length).SkipLast(contenders.Length)]) ?? new Dictionary<string, Timing>();
        var peaks = new PeakShares();
        LayerTiming[] results =
        [
            .. ours.Select((own, i) => Result(shape, "subbyte", own.Format, own.Kernel, timings[i], packedMilliseconds[i], ours[0].Macs, theirs, peaks)),
            .. theirs.Select(rival => Result(shape, "onnxruntime", rival.Key, null, rival.Value, null, ours[0].Macs, theirs, peaks)),
        ];
        foreach (var own in ours) own.Dispose();
        return results;
    }

    private static LowBitNetwork Apply(string format, Network network, Calibrator calibrator, CancellationToken cancellation)
        => format is Binary or Ternary ? BitPlaneLayer.Apply(network, calibrator, format == Binary, cancellation) : Recipe.Parse(Formats[format]).Apply(network, calibrator, cancellation);

    private static LayerTiming Result(LayerShape shape, string runner, string format, ProductKernel? kernel, Timing timing, double? packedMilliseconds, double macs, IReadOnlyDictionary<string, Timing> rivals, PeakShares peaks)
    {
        var rate = timing.Giga(macs);
        return new LayerTiming(
            shape.Name,
            runner,
            format,
            kernel?.ToString(),
            timing.MinimumMilliseconds,
            timing.MedianMilliseconds,
            timing.Repeats,
            rate,
            kernel is null ? null : peaks.Share(kernel.Value, rate),
            packedMilliseconds,
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.Float, timing),
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.Int8, timing),
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.ExactInt8, timing));
    }

    /// <summary>A layer in one of our formats: packed at batch 1, through the executor where a batch is asked for.</summary>
    private sealed class Entry : IDisposable
    {
        private readonly PackedContender? _packed;

        public Entry(string format, LowBitNetwork network, int batch)
        {
            Format = format;
            var own = new OwnNetwork(network, batch);
            var product = own.Plan.DotProducts.Single();
            (Kernel, Macs, Contender) = (product.Kernel, product.Geometry.Macs * (double)product.Batch, own.Contender);
            if (batch > 1) return;
            try
            {
                _packed = new PackedContender(network);
            }
            catch (UserErrorException)
            {
                // What does not pack runs in the executor.
                return;
            }

            (Kernel, Contender) = (_packed.Network.Steps.Single(step => step.Weights > 0).Kernel!.Value, _packed.Contender);
        }

        public string Format { get; }

        public ProductKernel Kernel { get; }

        public double Macs { get; }

        public IContender Contender { get; }

        public void Dispose() => _packed?.Dispose();
    }
}

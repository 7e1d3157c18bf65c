using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Onnx.Export;

namespace Subbyte.Experiments;

/// <summary>ONNX Runtime on one network in the forms that it is raced in.</summary>
internal sealed class OnnxRuntimeRivals : IDisposable
{
    /// <summary>In fp32.</summary>
    public const string Float = "fp32";

    /// <summary>On the canonical export of our <c>int8</c>: eight bits in the dot-product layers, float between them.</summary>
    public const string LayersInt8 = "int8 QDQ, layers only";

    /// <summary>On eight bits throughout, as its own quantizer writes models.</summary>
    public const string Int8 = "int8 QDQ";

    /// <summary>The same with <c>session.x64quantprecision</c> = 1: products that cannot saturate.</summary>
    public const string ExactInt8 = "int8 QDQ, exact";

    private readonly OnnxRuntimeTimer _timer;
    private readonly List<string> _names = [];
    private readonly List<IContender> _contenders = [];

    /// <summary>Loads the network in every form, one thread each.</summary>
    /// <param name="runtime">ONNX Runtime.</param>
    /// <param name="network">The float network.</param>
    /// <param name="calibrator">Calibration samples.</param>
    /// <param name="shape">Shape of the input.</param>
    /// <param name="cancellation">Cancels the quantization.</param>
    /// <exception cref="UserErrorException">ONNX Runtime refuses a form.</exception>
    public OnnxRuntimeRivals(OnnxRuntimeProcess runtime, Network network, Calibrator calibrator, IReadOnlyList<int> shape, CancellationToken cancellation)
    {
        var quantized = LowBitExporter.Export(Recipe.Parse("int8:asymmetric").Apply(network, calibrator, cancellation), canonical: true);
        var complete = quantized with { Network = QuantizedActivations.Complete(quantized.Network) };
        _timer = runtime.StartTimer();
        try
        {
            Add(Float, LowBitExporter.Export(Recipe.Float.Apply(network, null, cancellation)), shape, exact: false);
            Add(LayersInt8, quantized, shape, exact: false);
            Add(Int8, complete, shape, exact: false);
            Add(ExactInt8, complete, shape, exact: true);
        }
        catch
        {
            _timer.Dispose();
            throw;
        }
    }

    /// <summary>The contenders.</summary>
    public IReadOnlyList<IContender> Contenders => _contenders;

    /// <summary>How many times faster something is than a rival.</summary>
    /// <param name="rivals">Timings of the rivals.</param>
    /// <param name="rival">Which.</param>
    /// <param name="timing">The timing.</param>
    /// <returns>The ratio of the shortest runs, or null when the rival was not run.</returns>
    public static double? Speedup(IReadOnlyDictionary<string, Timing> rivals, string rival, Timing timing)
        => rivals.TryGetValue(rival, out var theirs) ? theirs.MinimumMilliseconds / timing.MinimumMilliseconds : null;

    /// <summary>Puts names to timings.</summary>
    /// <param name="timings">One timing a contender.</param>
    /// <returns>Timings by name, in order.</returns>
    public IReadOnlyDictionary<string, Timing> Name(IReadOnlyList<Timing> timings)
        => new OrderedDictionary<string, Timing>(_names.Select((name, i) => KeyValuePair.Create(name, timings[i])));

    /// <summary>Ends ONNX Runtime.</summary>
    public void Dispose() => _timer.Dispose();

    private void Add(string name, OnnxExport model, IReadOnlyList<int> shape, bool exact)
    {
        _names.Add(name);
        _contenders.Add(_timer.Load(model.Save, shape, exact, threads: 1));
    }
}

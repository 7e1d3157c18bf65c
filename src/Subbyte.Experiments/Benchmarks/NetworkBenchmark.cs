using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>How networks are timed.</summary>
public sealed record NetworkBenchmarkOptions
{
    /// <summary>Samples of one run.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Time given to each contender, in milliseconds; each runs at least 30 times.</summary>
    public double Milliseconds { get; init; } = 1000;

    /// <summary>Recipes timed beside fp32.</summary>
    public IReadOnlyList<Recipe> Recipes { get; init; } = [];

    /// <summary>ONNX Runtime, or null to time only ourselves.</summary>
    public OnnxRuntimeProcess? OnnxRuntime { get; init; }
}

/// <summary>Times whole networks under several recipes, against each other and against ONNX Runtime, one thread each.</summary>
public static class NetworkBenchmark
{
    private const int CalibrationSamples = 16;

    /// <summary>Times a network. Methods are calibrated on noise: only speed is looked at.</summary>
    /// <param name="network">The float network.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One result a contender: ours under each recipe, fp32 first, then ONNX Runtime.</returns>
    /// <exception cref="UserErrorException">The network cannot be run, or a recipe does not fit it.</exception>
    public static IReadOnlyList<NetworkTiming> Run(Network network, NetworkBenchmarkOptions options, CancellationToken cancellation)
    {
        var shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var calibrator = new Calibrator(new NormalSamples(shape, CalibrationSamples, seed: 1), CalibrationSamples);
        var recipes = options.Recipes.Where(recipe => recipe.Steps.Count > 0).Prepend(Recipe.Float).ToArray();
        var ours = recipes.Select(recipe => new OwnNetwork(recipe.Apply(network, calibrator, cancellation), options.Batch)).ToArray();
        using var rivals = options.OnnxRuntime is null ? null : new OnnxRuntimeRivals(options.OnnxRuntime, network, calibrator, [options.Batch, .. shape], cancellation);
        var timings = Contest.Run([.. ours.Select(own => own.Contender), .. rivals?.Contenders ?? []], options.Milliseconds, cancellation);
        var theirs = rivals?.Name([.. timings.Skip(ours.Length)]) ?? new Dictionary<string, Timing>();
        var macs = ours[0].Plan.DotProducts.Sum(product => product.Geometry.Macs) * (double)options.Batch;
        var peaks = new PeakShares();
        return
        [
            .. recipes.Select((recipe, i) => Result("subbyte", recipe.Text, timings[i], options.Batch, macs, theirs, [.. ours[i].TimeSteps().Select(step => Node(step.Plan, step.Milliseconds, peaks))])),
            .. theirs.Select(rival => Result("onnxruntime", rival.Key, rival.Value, options.Batch, macs, theirs, [])),
        ];
    }

    internal static NetworkTiming Result(string runner, string format, Timing timing, int batch, double macs, IReadOnlyDictionary<string, Timing> rivals, IReadOnlyList<NodeTiming> layers)
        => new(
            runner,
            format,
            timing.MinimumMilliseconds,
            timing.MedianMilliseconds,
            timing.Repeats,
            1000 * batch / timing.MinimumMilliseconds,
            timing.Giga(macs),
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.Float, timing),
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.Int8, timing),
            OnnxRuntimeRivals.Speedup(rivals, OnnxRuntimeRivals.ExactInt8, timing),
            layers)
        {
            Percentile90Milliseconds = timing.Percentile90Milliseconds,
            Percentile99Milliseconds = timing.Percentile99Milliseconds,
        };

    private static NodeTiming Node(NodePlan plan, double milliseconds, PeakShares peaks)
    {
        if (plan is not IDotProductPlan product) return new NodeTiming(plan.GetType().Name.Replace("Plan", "", StringComparison.Ordinal), null, milliseconds, null, null);
        var rate = product.Geometry.Macs * product.Batch / milliseconds / 1e6;
        return new NodeTiming(product.LayerName, product.Kernel.ToString(), milliseconds, rate, peaks.Share(product.Kernel, rate));
    }
}

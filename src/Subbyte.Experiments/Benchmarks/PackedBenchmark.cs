using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>Times a packed network, alone or against ONNX Runtime on the network that it was made of, one thread each, and with more threads beside.</summary>
public static class PackedBenchmark
{
    private const int CalibrationSamples = 16;

    /// <summary>Times a packed network on noise.</summary>
    /// <param name="model">The packed network.</param>
    /// <param name="source">The float network that it was made of, or null.</param>
    /// <param name="other">A packed network of the same shape to be timed beside it, such as the same without pruning, or null.</param>
    /// <param name="threads">Threads of a second session, whose speed-up is held to what the threads make of the multiply-add peak; 1 for none.</param>
    /// <param name="milliseconds">Time given to each contender; each runs at least 30 times.</param>
    /// <param name="runtime">ONNX Runtime, which runs the source, or null.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One result a contender, the packed network first.</returns>
    /// <exception cref="UserErrorException">The source is missing or does not fit.</exception>
    public static IReadOnlyList<NetworkTiming> Run(PackedModel model, Network? source, PackedModel? other, int threads, double milliseconds, OnnxRuntimeProcess? runtime, CancellationToken cancellation)
    {
        var shape = model.Network.Values[model.Network.Input].Dimensions.ToArray();
        if (runtime is not null && source is null) throw new UserErrorException("--against needs the network that was packed: give --source MODEL.onnx");
        if (source is not null && ExecutionPlan.Compile(source).InputType.Dimensions[1..] is var own && !own.SequenceEqual(shape))
            throw new UserErrorException($"network '{source.Name}' takes inputs of {string.Join('×', own.ToArray())}, the packed '{model.Network.Name}' of {string.Join('×', shape)}; --source is the network that was packed");
        using var packed = new PackedContender(model.Open(new SessionOptions()));
        using var shared = threads == 1 ? null : new PackedContender(model.Open(new SessionOptions { Threads = threads }));
        using var beside = other is null ? null : new PackedContender(other.Open(new SessionOptions()));
        using var rivals = runtime is null ? null : new OnnxRuntimeRivals(runtime, source!, new Calibrator(new NormalSamples(shape, CalibrationSamples, seed: 1), CalibrationSamples), [1, .. shape], cancellation);
        IContender[] ours = [.. new[] { packed, shared, beside }.OfType<PackedContender>().Select(each => each.Contender)];
        var timings = Contest.Run([.. ours, .. rivals?.Contenders ?? []], milliseconds, cancellation);
        var theirs = rivals?.Name([.. timings.Skip(ours.Length)]) ?? new Dictionary<string, Timing>();
        var macs = (double)model.Network.Steps.Sum(step => step.Macs);
        var peaks = new PeakShares();
        var format = Path.GetFileName(model.Path);
        var otherTiming = beside is null ? null : timings[ours.Length - 1];
        return
        [
            NetworkBenchmark.Result("subbyte", format, timings[0], 1, macs, theirs, Nodes(packed, peaks)) with
            {
                FileBytes = model.Bytes,
                RunBytes = packed.RunBytes,
                SpeedupOverOther = otherTiming?.MinimumMilliseconds / timings[0].MinimumMilliseconds,
                Sparsity = PackedSparsity.Of(model.Network),
            },
            .. shared is null ? [] : new[] { NetworkBenchmark.Result("subbyte", $"{format}, {threads} threads", timings[1], 1, macs, theirs, []) with { Threads = threads, RunBytes = shared.RunBytes, SpeedupOverOneThread = timings[0].MinimumMilliseconds / timings[1].MinimumMilliseconds, PeakSpeedupOfThreads = PeakSpeedup(threads) } },
            .. otherTiming is null ? [] : new[] { NetworkBenchmark.Result("subbyte", Path.GetFileName(other!.Path), otherTiming, 1, other.Network.Steps.Sum(step => step.Macs), theirs, Nodes(beside!, peaks)) with { FileBytes = other.Bytes, RunBytes = beside!.RunBytes, Sparsity = PackedSparsity.Of(other.Network) } },
            .. theirs.Select(rival => NetworkBenchmark.Result("onnxruntime", rival.Key, rival.Value, 1, macs, theirs, [])),
        ];
    }

    private static IReadOnlyList<NodeTiming> Nodes(PackedContender packed, PeakShares peaks) => [.. packed.TimeSteps().Select(step => Node(step.Step, step.Milliseconds, peaks))];

    private static double? PeakSpeedup(int threads) => Peak.OnThreads(Peak.FusedMultiplyAdd, 1) is > 0 and var one ? Peak.OnThreads(Peak.FusedMultiplyAdd, threads) / one : null;

    internal static NodeTiming Node(PackedStep step, double milliseconds, PeakShares peaks)
    {
        if (step.Kernel is not { } kernel) return new NodeTiming(step.Description, null, milliseconds, null, null);
        var rate = step.Macs / milliseconds / 1e6;
        return new NodeTiming(step.Name, $"{step.Description}, {kernel}", milliseconds, rate, peaks.Share(kernel, rate));
    }
}

using Subbyte.Calibration;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Methods.BatchNormRecalibration;

/// <summary>
/// Re-estimates the running mean and variance of every batch norm from the activations of the low-bit network; weights, scales, γ and β stay
/// (Shomron and Weiser, arXiv 2010.05625; NB-SMT and recalibration, part B). Each batch is normalised with its own statistics, so that deeper
/// layers see corrected inputs from the first batch on, and batches do not influence each other: they run side by side.
/// </summary>
/// <param name="options">Options.</param>
public sealed class BatchNormRecalibrationPass(RecalibrationOptions options) : ILoweredPass, IRecipeSetting
{
    private const int Mean = 3;
    private const int Variance = 4;

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<RecalibrationOptions>(
        "bn-recal",
        "re-estimates the statistics of the batch norms, which stay apart, with the method active",
        "Shomron and Weiser, Post-Training BatchNorm Recalibration, 2020",
        options => new BatchNormRecalibrationPass(options));

    /// <inheritdoc/>
    public RecipeSettings Apply(RecipeSettings settings) => settings with { KeepBatchNorms = true };

    /// <inheritdoc/>
    public LowBitNetwork Apply(LowBitNetwork network, CalibrationData calibration, CancellationToken cancellation)
    {
        var norms = network.Network.Nodes.Where(node => node is { OpType: "BatchNormalization", Domain: "" }).ToArray();
        if (norms.Length == 0)
            throw new UserErrorException($"recipe step 'bn-recal': network '{network.Network.Name}' has no batch norm; where it was folded into the weights, 'output-correction' does the same");
        var size = Math.Min(options.Size, calibration.Samples.Count);
        if (size < 2) throw new UserErrorException("recipe step 'bn-recal' needs at least two calibration samples; name more with --calibrate");
        var batches = Math.Min(options.Batches, calibration.Samples.Count / size);
        var statistics = Collect(network, norms, calibration, size, batches, cancellation);
        return network.With(Replace(network.Network, norms, statistics));
    }

    private RunningStatistics[] Collect(LowBitNetwork network, Node[] norms, CalibrationData calibration, int size, int batches, CancellationToken cancellation)
    {
        var plan = ExecutionPlan.Compile(network.With(InTraining(network.Network, norms)), new ExecutionOptions { Batch = size });
        var outputs = network.Network.Outputs.Count;
        var results = new float[batches][][];
        var next = -1;
        Threading.Run(Math.Min(calibration.Threads, batches), () =>
        {
            var frame = new ExecutionFrame(plan);
            for (var batch = Interlocked.Increment(ref next); batch < batches && !cancellation.IsCancellationRequested; batch = Interlocked.Increment(ref next))
            {
                var input = frame.Input.AsSpan<float>();
                var length = input.Length / size;
                for (var i = 0; i < size; i++) calibration.Samples.Read((batch * size) + i, input.Slice(i * length, length));
                frame.Run();
                results[batch] = [.. Enumerable.Range(outputs, 2 * norms.Length).Select(output => frame.Results[output].AsSpan<float>().ToArray())];
            }
        });
        cancellation.ThrowIfCancellationRequested();
        var counts = norms.Select(norm => ValuesOfChannel(plan, norm)).ToArray();
        var statistics = norms.Select(norm => new RunningStatistics(Constant(network.Network, norm, Mean), Constant(network.Network, norm, Variance), options)).ToArray();
        foreach (var batch in results)
        {
            for (var i = 0; i < norms.Length; i++) statistics[i].Add(batch[2 * i], batch[(2 * i) + 1], counts[i]);
        }

        return statistics;
    }

    /// <summary>The network with every batch norm in training mode, its batch's mean and biased variance as further outputs of the network.</summary>
    private static Network InTraining(Network network, Node[] norms)
    {
        var training = norms.ToDictionary(norm => norm.Name, Training, StringComparer.Ordinal);
        return network with
        {
            Nodes = [.. network.Nodes.Select(node => training.TryGetValue(node.Name, out var replacement) ? replacement : node)],
            Outputs = [.. network.Outputs, .. norms.SelectMany(norm => training[norm.Name].Outputs.Skip(1)).Select(name => new NetworkValue(name, ElementType.Float32, []))],
        };
    }

    private static Node Training(Node norm) => new()
    {
        Name = norm.Name,
        OpType = norm.OpType,
        Inputs = norm.Inputs,
        Outputs = [norm.Outputs[0], norm.Name + ".batch-mean", norm.Name + ".batch-variance"],

        // The running statistics are the batch's own: old · 0 + batch · 1.
        Attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["epsilon"] = norm.Float("epsilon", 1e-5f), ["momentum"] = 0f, ["training_mode"] = 1L },
    };

    /// <summary>Values of one channel of a batch norm's map in one run.</summary>
    private static long ValuesOfChannel(ExecutionPlan plan, Node norm)
    {
        var map = plan.Steps.First(step => step.Name == norm.Name).Plan.Outputs[0];
        return map.Count / map.Dimensions[1];
    }

    private static ReadOnlySpan<float> Constant(Network network, Node norm, int input)
        => network.Constants.TryGetValue(norm.Inputs[input], out var tensor) ? tensor.AsSpan<float>() : throw new UserErrorException($"{norm}: its statistics are not constants; recalibration needs a network exported for inference");

    private static Network Replace(Network network, Node[] norms, RunningStatistics[] statistics)
    {
        var constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
        var replaced = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < norms.Length; i++)
        {
            var (mean, variance) = ($"{norms[i].Name}.mean.recalibrated", $"{norms[i].Name}.variance.recalibrated");
            constants[mean] = Tensor.Of<float>(statistics[i].Mean);
            constants[variance] = Tensor.Of<float>(statistics[i].Variance);
            replaced[norms[i]] = norms[i].WithInputs([.. norms[i].Inputs.Take(Mean), mean, variance]);
        }

        return network with { Constants = constants, Nodes = [.. network.Nodes.Select(node => replaced.GetValueOrDefault(node, node))] };
    }
}

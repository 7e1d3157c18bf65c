using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Experiments;

/// <summary>What built-in networks are timed at.</summary>
public sealed record ShapeBenchmarkOptions
{
    /// <summary>One of <see cref="BuiltInNetworks.Names"/>.</summary>
    public required string Network { get; init; }

    /// <summary>Height and width of an image of three channels.</summary>
    public int Size { get; init; } = 224;

    /// <summary>Number of classes.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Recipes to pack under.</summary>
    public required IReadOnlyList<Recipe> Recipes { get; init; }

    /// <summary>Time given to each contender, in milliseconds; each runs at least 30 times.</summary>
    public double Milliseconds { get; init; } = 1000;

    /// <summary>ONNX Runtime, which runs the float network, or null.</summary>
    public OnnxRuntimeProcess? OnnxRuntime { get; init; }

    /// <summary>Seed of the weights.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Times a built-in network, packed under several recipes, against ONNX Runtime on its float form, one thread each. Weights are drawn; where a recipe needs a
/// trained network, one step of training on noise makes its blocks and levels: only speed is looked at.
/// </summary>
public static class ShapeBenchmark
{
    private const int CalibrationSamples = 16;
    private const int Channels = 3;

    /// <summary>Times them.</summary>
    /// <param name="options">What.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One result a contender, ours first.</returns>
    /// <exception cref="UserErrorException">The network is unknown, or a recipe does not fit it.</exception>
    public static IReadOnlyList<NetworkTiming> Run(ShapeBenchmarkOptions options, CancellationToken cancellation)
    {
        int[] shape = [Channels, options.Size, options.Size];
        var network = BuiltInNetworks.Create(options.Network, shape, options.Classes, new Preprocessing(ChannelOrder.AsIs, 1, [0], [1]), new BuiltInNetworkOptions { Seed = options.Seed });
        var calibrator = new Calibrator(new NormalSamples(shape, CalibrationSamples, seed: 1), CalibrationSamples);
        var packed = options.Recipes.Select(recipe => new PackedContender(recipe.Apply(Trained(network, recipe, shape, options, cancellation), calibrator, cancellation))).ToArray();
        try
        {
            using var rivals = options.OnnxRuntime is null ? null : new OnnxRuntimeRivals(options.OnnxRuntime, network, calibrator, [1, .. shape], cancellation);
            var timings = Contest.Run([.. packed.Select(each => each.Contender), .. rivals?.Contenders ?? []], options.Milliseconds, cancellation);
            var theirs = rivals?.Name([.. timings.Skip(packed.Length)]) ?? new Dictionary<string, Timing>();
            var peaks = new PeakShares();
            return
            [
                .. packed.Select((each, i) => NetworkBenchmark.Result("subbyte", options.Recipes[i].Text, timings[i], 1, Macs(each), theirs, [.. each.TimeSteps().Select(step => PackedBenchmark.Node(step.Step, step.Milliseconds, peaks))]) with { RunBytes = each.RunBytes }),
                .. theirs.Select(rival => NetworkBenchmark.Result("onnxruntime", rival.Key, rival.Value, 1, Macs(packed[0]), theirs, [])),
            ];
        }
        finally
        {
            foreach (var each in packed) each.Dispose();
        }
    }

    private static double Macs(PackedContender packed) => packed.Network.Steps.Sum(step => (double)step.Macs);

    private static Network Trained(Network network, Recipe recipe, int[] shape, ShapeBenchmarkOptions options, CancellationToken cancellation)
    {
        var methods = new TrainingMethods(recipe.Steps.Select(step => step.Component));
        if (methods.IsEmpty) return network;
        var noise = new LabeledSamples(new NormalSamples(shape, 2, seed: 1), [0, options.Classes - 1]);
        return Trainer.Train(network, noise, new TrainingOptions { Epochs = 1, BatchSize = noise.Count, Methods = methods, Seed = options.Seed }, cancellation: cancellation).Network;
    }
}

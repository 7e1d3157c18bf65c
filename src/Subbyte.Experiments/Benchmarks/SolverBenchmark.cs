using System.Diagnostics;
using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;

namespace Subbyte.Experiments;

/// <summary>How long the digits of a layer's weights took.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Depth">Weights of a channel.</param>
/// <param name="Patches">Calibration patches.</param>
/// <param name="Seconds">Second moments and all channels, on all threads.</param>
/// <param name="Channels">Channels that both forms solved on one thread.</param>
/// <param name="SecondsOfChannels">The second moments and those channels, one thread.</param>
/// <param name="NaiveSeconds">The same value by value, one thread; the digits are the same.</param>
public sealed record SolverTiming(string Layer, int Outputs, int Depth, int Patches, double Seconds, int Channels, double SecondsOfChannels, double NaiveSeconds)
{
    /// <summary>Naive over ours, the same work on one thread.</summary>
    public double Ratio => NaiveSeconds / SecondsOfChannels;
}

/// <summary>Times Bit-Split on a network's layers, beside the same algorithm value by value.</summary>
public static class SolverBenchmark
{
    /// <summary>Times all layers but the first and the last.</summary>
    /// <param name="layers">Layers of a network, with their statistics.</param>
    /// <param name="options">Options of the method.</param>
    /// <param name="channels">Channels of a layer that are solved value by value too.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One timing a layer.</returns>
    public static IReadOnlyList<SolverTiming> Run(IReadOnlyList<DotProductLayer> layers, BitSplitOptions options, int channels, CancellationToken cancellation)
    {
        var timings = new List<SolverTiming>();
        foreach (var layer in layers.Where(layer => !layer.IsEnd))
        {
            cancellation.ThrowIfCancellationRequested();
            timings.Add(Time(layer, options, Math.Min(channels, layer.Outputs / layer.Groups)));
        }

        return timings;
    }

    private static SolverTiming Time(DotProductLayer layer, BitSplitOptions options, int channels)
    {
        var rows = layer.Input.Patches(0, options.Patches);
        var watch = Stopwatch.StartNew();
        new BitSplitMethod(options).Fill(new LayerDraft(layer));
        var seconds = watch.Elapsed.TotalSeconds;

        watch.Restart();
        var moments = ResponseMoments.Of(rows);
        var solver = new ResponseSolver(moments, options.WeightBits - 1);
        for (var m = 0; m < channels; m++)
        {
            var (planes, response) = Start(layer, m, options, moments);
            solver.Solve(planes, response, options.Epochs);
        }

        var ofChannels = watch.Elapsed.TotalSeconds;
        watch.Restart();
        moments = NaiveMoments(rows);
        for (var m = 0; m < channels; m++)
        {
            var (planes, response) = Start(layer, m, options, moments);
            ResponseReference.Solve(planes, response, moments, options.Epochs);
        }

        return new SolverTiming(layer.Name, layer.Outputs, layer.Depth, rows.Count, seconds, channels, ofChannels, watch.Elapsed.TotalSeconds);
    }

    private static (DigitPlanes Planes, double[] Response) Start(DotProductLayer layer, int m, BitSplitOptions options, ResponseMoments moments)
    {
        double[] weights = [.. layer.Row(m).ToArray().Select(weight => (double)weight)];
        return (WeightFit.Of(weights, options.WeightBits), moments.Response(weights));
    }

    /// <summary>Σ xᵢ·xⱼ, one product after the other.</summary>
    private static ResponseMoments NaiveMoments(PatchRows rows)
    {
        var depth = rows.Depth;
        var gram = new double[depth * depth];
        for (var row = 0; row < rows.Count; row++)
        {
            var x = rows.Row(row);
            for (var i = 0; i < depth; i++)
            {
                for (var j = 0; j < depth; j++) gram[(i * depth) + j] += x[i] * (double)x[j];
            }
        }

        return new ResponseMoments(depth, gram, gram);
    }
}

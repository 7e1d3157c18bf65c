using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;

namespace Subbyte.Methods.AdaRound;

/// <summary>
/// AdaRound: weights on uniform grids, each rounded up or down for the smallest error of the layer's output; the choice is relaxed to a number
/// between and found by gradient descent (Nagel, Amjad, van Baalen, Louizos, Blankevoort, ICML 2020).
/// </summary>
/// <param name="options">Options.</param>
public sealed class AdaRoundMethod(AdaRoundOptions options) : ILayerMethod
{
    private const string Name = "adaround";

    /// <summary>Output channels that descend together: a matrix product of so many rows a step.</summary>
    private const int ChannelsOfBlock = 16;

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<AdaRoundOptions>(
        Name,
        "each weight rounded up or down for the layer's output, by gradient descent on soft roundings",
        "Nagel, Amjad, van Baalen, Louizos, Blankevoort: Up or Down? Adaptive Rounding for Post-Training Quantization, ICML 2020",
        options => new AdaRoundMethod(options),
        "adaround:w=4",
        "adaround:w=3");

    /// <inheritdoc/>
    public bool CoversEnds => options.WeightBits >= 8;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The layer's rows are too long for a matrix of their second moments.</exception>
    public void Fill(LayerDraft draft)
    {
        var layer = draft.Layer;
        SecondMoments.RequireDepth(layer, Name);
        if (options.FloatActivations) draft.KeepFloatActivations(Name);
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        for (var m = 0; m < scales.Length; m++) scales[m] = options.Clip.Grid(layer.Row(m), options.WeightBits).Scale;
        var threads = layer.Input.Threads;
        Threading.ForEach(layer.Groups == 1 ? 1 : threads, layer.Groups, group => Round(draft, group, layer.Groups == 1 ? threads : 1, scales, codes));
        draft.Fill(new WeightCodes(Name, [new WeightPlane(codes, scales, options.WeightBits)], ((long)options.WeightBits * codes.Length) + (32L * layer.Outputs)));
    }

    /// <summary>Rounds the weights of a group's outputs.</summary>
    private void Round(LayerDraft draft, int group, int threads, float[] scales, short[] codes)
    {
        var (layer, depth) = (draft.Layer, draft.Layer.Depth);
        var rows = layer.Input.Patches(group, options.Patches);
        var moments = options.Sequential ? ResponseMoments.Of(rows, draft.LoweredPatches(group, options.Patches), threads) : ResponseMoments.Of(rows, threads);
        var packed = PackedFloatMatrix.Pack(Array.ConvertAll(moments.Gram, moment => (float)moment), depth, depth);
        var outputs = layer.Outputs / layer.Groups;
        Threading.ForEach(threads, (outputs + ChannelsOfBlock - 1) / ChannelsOfBlock, block =>
        {
            var first = (group * outputs) + (block * ChannelsOfBlock);
            var count = Math.Min(ChannelsOfBlock, ((group + 1) * outputs) - first);
            RoundingProblem[] channels = [.. Enumerable.Range(first, count).Select(m => new RoundingProblem(layer.Row(m), scales[m], CodeRange.Narrow(options.WeightBits).Highest, moments))];
            var chosen = Round(channels, packed);
            for (var i = 0; i < count; i++) chosen[i].CopyTo(codes, (first + i) * depth);
        });
    }

    /// <summary>The better of the nearest codes and those of the descent, channel by channel.</summary>
    /// <param name="channels">The channels' problems.</param>
    /// <param name="moments">Second moments of their input.</param>
    /// <returns>Codes of each channel.</returns>
    internal short[][] Round(IReadOnlyList<RoundingProblem> channels, PackedFloatMatrix moments)
    {
        short[][] nearest = [.. channels.Select(channel => channel.Nearest())];
        var errors = channels.Select((channel, i) => channel.Error(nearest[i])).ToArray();
        var descended = new RoundingOptimizer(channels, [.. errors.Select(error => error.Own)], moments, options).Run();
        return [.. channels.Select((channel, i) => Sum(channel.Error(descended[i])) < Sum(errors[i]) ? descended[i] : nearest[i])];
    }

    private static double Sum((double Own, double Inherited) error) => error.Own + error.Inherited;
}

using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>How the weights of a convolution over any number of dimensions lie in memory.</summary>
/// <param name="Groups">Groups.</param>
/// <param name="Outputs">Outputs of a group.</param>
/// <param name="Channels">Input channels of a group.</param>
/// <param name="Taps">Kernel positions, which are innermost.</param>
/// <param name="OutputStride">Elements from one output to the next.</param>
/// <param name="ChannelStride">Elements from one channel to the next.</param>
/// <param name="Constant">The weights where they are constant.</param>
internal sealed record PatchWeights(int Groups, int Outputs, int Channels, int Taps, int OutputStride, int ChannelStride, Tensor? Constant)
{
    /// <summary>Length of a patch of one group.</summary>
    public int Depth => checked(Taps * Channels);

    /// <summary>Weights [outputs][channels of a group][kernel…] of Conv.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="groups">Groups.</param>
    /// <returns>How they lie.</returns>
    public static PatchWeights Forward(TensorType weights, int groups)
    {
        var (channels, taps) = (weights.Dimensions[1], Kernel(weights));
        return new PatchWeights(groups, weights.Dimensions[0] / groups, channels, taps, checked(channels * taps), taps, weights.Constant);
    }

    /// <summary>Weights [channels][outputs of a group][kernel…] of ConvTranspose.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="groups">Groups.</param>
    /// <returns>How they lie.</returns>
    public static PatchWeights Transposed(TensorType weights, int groups)
    {
        var (outputs, taps) = (weights.Dimensions[1], Kernel(weights));
        return new PatchWeights(groups, outputs, weights.Dimensions[0] / groups, taps, taps, checked(outputs * taps), weights.Constant);
    }

    /// <summary>Gathers the weights of a group as the columns of a product with patches.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="weights">Weights as they lie.</param>
    /// <param name="group">The group.</param>
    /// <param name="columns">Takes [kernel position][channel][output].</param>
    public void Columns<T>(ReadOnlySpan<T> weights, int group, Span<T> columns)
    {
        var start = group * Outputs * Channels * Taps;
        for (var tap = 0; tap < Taps; tap++)
        {
            for (var c = 0; c < Channels; c++)
            {
                var row = columns.Slice(((tap * Channels) + c) * Outputs, Outputs);
                for (var m = 0; m < row.Length; m++) row[m] = weights[start + (m * OutputStride) + (c * ChannelStride) + tap];
            }
        }
    }

    private static int Kernel(TensorType weights) => checked((int)ElementTypes.ElementCount(weights.Dimensions[2..]));
}

namespace Subbyte.Lowering;

/// <summary>Where the dot products of a layer come from.</summary>
public enum LayerKind
{
    /// <summary>A convolution with one group.</summary>
    Convolution,

    /// <summary>A convolution with more than one group, each of which has more than one input channel.</summary>
    GroupedConvolution,

    /// <summary>A convolution whose groups have one input channel each.</summary>
    DepthwiseConvolution,

    /// <summary>A fully connected layer (Gemm or MatMul with constant weights).</summary>
    FullyConnected,

    /// <summary>Gates of a recurrent layer, with the input or with the state of every step.</summary>
    RecurrentGates,
}

/// <summary>
/// What a method sees of a layer that costs anything: <c>Y[n,m] = Σk P[n,k]·W[m,k] + bias[m]</c> with <c>n</c> positions a sample,
/// <c>m</c> output channels and <c>k</c> running channel-fastest, <c>k = (i·kernelWidth + j)·channelsPerGroup + c</c>.
/// </summary>
public sealed class DotProductLayer
{
    /// <summary>The layer's name: its node's name, unique in its network.</summary>
    public required string Name { get; init; }

    /// <summary>Position among the network's dot-product layers, from 0, in execution order.</summary>
    public required int Index { get; init; }

    /// <summary>What kind of operator it is.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Output positions of one sample, <c>n</c>.</summary>
    public required int Positions { get; init; }

    /// <summary>Output channels of all groups, <c>m</c>.</summary>
    public required int Outputs { get; init; }

    /// <summary>Length of one dot product, <c>k</c>: kernel positions × channels of one group.</summary>
    public required int Depth { get; init; }

    /// <summary>Number of groups; outputs m·g/groups … belong to group g.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Kernel height; 1 for a fully connected layer.</summary>
    public int KernelHeight { get; init; } = 1;

    /// <summary>Kernel width; 1 for a fully connected layer.</summary>
    public int KernelWidth { get; init; } = 1;

    /// <summary>Input channels of one group: the length of the run of consecutive k at one kernel position.</summary>
    public int ChannelsPerGroup => Depth / (KernelHeight * KernelWidth);

    /// <summary>For each kernel position the output positions of one sample at which it lies inside the input, not in its padding; empty where nothing is padded.</summary>
    public IReadOnlyList<int> PositionsInside { get; init; } = [];

    /// <summary>Weights [outputs][depth], k channel-fastest.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>Bias [outputs]; zeros when the layer has none.</summary>
    public required ReadOnlyMemory<float> Bias { get; init; }

    /// <summary>Whether it is the first or the last dot-product layer of its network.</summary>
    public bool IsEnd { get; init; }

    /// <summary>What calibration knows of the layer's input.</summary>
    public required ILayerStatistics Input { get; init; }

    /// <summary>Multiply-accumulates for one sample.</summary>
    public long Macs => (long)Positions * Outputs * Depth;

    /// <summary>Products with the inside of the input that a weight takes part in, for one sample.</summary>
    /// <param name="k">Its position in its row.</param>
    /// <returns>0 … <see cref="Positions"/>.</returns>
    public int ProductsInside(int k) => PositionsInside.Count == 0 ? Positions : PositionsInside[k / ChannelsPerGroup];

    /// <summary>The weights of one output channel.</summary>
    /// <param name="output">Output channel, 0 ≤ output &lt; <see cref="Outputs"/>.</param>
    /// <returns><see cref="Depth"/> weights.</returns>
    public ReadOnlySpan<float> Row(int output) => Weights.Span.Slice(output * Depth, Depth);

    /// <summary>The input channel, all groups together, that a weight meets.</summary>
    /// <param name="output">Output channel.</param>
    /// <param name="k">Position in the row.</param>
    /// <returns>The channel.</returns>
    public int InputChannel(int output, int k) => (int)((long)output * Groups / Outputs * ChannelsPerGroup) + (k % ChannelsPerGroup);
}

using Subbyte.Lowering;

namespace Subbyte.Methods.TermSerial;

/// <summary>How a layer is cut into groups of work: blocks of windows, bricks of channels at one kernel position, blocks of filters (one-hot networks, section 6).</summary>
/// <param name="layer">The layer.</param>
/// <param name="lanes">Channels of a brick.</param>
/// <param name="filters">Filters that work in lock step: rows · tiles.</param>
/// <param name="windows">Windows that work in lock step.</param>
internal sealed class LaneGroups(DotProductLayer layer, int lanes, int filters, int windows)
{
    /// <summary>Filters of one group of the layer.</summary>
    public int OutputsPerGroup { get; } = layer.Outputs / layer.Groups;

    /// <summary>Channels of a brick.</summary>
    public int Lanes => lanes;

    /// <summary>Filters that work in lock step, at most.</summary>
    public int Filters => filters;

    /// <summary>Windows that work in lock step, at most.</summary>
    public int Windows => windows;

    /// <summary>Length of a dot product.</summary>
    public int Depth => layer.Depth;

    /// <summary>Blocks of filters of one group of the layer.</summary>
    public int FilterBlocks => (OutputsPerGroup + filters - 1) / filters;

    /// <summary>Bricks of one window.</summary>
    public int Bricks => layer.KernelHeight * layer.KernelWidth * ((layer.ChannelsPerGroup + lanes - 1) / lanes);

    /// <summary>Groups of work of one sample: the cycles of a machine that takes one for each.</summary>
    public long Count => (long)((layer.Positions + windows - 1) / windows) * Bricks * FilterBlocks * layer.Groups;

    /// <summary>A brick's place in a dot product.</summary>
    /// <param name="brick">The brick, 0 ≤ brick &lt; <see cref="Bricks"/>.</param>
    /// <returns>First k and number of channels; the last brick of a kernel position keeps what is left.</returns>
    public (int Start, int Length) Brick(int brick)
    {
        var channels = layer.ChannelsPerGroup;
        var ofPosition = (channels + lanes - 1) / lanes;
        var channel = brick % ofPosition * lanes;
        return ((brick / ofPosition * channels) + channel, Math.Min(lanes, channels - channel));
    }
}

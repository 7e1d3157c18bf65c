using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>Statistical data arrangement (section 3.5): channels by how often they need a multiplier, and then how wide their values are.</summary>
public static class ChannelOrder
{
    /// <summary>Sorts channels; the keys are integers, 1000·nonZero + wide, and ties keep the order of the channels.</summary>
    /// <param name="activity">Counts of each channel.</param>
    /// <returns>Channels from the busiest to the idlest.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<ChannelActivity> activity)
        => [.. Enumerable.Range(0, activity.Count).OrderByDescending(channel => (1000 * activity[channel].NonZero) + activity[channel].Wide)];
}

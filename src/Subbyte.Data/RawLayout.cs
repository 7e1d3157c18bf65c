namespace Subbyte.Data;

/// <summary>The order in which the values of an image are stored.</summary>
public enum RawLayout
{
    /// <summary>Channel by channel, each row by row.</summary>
    ChannelsFirst,

    /// <summary>Pixel by pixel, the channels of one pixel together.</summary>
    ChannelsLast,
}

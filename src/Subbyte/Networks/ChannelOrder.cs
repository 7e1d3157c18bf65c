namespace Subbyte.Networks;

/// <summary>The order in which a network takes the colour channels of an image that is stored as red, green, blue.</summary>
public enum ChannelOrder
{
    /// <summary>The channels as they are stored; any number of them (a grey image, features of speech).</summary>
    AsIs,

    /// <summary>Red, green, blue: three channels as they are stored.</summary>
    Rgb,

    /// <summary>Blue, green, red: three channels, reversed.</summary>
    Bgr,
}

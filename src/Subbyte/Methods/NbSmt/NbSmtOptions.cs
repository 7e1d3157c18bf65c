namespace Subbyte.Methods.NbSmt;

/// <summary>Options of <see cref="NbSmtMethod"/>.</summary>
public sealed record NbSmtOptions
{
    /// <summary>Threads that share a multiplier.</summary>
    [Option("threads", "slices of a dot product that share each multiplier: 1, 2 or 4", Minimum = 1, Maximum = 4)]
    public int Threads { get; set; } = 2;

    /// <summary>What is squeezed in a collision.</summary>
    [Option(
        "policy",
        "operand squeezed to four bits in a collision: activation (A) or weight (W); a small letter looks at the other's width too, S frees the multiplier for zeros",
        Choices = "S|S+A|S+Aw|S+W|S+aW|A|Aw|W|aW")]
    public string Policy { get; set; } = SqueezePolicy.Default.Name;

    /// <summary>How a dot product is cut.</summary>
    [Option("split", "how a dot product is cut into slices: the channels of each pixel, the patch row in one piece each, or neighbours")]
    public ThreadSplit Split { get; set; } = ThreadSplit.Channel;

    /// <summary>Whether channels are rearranged so that busy ones meet idle ones.</summary>
    [Option("reorder", "rearrange channels by calibration statistics so that the busiest share a multiplier with the idlest")]
    public bool Reorder { get; set; }
}

namespace Subbyte.Runtime;

/// <summary>
/// Codes −1, 0 and 1 whose steps belong to the channel: with <c>v = sign·x</c>, +1 where v reaches the channel's upper step, −1 where it lies below the lower
/// one. Bit planes only; NaN has the code 0.
/// </summary>
/// <param name="signs">1 or −1 of each channel.</param>
/// <param name="low">Where −1 ends, or empty where there is no −1.</param>
/// <param name="high">Where +1 begins.</param>
public sealed class ChannelEncoder(float[] signs, float[] low, float[] high) : ActivationEncoder
{
    /// <inheritdoc/>
    public override int Largest => 1;

    /// <inheritdoc/>
    public override int? Channels => high.Length;

    /// <summary>1 or −1 of each channel.</summary>
    public ReadOnlySpan<float> Signs => signs;

    /// <summary>Where −1 ends; empty where there is no −1.</summary>
    public ReadOnlySpan<float> Low => low;

    /// <summary>Where +1 begins.</summary>
    public ReadOnlySpan<float> High => high;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> codes) => throw new NotSupportedException("codes with steps of their channels are bit planes");

    /// <summary>The steps of the channels of one pixel, where those of all pixels are the same.</summary>
    /// <param name="channels">Channels of a pixel.</param>
    /// <returns>The encoder of a pixel, or null.</returns>
    internal ChannelEncoder? OfPixel(int channels)
    {
        foreach (var steps in new[] { signs, low, high })
        {
            for (var i = channels; i < steps.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(steps[i]) != BitConverter.SingleToInt32Bits(steps[i - channels])) return null;
            }
        }

        return new ChannelEncoder(signs[..channels], low.Length > 0 ? low[..channels] : [], high[..channels]);
    }

    internal override ActivationEncoder Untransposed(int rows)
        => new ChannelEncoder(TransposeStep.Undo<float>(signs, signs.Length, rows), low.Length == 0 ? low : TransposeStep.Undo<float>(low, low.Length, rows), TransposeStep.Undo<float>(high, high.Length, rows));

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(2);
        writer.Int32(high.Length);
        writer.Int32(low.Length > 0 ? 1 : 0);
        writer.Block<float>(signs);
        if (low.Length > 0) writer.Block<float>(low);
        writer.Block<float>(high);
    }

    internal static ChannelEncoder ReadChannels(PackedReader reader)
    {
        var channels = reader.Int32(1, MostChannels, "the number of channels with steps of their own");
        var isTernary = reader.Int32(0, 1, "whether there is a code -1") == 1;
        var signs = reader.Block<float>(channels, "signs").ToArray();
        return new ChannelEncoder(signs, isTernary ? reader.Block<float>(channels, "lower steps").ToArray() : [], reader.Block<float>(channels, "upper steps").ToArray());
    }
}

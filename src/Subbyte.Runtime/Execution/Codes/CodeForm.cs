using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>The form in which a product takes its input: a byte a value, or one or two bit planes, channels innermost. Steps before it write codes of this form in place of floats.</summary>
internal sealed class CodeForm : IEquatable<CodeForm>
{
    private readonly float[] _thresholds = [];
    private readonly ChannelEncoder? _channels;

    /// <summary>A form.</summary>
    /// <param name="encoder">What makes codes; of planes one or two thresholds, or those of each channel.</param>
    /// <param name="planes">Bit planes, or 0 for bytes.</param>
    /// <param name="channels">Channels of a pixel; of no account for bytes.</param>
    public CodeForm(ActivationEncoder encoder, int planes, int channels)
    {
        (Encoder, Planes, Channels) = (encoder, planes, channels);
        if (planes == 0) return;
        if (encoder is ThresholdEncoder thresholds) _thresholds = thresholds.Thresholds.ToArray();
        else _channels = (ChannelEncoder)encoder;
    }

    /// <summary>What makes codes.</summary>
    public ActivationEncoder Encoder { get; }

    /// <summary>Bit planes, or 0 for bytes.</summary>
    public int Planes { get; }

    /// <summary>Channels of a pixel.</summary>
    public int Channels { get; }

    /// <summary>Words of a pixel, of all planes.</summary>
    public int Words => BitPacking.Words(Channels) * Planes;

    /// <summary>Whether codes ascend or descend with the value, whatever the channel.</summary>
    public bool IsMonotone => Direction(0) is not null || Encoder is ThresholdEncoder { Codes: var codes } && IsSorted(codes, descending: true);

    /// <summary>Bytes that the codes of whole pixels take.</summary>
    /// <param name="values">Number of values.</param>
    /// <returns>The number of bytes.</returns>
    public long Bytes(int values) => Planes == 0 ? values : (long)(values / Channels) * Words * sizeof(uint);

    /// <summary>Whether the codes of a channel ascend (1) with the value, or descend (−1) and can be flipped; null where they do neither.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The direction; 1 where the code is constant.</returns>
    public int? Direction(int channel) => Encoder switch
    {
        ChannelEncoder channels => channels.Signs[channel] < 0 ? -1 : 1,
        ThresholdEncoder bytes when Planes == 0 => IsSorted(bytes.Codes, descending: false) ? 1 : null,
        _ => 1,
    };

    /// <summary>Writes the codes of whole pixels.</summary>
    /// <param name="values">Values [pixel][channel].</param>
    /// <param name="codes">Takes <see cref="Bytes"/> bytes.</param>
    public void Encode(ReadOnlySpan<float> values, Span<byte> codes)
    {
        if (Planes == 0)
        {
            Encoder.Encode(values, codes[..values.Length]);
            return;
        }

        var words = MemoryMarshal.Cast<byte, uint>(codes);
        if (_channels is not null) BitPacking.Channels(values, _channels.Signs, _channels.Low, _channels.High, words);
        else if (Planes == 2) BitPacking.Ternary(values, Channels, _thresholds[0], _thresholds[1], words);
        else BitPacking.Binary(values, Channels, _thresholds[0], words);
    }

    /// <summary>Reads one code.</summary>
    /// <param name="codes">Codes of a pixel.</param>
    /// <param name="channel">Which channel.</param>
    /// <returns>The byte, or −1, 0 or 1 of bit planes.</returns>
    public int Code(ReadOnlySpan<byte> codes, int channel)
    {
        if (Planes == 0) return codes[channel];
        var word = MemoryMarshal.Cast<byte, uint>(codes)[(channel / BitPacking.WordBits * Planes)..];
        var bit = channel % BitPacking.WordBits;
        var first = (int)((word[0] >> bit) & 1);
        return Planes == 2 && ((word[1] >> bit) & 1) != 0 ? -1 : first;
    }

    /// <summary>Whether NaN gets the code of −∞.</summary>
    /// <param name="channels">Channels of a pixel.</param>
    /// <returns>True when it does in every channel.</returns>
    public bool NotANumberIsLowest(int channels)
    {
        var (values, codes) = (new float[channels], new byte[2][]);
        for (var i = 0; i < codes.Length; i++)
        {
            Array.Fill(values, i == 0 ? float.NaN : float.NegativeInfinity);
            codes[i] = new byte[Bytes(channels)];
            Encode(values, codes[i]);
        }

        return codes[0].AsSpan().SequenceEqual(codes[1]);
    }

    /// <inheritdoc/>
    public bool Equals(CodeForm? other) => other is not null && (ReferenceEquals(this, other) || (Planes == other.Planes && Channels == other.Channels && Written().AsSpan().SequenceEqual(other.Written())));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CodeForm);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Planes, Channels);

    /// <summary>The encoder as a file has it: what differs there encodes differently.</summary>
    private byte[] Written()
    {
        var writer = new PackedWriter();
        Encoder.Write(writer);
        return writer.ToFile();
    }

    private static bool IsSorted(ReadOnlySpan<byte> codes, bool descending)
    {
        for (var i = 1; i < codes.Length; i++)
        {
            if (descending ? codes[i] > codes[i - 1] : codes[i] < codes[i - 1]) return false;
        }

        return true;
    }
}

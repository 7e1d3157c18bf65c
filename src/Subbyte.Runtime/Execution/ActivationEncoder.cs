using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>How a layer's float input becomes codes: bytes that begin at 0.</summary>
public abstract class ActivationEncoder
{
    /// <summary>Most channels with steps of their own.</summary>
    internal const int MostChannels = 1 << 20;

    /// <summary>Largest byte.</summary>
    public abstract int Largest { get; }

    /// <summary>Channels of the input where each has steps of its own; null where all values are coded alike.</summary>
    public virtual int? Channels => null;

    /// <summary>Whether some value that is a number gets a byte.</summary>
    /// <param name="code">The byte.</param>
    /// <returns>True when one may.</returns>
    public virtual bool Reaches(int code) => code <= Largest;

    /// <summary>Writes the byte of each value.</summary>
    /// <param name="values">Values.</param>
    /// <param name="codes">Takes as many bytes.</param>
    public abstract void Encode(ReadOnlySpan<float> values, Span<byte> codes);

    /// <summary>The encoder of a map that is no longer transposed, whose elements were channels.</summary>
    /// <param name="rows">Rows of the map before the transposition.</param>
    /// <returns>The encoder.</returns>
    internal virtual ActivationEncoder Untransposed(int rows) => this;

    /// <summary>Writes what the encoder needs.</summary>
    /// <param name="writer">The writer.</param>
    internal abstract void Write(PackedWriter writer);

    /// <summary>Reads an encoder.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The encoder.</returns>
    internal static ActivationEncoder Read(PackedReader reader)
        => reader.Int32(0, 3, "the kind of activations") switch
        {
            0 => UniformEncoder.ReadSteps(reader),
            1 => ThresholdEncoder.ReadThresholds(reader),
            2 => ChannelEncoder.ReadChannels(reader),
            _ => ChannelStepEncoder.ReadSteps(reader),
        };

    /// <summary>Refuses steps of channels that the layer does not have, or that its kernel does not take.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="channels">Channels of the layer's input.</param>
    internal void RequireBytes(PackedReader reader, int channels)
    {
        if (this is ChannelEncoder) throw reader.Fail("steps of channels with codes -1, 0 and 1 belong to bit planes");
        if (Channels is { } own && own != channels) throw reader.Fail($"there are steps of {own} channels, and the layer has {channels}");
    }
}

/// <summary>Equal steps: <c>clamp(round(x / scale) + zeroPoint, 0, largest)</c>, the division in float32.</summary>
/// <param name="scale">Real value of one step; finite, &gt; 0.</param>
/// <param name="zeroPoint">The byte of 0.</param>
/// <param name="largest">Largest byte.</param>
/// <param name="rounding">What happens to ties.</param>
public sealed class UniformEncoder(float scale, int zeroPoint, int largest, Rounding rounding) : ActivationEncoder
{
    /// <inheritdoc/>
    public override int Largest => largest;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> codes) => Quantizer.ToUInt8(values, scale, zeroPoint, 0, largest, codes, rounding);

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(0);
        writer.Single(scale);
        writer.Int32(zeroPoint);
        writer.Int32(largest);
        writer.Int32((int)rounding);
    }

    internal static UniformEncoder ReadSteps(PackedReader reader)
    {
        var scale = reader.Single("the step");
        if (!(scale > 0) || !float.IsFinite(scale)) throw reader.Fail($"the step {scale} is not finite and above 0");
        var zeroPoint = reader.Int32(0, byte.MaxValue, "the zero point");
        return new UniformEncoder(scale, zeroPoint, reader.Int32(zeroPoint, byte.MaxValue, "the largest code"), (Rounding)reader.Int32(0, 1, "the rounding"));
    }
}

/// <summary>Codes between thresholds: the code of a value is that of the number of thresholds that it reaches; NaN has a code of its own.</summary>
/// <param name="thresholds">Thresholds, ascending.</param>
/// <param name="steps">Codes, one more than thresholds.</param>
/// <param name="notANumber">The code of NaN.</param>
public sealed class ThresholdEncoder(float[] thresholds, byte[] steps, byte notANumber) : ActivationEncoder
{
    /// <inheritdoc/>
    public override int Largest { get; } = Math.Max(steps.Max(), notANumber);

    /// <inheritdoc/>
    public override bool Reaches(int code) => Array.IndexOf(steps, (byte)code) >= 0;

    /// <summary>Thresholds, ascending.</summary>
    public ReadOnlySpan<float> Thresholds => thresholds;

    /// <summary>Codes, one more than thresholds.</summary>
    public ReadOnlySpan<byte> Codes => steps;

    /// <summary>The code of NaN.</summary>
    public byte NotANumber => notANumber;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> codes) => ThresholdCodes.Encode(values, thresholds, steps, notANumber, codes);

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(1);
        writer.Int32(thresholds.Length);
        writer.Block<float>(thresholds);
        writer.Block<byte>(steps);
        writer.Int32(notANumber);
    }

    internal static ThresholdEncoder ReadThresholds(PackedReader reader)
    {
        var count = reader.Int32(1, byte.MaxValue, "the number of thresholds");
        var thresholds = reader.Block<float>(count, "thresholds").ToArray();
        for (var i = 0; i < count; i++)
        {
            if (float.IsNaN(thresholds[i]) || (i > 0 && thresholds[i] < thresholds[i - 1])) throw reader.Fail("thresholds do not ascend");
        }

        var codes = reader.Block<byte>(count + 1, "codes between thresholds").ToArray();
        return new ThresholdEncoder(thresholds, codes, (byte)reader.Int32(0, byte.MaxValue, "the code of NaN"));
    }
}

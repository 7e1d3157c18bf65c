using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Equal steps that belong to the channel: <c>clamp(round half to even(x / step[c]) + zeroPoint, 0, largest)</c>, the division in float32.</summary>
/// <param name="steps">Step of each channel of the input; finite, &gt; 0.</param>
/// <param name="zeroPoint">The byte of 0.</param>
/// <param name="largest">Largest byte.</param>
public sealed class ChannelStepEncoder(float[] steps, int zeroPoint, int largest) : ActivationEncoder
{
    private readonly ChannelQuantizer _quantizer = new(steps);

    /// <inheritdoc/>
    public override int Largest => largest;

    /// <inheritdoc/>
    public override int? Channels => steps.Length;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> codes) => _quantizer.ToUInt8(values, zeroPoint, 0, largest, codes);

    internal override ActivationEncoder Untransposed(int rows) => new ChannelStepEncoder(TransposeStep.Undo<float>(steps, steps.Length, rows), zeroPoint, largest);

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(3);
        writer.Int32(steps.Length);
        writer.Block<float>(steps);
        writer.Int32(zeroPoint);
        writer.Int32(largest);
    }

    internal static ChannelStepEncoder ReadSteps(PackedReader reader)
    {
        var steps = reader.Block<float>(reader.Int32(1, MostChannels, "the number of channels with steps of their own"), "steps").ToArray();
        foreach (var step in steps)
        {
            if (!(step > 0) || !float.IsFinite(step)) throw reader.Fail($"the step {step} is not finite and above 0");
        }

        var zeroPoint = reader.Int32(0, byte.MaxValue, "the zero point");
        return new ChannelStepEncoder(steps, zeroPoint, reader.Int32(zeroPoint, byte.MaxValue, "the largest code"));
    }
}

using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>PReLU: <c>max(x, 0) + min(x, 0)·slope</c>, one slope a channel, channels innermost.</summary>
public sealed class SlopeStep(string name, IReadOnlyList<int> inputs, int output, float[] slopes) : PackedStep(name, inputs, output), ITileStep
{
    /// <inheritdoc/>
    public override string Description => "slope";

    internal override StepKind Kind => StepKind.Slope;

    internal static SlopeStep Read(PackedReader reader, StepPlace place)
    {
        place.RequireSame(reader);
        var channels = reader.Int32(1, place.InputLength, "the number of channels");
        if (place.InputLength % channels != 0) throw reader.Fail($"{place.InputLength} elements have no {channels} channels");
        return new SlopeStep(place.Name, place.Inputs, place.Output, reader.Block<float>(channels, "slopes").ToArray());
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(slopes.Length);
        writer.Block<float>(slopes);
    }

    int ITileStep.Channels => slopes.Length;

    int ITileStep.Other(int changed) => -1;

    int? ITileStep.Direction(int channel) => slopes[channel] >= 0 ? 1 : null;

    void ITileStep.Apply(ReadOnlySpan<float> block, ReadOnlySpan<float> other, Span<float> result) => Elementwise.Slope(block, slopes, result);

    internal override void RunTile(SessionFrame frame, int tile, int worker) => Elementwise.Slope(frame.Value(Inputs[0]), slopes, frame.Value(Output));
}

using Subbyte.Methods.Sparq;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqQuantizersTests
{
    [Fact]
    public void Codes_are_those_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("quantizers"))
        {
            Encode(row["kind"], row.Floats("values")).ShouldBe(SparqVectors.Codes(row, "codes"), row["values"]);
        }
    }

    [Fact]
    public void The_divisor_127_keeps_the_extremes_off_the_ties()
    {
        var weights = SparqQuantizers.Weights(SparqLayers.Of([0.5f, -0.5f, 0.25f]), wide: false).Single;
        weights.Codes.ShouldBe(new short[] { 127, -127, 64 });
        weights.Scales.ShouldBe(new[] { 0.5f / 127f });
    }

    [Fact]
    public void A_channel_of_zeros_and_a_dead_input_have_step_one()
    {
        var weights = SparqQuantizers.Weights(SparqLayers.Of([0f, 0f]), wide: true).Single;
        weights.Scales.ShouldBe(new[] { 1f });
        weights.Codes.ShouldBe(new short[] { 0, 0 });
        SparqQuantizers.Activations(new SampleStatistics(0)).Scale.ShouldBe(1f);
    }

    private static short[] Encode(string kind, float[] values)
    {
        if (kind == "weights") return SparqQuantizers.Weights(SparqLayers.Of(values), wide: true).Single.Codes;
        var codes = new short[values.Length];
        SparqQuantizers.Activations(new SampleStatistics(0, 3)).Encode(values, codes);
        return codes;
    }
}

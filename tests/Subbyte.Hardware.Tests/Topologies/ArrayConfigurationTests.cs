using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Hardware.Tests.Topologies;

public sealed class ArrayConfigurationTests
{
    [Fact]
    public void What_matters_here_is_read_and_the_rest_passed_over()
    {
        var configuration = ArrayConfiguration.Parse(
            "[general]\nrun_name = example\n\n[architecture_presets]\nArrayHeight:    12\nArrayWidth:     14\nIfmapSramSzkB:    108\nFilterSramSzkB:   54\nOfmapSramSz = 27\nIfmapOffset:    0\nBandwidth : 10\nDataflow : ws\n",
            "c");
        configuration.Array.ShouldBe(new ArraySize(12, 14));
        configuration.Dataflow.ShouldBe(Dataflow.WeightStationary);
        configuration.Memory.ShouldBe(new ArrayMemory { InputBytes = 108 << 10, FilterBytes = 54 << 10, OutputBytes = 27 << 10, BytesPerCycle = 10 });
    }

    [Theory]
    [InlineData("ArrayHeight: 0", "c:1")]
    [InlineData("\nDataflow: xs", "c:2")]
    [InlineData("ArrayWidth", "c:1")]
    [InlineData("IfmapSramSzkB: many", "'many'")]
    public void A_wrong_line_is_named(string text, string place) => Should.Throw<UserErrorException>(() => ArrayConfiguration.Parse(text, "c")).Message.ShouldContain(place);
}

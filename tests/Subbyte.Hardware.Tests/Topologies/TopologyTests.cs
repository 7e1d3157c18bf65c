using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Hardware.Tests.Topologies;

public sealed class TopologyTests
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n";

    [Fact]
    public void Blanks_trailing_commas_empty_lines_and_carriage_returns_are_taken_as_they_come()
    {
        var layers = Topology.Parse(Header.TrimEnd() + "\r\n,,,,,,,,\r\n\r\n Conv1 \t,224         ,224        ,11           ,11          ,3       ,96        ,4      ,\r\nFC,1,1,1,1,2048,1000,1,,,,\r\n", "t").Layers;
        layers.Select(layer => layer.Name).ShouldBe(["Conv1", "FC"]);
        // SCALE-Sim rounds (224 − 11 + 4) / 4 up.
        layers[0].Shape.Positions.ShouldBe(55 * 55);
        layers[0].Shape.Depth.ShouldBe(363);
        layers[1].Shape.Macs.ShouldBe(2_048_000);
    }

    [Fact]
    public void A_header_with_M_announces_matrix_products()
        => Topology.Parse("Layer, M, N, K,\ngemm, 5, 6, 7,\n", "t").Layers[0].Shape.ShouldBe(new MatrixShape(5, 6, 7));

    [Theory]
    [InlineData("a, 5, 5, 3, 3, 1, 1, 0,", "t:2", "'0'", "column 8")]
    [InlineData("a, 5, 5, 3, 3, 1, 1,", "t:2", "''")]
    [InlineData("a, 5, 5, 3, 3", "t:2", "5 columns")]
    [InlineData("a, 5, 5, 3, x, 1, 1, 1,", "t:2", "'x'")]
    [InlineData("a, 5, 5, 3, -3, 1, 1, 1,", "t:2", "'-3'")]
    [InlineData("a, 2, 5, 3, 3, 1, 1, 1,", "t:2", "larger than the IFMAP")]
    [InlineData("a, 16777216, 16777216, 16777216, 16777216, 16777216, 16777216, 1,", "t:2", "too large")]
    [InlineData("", "t", "no layer")]
    public void A_line_that_is_no_layer_is_named(string line, params string[] texts)
    {
        var message = Should.Throw<UserErrorException>(() => Topology.Parse(Header + line + "\n", "t")).Message;
        foreach (var text in texts) message.ShouldContain(text);
    }

    [Fact]
    public void A_missing_header_line_is_noticed()
        => Should.Throw<UserErrorException>(() => Topology.Parse("a, 5, 5, 3, 3, 1, 1, 1,\n", "t")).Message.ShouldContain("t:1");

    [Theory]
    [InlineData("resnet18", 1_814_073_344)]
    [InlineData("resnet50", 4_089_184_256)]
    [InlineData("mobilenet", 568_740_352)]
    public void Built_in_topologies_have_the_published_multiply_accumulates(string name, long macs)
        => Topology.Load(name).Layers.Sum(layer => layer.Shape.Macs).ShouldBe(macs);

    [Fact]
    public void Random_bytes_never_do_more_than_fail()
    {
        var random = new Random(3);
        const string Alphabet = "0123456789,,,,\n\n xM-.:[]=aé\0";
        for (var i = 0; i < 3000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(120)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            try
            {
                _ = Topology.Parse(text, "t");
                _ = ArrayConfiguration.Parse(text, "c");
            }
            catch (UserErrorException failure)
            {
                failure.Message.ShouldNotContain("\n");
            }
        }
    }
}

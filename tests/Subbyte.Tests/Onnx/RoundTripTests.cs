using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

public sealed class RoundTripTests
{
    [Fact]
    public void A_network_that_is_written_is_read_back_the_same()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random) with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["author"] = "nobody" } };
            var read = OnnxNetwork.Parse(Models.Bytes(network), "again.onnx");
            read.Name.ShouldBe(network.Name);
            read.Metadata["author"].ShouldBe("nobody");
            read.Opsets[""].ShouldBe(network.Opsets[""]);
            read.Inputs.Select(value => value.ToString()).ShouldBe(network.Inputs.Select(value => value.ToString()));
            read.Outputs.Select(value => value.Name).ShouldBe(network.Outputs.Select(value => value.Name));
            read.Constants.Keys.ShouldBe(network.Constants.Keys, ignoreOrder: true);
            foreach (var (name, tensor) in network.Constants)
            {
                read.Constants[name].ToString().ShouldBe(tensor.ToString());
                read.Constants[name].Bytes.Span.SequenceEqual(tensor.Bytes.Span).ShouldBeTrue(name);
            }

            read.Nodes.Select(Text).ShouldBe(network.Nodes.Select(Text));
            Models.Bytes(read).ShouldBe(Models.Bytes(network));
        }
    }

    [Fact]
    public void Attributes_of_every_kind_come_back()
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            ["integer"] = 3,
            ["number"] = 1.5f,
            ["text"] = "SAME_UPPER",
            ["integers"] = new long[] { 1, -2 },
            ["numbers"] = new[] { 0.5f, 2 },
            ["texts"] = new AttributeValue(new[] { "a", "" }),
            ["tensor"] = Tensor.Of<long>([1, 2], 2),
        };
        var node = new Node { Name = "n", OpType = "Identity", Inputs = [GraphBuilder.Input], Outputs = ["y"], Attributes = attributes };
        var read = OnnxNetwork.Parse(Models.Bytes(new GraphBuilder(1).Build("y") with { Nodes = [node] }), "again.onnx").Nodes.ShouldHaveSingleItem();
        Text(read).ShouldBe(Text(node));
    }

    [Theory]
    [InlineData("int8", 13)]
    [InlineData("int4", 21)]
    [InlineData("tr", 13)]
    [InlineData("sparq", 13)]
    [InlineData("log", 13)]
    [InlineData("fxp:bits=8", 13)]
    [InlineData("uniform:w=4,a=float", 13)]
    public void Exported_models_are_read_again(string recipe, int opset)
    {
        using var folder = new TemporaryFolder();
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random, channelStep: 2);
            LowBitExporter.Export(Recipe.Parse(recipe).Apply(network, new Calibrator(RandomNetwork.Samples(network, random, 4)))).Save(folder["model.onnx"]);
            var read = OnnxNetwork.Load(folder["model.onnx"]);
            read.Opsets[""].ShouldBe(opset);
            read.Nodes.Select(node => node.Name).Distinct().Count().ShouldBe(read.Nodes.Count);
            Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
        }
    }

    private static string Text(Node node)
        => $"{node} {string.Join(",", node.Inputs)} -> {string.Join(",", node.Outputs)} {string.Join(";", node.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={Text(pair.Value.Value)}"))}";

    private static string Text(object value) => value switch
    {
        long[] integers => string.Join("/", integers),
        float[] numbers => string.Join("/", numbers),
        string[] texts => string.Join("/", texts),
        Tensor tensor => $"{tensor} {Convert.ToHexString(tensor.Bytes.Span)}",
        _ => value.ToString()!,
    };
}

using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;
using Subbyte.Tests.Networks.Operators;

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

    [Fact]
    public void Typed_data_of_every_element_type_are_read()
    {
        // int32_data holds the octets of packed elements, one an entry; 16-bit floats as their bits.
        Read(TensorProto.Types.DataType.Int4, 3, ints: [0x8F, 0x07]).ShouldBe([-1, -8, 7]);
        Read(TensorProto.Types.DataType.Uint4, 3, ints: [0x8F, 0x07]).ShouldBe([15, 8, 7]);
        Read(TensorProto.Types.DataType.Int2, 5, ints: [0b11_10_01_00, 0b10]).ShouldBe([0, 1, -2, -1, -2]);
        Read(TensorProto.Types.DataType.Uint2, 5, ints: [0b11_10_01_00, 0b10]).ShouldBe([0, 1, 2, 3, 2]);
        Read(TensorProto.Types.DataType.Int8, 2, ints: [-128, 127]).ShouldBe([-128, 127]);
        Read(TensorProto.Types.DataType.Uint8, 2, ints: [0, 255]).ShouldBe([0, 255]);
        Read(TensorProto.Types.DataType.Int16, 2, ints: [-32768, 5]).ShouldBe([-32768, 5]);
        Read(TensorProto.Types.DataType.Uint16, 1, ints: [65535]).ShouldBe([65535]);
        Read(TensorProto.Types.DataType.Bool, 2, ints: [1, 0]).ShouldBe([1, 0]);
        Read(TensorProto.Types.DataType.Float16, 2, ints: [0x3C00, 0xC000]).ShouldBe([1, -2]);
        Read(TensorProto.Types.DataType.Bfloat16, 2, ints: [0x3F80, 0xC000]).ShouldBe([1, -2]);
        Read(TensorProto.Types.DataType.Uint32, 1, unsigned: [uint.MaxValue]).ShouldBe([uint.MaxValue]);
        Read(TensorProto.Types.DataType.Uint64, 1, unsigned: [1UL << 63]).ShouldBe([Math.Pow(2, 63)]);

        static double[] Read(TensorProto.Types.DataType type, int count, int[]? ints = null, ulong[]? unsigned = null)
        {
            var model = Models.Small();
            model.Graph.Initializer.Add(new TensorProto { Name = "typed", DataType = (int)type, Dims = { count }, Int32Data = { ints ?? [] }, Uint64Data = { unsigned ?? [] } });
            return Models.Parse(model).Constants["typed"].Numbers();
        }
    }

    [Fact]
    public void Nodes_of_functions_keep_their_opset()
    {
        // In opset 18 Split has num_outputs, in 11 Unsqueeze has its axes as an attribute; the model is of opset 13.
        var model = Models.Small();
        var function = new FunctionProto { Name = "Half", Domain = "local", Input = { "x" }, Output = { "y" }, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 18 } } };
        function.Node.Add(new NodeProto { OpType = "Split", Input = { "x" }, Output = { "y", "rest" }, Attribute = { Integer("axis", 1), Integer("num_outputs", 2) } });
        var other = new FunctionProto { Name = "Deeper", Domain = "local", Input = { "x" }, Output = { "y" }, OpsetImport = { new OperatorSetIdProto { Domain = "ai.onnx", Version = 11 } } };
        other.Node.Add(new NodeProto { OpType = "Half", Domain = "local", Input = { "x" }, Output = { "half" } });
        other.Node.Add(new NodeProto { OpType = "Unsqueeze", Input = { "half" }, Output = { "y" }, Attribute = { new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0 } } } });
        model.Functions.AddRange([function, other]);
        model.Graph.Node.Clear();
        model.Graph.Node.Add(new NodeProto { Name = "call", OpType = "Deeper", Domain = "local", Input = { "input" }, Output = { model.Graph.Output[0].Name } });
        var network = Models.Parse(model);
        network.Nodes.Select(node => node.Opset).ShouldBe([18, 11]);
        foreach (var form in new[] { network, OnnxNetwork.Parse(Models.Bytes(network), "again.onnx") })
        {
            var frame = new ExecutionFrame(ExecutionPlan.Compile(form));
            ((float[])[1, 2, 3]).CopyTo(frame.Input.AsSpan<float>());
            frame.Run();
            frame.Results[0].ToString().ShouldBe("Float32[1,1,2]");
            frame.Results[0].Numbers().ShouldBe([1, 2]);
        }

        static AttributeProto Integer(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };
    }

    [Fact]
    public void Weights_that_are_too_large_for_one_message_go_beside_it()
    {
        using var folder = new TemporaryFolder();
        var graph = new GraphBuilder(40);
        var network = graph.Build(graph.Add("Gemm", [graph.Add("Gemm", [GraphBuilder.Input, graph.Constant(new Random(1).Gaussians(1600), 40, 40)]), graph.Constant(new Random(2).Gaussians(400), 40, 10), graph.Constant([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10)]));
        OnnxWriter.Save(network, [], folder["model.onnx"], largestInline: 5000);
        new FileInfo(folder["model.onnx"]).Length.ShouldBeLessThan(2000);
        var read = OnnxNetwork.Load(folder["model.onnx"]);
        foreach (var (name, tensor) in network.Constants) read.Constants[name].Bytes.Span.SequenceEqual(tensor.Bytes.Span).ShouldBeTrue(name);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", []);
        Directory.CreateDirectory(folder["taken.onnx"]);
        foreach (var path in new[] { "/dev/full/model.onnx", "/proc/model.onnx", folder["file/model.onnx"], folder["taken.onnx"] })
            Should.Throw<UserErrorException>(() => OnnxNetwork.Save(new GraphBuilder(1).Build(GraphBuilder.Input), path)).Message.ShouldContain("cannot be written");
        Should.Throw<UserErrorException>(() => OnnxWriter.Save(Models.Parse(Models.Small()), [], folder["taken.onnx"], largestInline: 0));
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(2);
    }

    [SkippableFact]
    public void A_full_disk_leaves_nothing()
    {
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full on this machine");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder[$"model.onnx.{Environment.ProcessId}.tmp"], "/dev/full");
        Should.Throw<UserErrorException>(() => OnnxNetwork.Save(Models.Parse(Models.Small()), folder["model.onnx"])).Message.ShouldSatisfyAllConditions(message => message.ShouldContain("model.onnx"), message => message.ShouldContain("space"));
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("int8", 13)]
    [InlineData("int4", 21)]
    [InlineData("tr", 13)]
    [InlineData("sparq", 13)]
    [InlineData("nb-smt", 13)]
    [InlineData("log", 13)]
    [InlineData("fxp:bits=8", 13)]
    [InlineData("uniform:w=4,a=float", 21)]
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

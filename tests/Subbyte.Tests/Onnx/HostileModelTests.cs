using Google.Protobuf;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Onnx.Proto;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Onnx;

/// <summary>What is wrong with a model is said in one line that names the node or tensor.</summary>
public sealed class HostileModelTests
{
    [Fact]
    public void An_absent_file_a_folder_and_an_empty_file_are_refused()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<UserErrorException>(() => OnnxNetwork.Load(folder["absent.onnx"])).Message.ShouldContain("no such file");
        Should.Throw<UserErrorException>(() => OnnxNetwork.Load(folder.Path)).Message.ShouldContain("folder");
        Should.Throw<UserErrorException>(() => OnnxNetwork.Load(folder.Write("empty.onnx", []))).Message.ShouldContain("no graph");
        Should.Throw<UserErrorException>(() => OnnxNetwork.Load(folder.Write("text.onnx", "weights go here"))).Message.ShouldContain("damaged");
    }

    [Fact]
    public void An_absent_weight_is_named_with_its_node()
    {
        var model = Models.Small();
        model.Graph.Initializer.RemoveAt(0);
        Models.Refusal(model).ShouldSatisfyAllConditions(message => message.ShouldContain("'Gemm0'"), message => message.ShouldContain("'constant0'"));
    }

    [Fact]
    public void A_cycle_is_named()
    {
        var model = Models.Small();
        model.Graph.Node[0].Input[0] = model.Graph.Node[1].Output[0];
        Models.Refusal(model).ShouldContain("cycle");
    }

    [Fact]
    public void An_output_that_nothing_makes_is_named()
    {
        var model = Models.Small();
        model.Graph.Output[0].Name = "logits";
        Models.Refusal(model).ShouldContain("'logits'");
    }

    [Fact]
    public void What_is_given_twice_is_refused()
    {
        var model = Models.Small();
        model.Graph.Node[2].Output[0] = model.Graph.Node[0].Output[0];
        Models.Refusal(model).ShouldContain("exists already");
        model = Models.Small();
        model.Graph.Initializer.Add(model.Graph.Initializer[0].Clone());
        Models.Refusal(model).ShouldContain("twice");
        model = Models.Small();
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, F = 1 });
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, F = 2 });
        Models.Refusal(model).ShouldContain("'alpha' twice");
    }

    [Fact]
    public void Weights_that_are_not_finite_are_named_with_their_element()
    {
        var model = Models.Small();
        var weights = model.Graph.Initializer[0];
        var bytes = weights.RawData.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(8), float.NaN).ShouldBeTrue();
        weights.RawData = ByteString.CopyFrom(bytes);
        Models.Refusal(model).ShouldSatisfyAllConditions(message => message.ShouldContain("'constant0'"), message => message.ShouldContain("element 2"));
        weights.ClearRawData();
        weights.FloatData.AddRange([1, float.NaN, 3, 4, 5, 6]);
        Models.Refusal(model).ShouldContain("element 1");
        weights.FloatData[1] = float.NegativeInfinity;
        var message = Should.Throw<UserErrorException>(() => ExecutionPlan.Compile(Models.Parse(model))).Message;
        message.ShouldSatisfyAllConditions(text => text.ShouldContain("'Gemm0'"), text => text.ShouldContain("'constant0'"), text => text.ShouldContain("element 1"));
    }

    [Theory]
    [InlineData(10, "0000007C007E")]
    [InlineData(16, "0000807F817F")]
    [InlineData(11, "0000000000000000000000000000F07F000000000000F87F")]
    public void Constants_of_every_width_must_be_numbers_but_may_be_infinite(int type, string bytes)
    {
        var model = Models.Small();
        var data = Convert.FromHexString(bytes);
        model.Graph.Initializer.Add(new TensorProto { Name = "mask", DataType = type, Dims = { 3 }, RawData = ByteString.CopyFrom(data) });
        Models.Refusal(model).ShouldSatisfyAllConditions(message => message.ShouldContain("'mask'"), message => message.ShouldContain("element 2"));
        model.Graph.Initializer[^1].RawData = ByteString.CopyFrom(data[..(data.Length / 3 * 2)]);
        model.Graph.Initializer[^1].Dims[0] = 2;
        Models.Parse(model).Constants["mask"].Length.ShouldBe(2);
    }

    [Fact]
    public void Sparse_initialisers_are_refused()
    {
        var model = Models.Small();
        model.Graph.SparseInitializer.Add(new SparseTensorProto { Values = new TensorProto { Name = "pruned" } });
        Models.Refusal(model).ShouldSatisfyAllConditions(message => message.ShouldContain("'pruned'"), message => message.ShouldContain("sparse"));
    }

    [Fact]
    public void Functions_of_opsets_that_are_not_understood_are_refused()
    {
        var model = Models.Small();
        model.Functions.Add(Function("Old", "Identity"));
        model.Functions[0].OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 3 });
        Call(model, "Old");
        Models.Refusal(model).ShouldSatisfyAllConditions(message => message.ShouldContain("'Old'"), message => message.ShouldContain("opset 3"));
    }

    [Fact]
    public void Data_must_be_as_long_as_the_shape_says()
    {
        var model = Models.Small();
        var weights = model.Graph.Initializer[0];
        weights.RawData = ByteString.CopyFrom(new byte[23]);
        Models.Refusal(model).ShouldContain("23 bytes where its shape asks for 24");
        weights.ClearRawData();
        Models.Refusal(model).ShouldContain("0 bytes");
        weights.FloatData.AddRange(new float[7]);
        Models.Refusal(model).ShouldContain("28 bytes");
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(1L << 40, 1)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Shapes_that_cannot_be_held_are_refused_before_memory_is_taken(long rows, long columns)
    {
        var model = Models.Small();
        model.Graph.Initializer[0].Dims.Clear();
        model.Graph.Initializer[0].Dims.AddRange([rows, columns]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Models.Refusal(model).ShouldContain("'constant0'");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Every_unknown_operator_is_named_at_once()
    {
        var model = Models.Small();
        model.Graph.Node[0].OpType = "Warp";
        model.Graph.Node[2].OpType = "Fold";
        model.Graph.Node[2].Domain = "com.example";
        var message = Should.Throw<UserErrorException>(() => ExecutionPlan.Compile(Models.Parse(model))).Message;
        message.ShouldSatisfyAllConditions(text => text.ShouldContain("Warp"), text => text.ShouldContain("com.example.Fold"), text => text.ShouldContain("'Gemm0'"), text => text.ShouldContain("opset 13"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10_000)]
    [InlineData(-1)]
    public void Opsets_that_are_not_understood_are_refused(long version)
    {
        var model = Models.Small();
        model.OpsetImport[0].Version = version;
        Models.Refusal(model).ShouldContain($"opset {version}");
        model.OpsetImport.Clear();
        Models.Refusal(model).ShouldContain("opset_import");
    }

    [Fact]
    public void Functions_that_call_themselves_or_each_other_are_refused()
    {
        var model = Models.Small();
        model.Functions.Add(Function("Again", "Again"));
        Call(model, "Again");
        Models.Refusal(model).ShouldContain("calls itself");
        model = Models.Small();
        model.Functions.AddRange([Function("Ping", "Pong"), Function("Pong", "Ping")]);
        Call(model, "Ping");
        Models.Refusal(model).ShouldContain("calls itself");
    }

    [Fact]
    public void Functions_that_grow_beyond_all_bounds_are_refused()
    {
        // Each level calls the next four times: a few hundred bytes that mean 4^20 nodes, or as many calls without a single node.
        foreach (var leaf in new[] { "Identity", null })
        {
            var model = Models.Small();
            for (var level = 0; level < 20; level++) model.Functions.Add(Function($"F{level}", [.. Enumerable.Repeat($"F{level + 1}", 4)]));
            model.Functions.Add(leaf is null ? Function("F20") : Function("F20", leaf));
            Call(model, "F0");
            var before = GC.GetAllocatedBytesForCurrentThread();
            Models.Refusal(model).ShouldContain("more than");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(256 << 20);
        }
    }

    [Fact]
    public void Calls_of_a_function_are_its_body()
    {
        var model = Models.Small();
        var function = new FunctionProto { Name = "Twice", Domain = "local", Input = { "x" }, Output = { "y" } };
        function.Node.Add(new NodeProto { Name = "sum", OpType = "Add", Input = { "x", "x" }, Output = { "y" } });
        model.Functions.Add(function);
        model.Graph.Node.Clear();
        model.Graph.Node.Add(new NodeProto { Name = "first", OpType = "Twice", Domain = "local", Input = { "input" }, Output = { "inner" } });
        model.Graph.Node.Add(new NodeProto { Name = "second", OpType = "Twice", Domain = "local", Input = { "inner" }, Output = { model.Graph.Output[0].Name } });
        var network = Models.Parse(model);
        network.Nodes.Select(node => node.Name).ShouldBe(["first/sum", "second/sum"]);
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
        ((float[])[1, 2, -3]).CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        frame.Results[0].AsSpan<float>().ToArray().ShouldBe([4f, 8, -12]);
    }

    [Fact]
    public void Fifty_thousand_nodes_of_one_name_are_read_in_passing()
    {
        var model = Models.Small();
        var last = model.Graph.Node[^1].Output[0];
        for (var i = 0; i < 50_000; i++)
        {
            model.Graph.Node.Add(new NodeProto { Name = "same", OpType = "Relu", Input = { last }, Output = { $"v{i}" } });
            last = $"v{i}";
        }

        var network = Models.Parse(model);
        network.Nodes.Select(node => node.Name).Distinct().Count().ShouldBe(50_003);
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("inner/../../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("..")]
    [InlineData("a\0b")]
    public void External_data_outside_the_models_folder_are_refused(string location)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        folder.Write("weights.bin", new byte[24]);
        Models.Refusal(WithExternal(location), folder["model"]).ShouldContain("refused");
    }

    [Fact]
    public void External_data_through_links_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        Directory.CreateDirectory(folder["elsewhere"]);
        File.WriteAllBytes(Path.Combine(folder["elsewhere"], "weights.bin"), new byte[24]);
        File.CreateSymbolicLink(Path.Combine(folder["model"], "link.bin"), Path.Combine(folder["elsewhere"], "weights.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder["model"], "inner"), folder["elsewhere"]);
        Models.Refusal(WithExternal("link.bin"), folder["model"]).ShouldContain("link");
        Models.Refusal(WithExternal("inner/weights.bin"), folder["model"]).ShouldContain("link");
    }

    [Fact]
    public void External_data_are_read_where_they_lie_within_the_file()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["inner"]);
        File.WriteAllBytes(folder["inner/weights.bin"], [.. Enumerable.Range(0, 10).SelectMany(i => BitConverter.GetBytes((float)i))]);
        Models.Parse(WithExternal("inner/weights.bin", ("offset", "8"), ("length", "24")), folder.Path).Constants["constant0"].AsSpan<float>().ToArray().ShouldBe([2f, 3, 4, 5, 6, 7]);
        Models.Refusal(WithExternal("inner/weights.bin", ("offset", "20")), folder.Path).ShouldContain("offset 20");
        Models.Refusal(WithExternal("inner/weights.bin", ("offset", "-4")), folder.Path).ShouldContain("not a number");
        Models.Refusal(WithExternal("inner/weights.bin", ("offset", "9223372036854775807")), folder.Path).ShouldContain("offset");
        Models.Refusal(WithExternal("inner/weights.bin", ("length", "25")), folder.Path).ShouldContain("25 bytes");
        Models.Refusal(WithExternal("absent.bin"), folder.Path).ShouldContain("missing");
        Models.Refusal(WithExternal("inner"), folder.Path).ShouldContain("missing");
        Models.Refusal(WithExternal(""), folder.Path).ShouldContain("'constant0'");
        Models.Refusal(WithExternal("inner/weights.bin")).ShouldContain("no folder");
    }

    private static ModelProto WithExternal(string location, params (string Key, string Value)[] entries)
    {
        var model = Models.Small();
        var weights = model.Graph.Initializer[0];
        weights.ClearRawData();
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        weights.ExternalData.AddRange(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }

    /// <summary>A function of one input and one output whose body runs it through operators or functions one after the other.</summary>
    private static FunctionProto Function(string name, params string[] body)
    {
        var function = new FunctionProto { Name = name, Domain = "local", Input = { "x" }, Output = { body.Length == 0 ? "x" : $"v{body.Length}" } };
        for (var i = 0; i < body.Length; i++)
            function.Node.Add(new NodeProto { OpType = body[i], Domain = body[i] == "Identity" ? "" : "local", Input = { i == 0 ? "x" : $"v{i}" }, Output = { $"v{i + 1}" } });
        return function;
    }

    private static void Call(ModelProto model, string function)
    {
        model.Graph.Node[1].OpType = function;
        model.Graph.Node[1].Domain = "local";
    }
}

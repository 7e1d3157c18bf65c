using Google.Protobuf;
using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Onnx.Export;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

/// <summary>Sound models of many kinds, to be damaged.</summary>
internal static class GoodModels
{
    private const string WeightFile = "weights.bin";

    private static readonly Lazy<byte[][]> Bytes = new(() => [.. Enumerable.Range(0, 6).Select(Random), Recurrent("LSTM", 4), Recurrent("GRU", 3), Shapes(), FourBit(), Functions(), External()]);

    private static readonly Lazy<string> DataFolder = new(() =>
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "good-models");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, WeightFile), new byte[4096]);
        return folder;
    });

    public static byte[][] All => Bytes.Value;

    /// <summary>Where the models' external data lie.</summary>
    public static string Folder => DataFolder.Value;

    /// <summary>Float models and exported ones, with functions and QDQ nodes.</summary>
    private static byte[] Random(int seed)
    {
        var random = new Random(seed);
        var network = RandomNetwork.Draw(random);
        if (seed % 3 == 0) return Models.Bytes(network);
        var lowBit = Recipe.Parse(seed % 3 == 1 ? "int8" : "log").Apply(network, new Calibrator(RandomNetwork.Samples(network, random, 2)));
        using var folder = new Data.TemporaryFolder();
        LowBitExporter.Export(lowBit).Save(folder["good.onnx"]);
        return File.ReadAllBytes(folder["good.onnx"]);
    }

    private static byte[] Recurrent(string opType, int gates)
    {
        var graph = new GraphBuilder(3, 4) { Opset = 22 };
        var random = new Random(gates);
        string[] inputs = [GraphBuilder.Input, graph.Constant(random.Gaussians(2 * gates * 5 * 4), 2, gates * 5, 4), graph.Constant(random.Gaussians(2 * gates * 5 * 5), 2, gates * 5, 5), graph.Constant(random.Gaussians(4 * gates * 5), 2, 2 * gates * 5), graph.Constant(Tensor.Of<int>([1, 1, 0], 3)), graph.Constant(random.Gaussians(2 * 3 * 5), 2, 3, 5)];
        return Models.Bytes(graph.Build(graph.Add(opType, inputs, ("direction", "bidirectional"), ("hidden_size", 5), ("clip", 3f), ("layout", 0))));
    }

    /// <summary>Nearly every operator that moves elements, one after the other.</summary>
    private static byte[] Shapes()
    {
        var graph = new GraphBuilder(4, 6) { Opset = 18 };
        var x = graph.Add("Transpose", [GraphBuilder.Input], ("perm", new long[] { 0, 2, 1 }));
        x = graph.Add("Slice", [x, graph.Constant(5), graph.Constant(-7), graph.Constant(1), graph.Constant(-1)]);
        x = graph.Add("Concat", [x, x], ("axis", 2));
        x = graph.Add("Gather", [x, graph.Constant(0, -1, 2)], ("axis", 1));
        x = graph.Add("Unsqueeze", [x, graph.Constant(1)]);
        x = graph.Add("Expand", [x, graph.Constant(1, 2, 3, 8)]);
        x = graph.Add("Gather", [graph.Add("Split", [x, graph.Constant(2)], ("axis", 1)), graph.Constant(Tensor.Scalar(-1L))], ("axis", 1));
        x = graph.Add("GatherElements", [x, graph.Constant(Tensor.Of<long>([0, 1, -1, 2], 1, 1, 4))], ("axis", 2));
        x = graph.Add("ScatterElements", [x, graph.Constant(Tensor.Of<long>([0, 1], 1, 1, 2)), graph.Constant([5f, 6], 1, 1, 2)], ("axis", 2), ("reduction", "add"));
        x = graph.Add("ScatterND", [x, graph.Constant(Tensor.Of<long>([0, 0, 1], 1, 3)), graph.Constant([5f], 1)]);
        x = graph.Add("GatherND", [x, graph.Constant(Tensor.Of<long>([0, 0], 1, 2))]);
        x = graph.Add("Tile", [x, graph.Constant(2, 3)]);
        x = graph.Add("Reshape", [x, graph.Constant(0, -1, 2)]);
        x = graph.Add("CenterCropPad", [x, graph.Constant(3, 4, 5)]);
        x = graph.Add("Pad", [x, graph.Constant(0, 1, 0, 0, 1, -1), graph.Constant(Tensor.Scalar(1f))]);
        x = graph.Add("Resize", [graph.Add("Unsqueeze", [x, graph.Constant(0)]), "", graph.Constant([1f, 1, 2, 2], 4)], ("mode", "linear"));
        x = graph.Add("ReduceMean", [x, graph.Constant(2)], ("keepdims", 0));
        x = graph.Add("TopK", [graph.Add("Softmax", [x], ("axis", -1)), graph.Constant(2)], ("axis", 1));
        x = graph.Add("Cast", [graph.Add("Where", [graph.Add("Greater", [x, graph.Constant([0.5f], 1)]), x, graph.Constant([0f], 1)])], ("to", 1));
        return Models.Bytes(graph.Build(graph.Add("Compress", [x, graph.Constant(Tensor.Of([true, false], 2))], ("axis", 1))));
    }

    private static byte[] FourBit()
    {
        var graph = new GraphBuilder(8) { Opset = 21 };
        var weights = graph.Add("DequantizeLinear", [graph.Constant(new Tensor(ElementType.Int4, [8, 6], new byte[24])), graph.Constant(new Random(1).Gaussians(12), 2, 6)], ("axis", 0), ("block_size", 4));
        var codes = graph.Add("QuantizeLinear", [GraphBuilder.Input, graph.Constant(Tensor.Scalar(0.1f)), graph.Constant(Tensor.Scalar((byte)128))]);
        var x = graph.Add("DequantizeLinear", [codes, graph.Constant(Tensor.Scalar(0.1f)), graph.Constant(Tensor.Scalar((byte)128))]);
        x = graph.Add("LayerNormalization", [graph.Add("MatMul", [x, weights]), graph.Constant(new Random(2).Gaussians(6), 6)]);
        var products = graph.Add("MatMulInteger", [graph.Add("DynamicQuantizeLinear", [x]), graph.Constant(Tensor.Of<sbyte>(new sbyte[12], 6, 2))]);
        return Models.Bytes(graph.Build(graph.Add("Cast", [products], ("to", 1))));
    }

    private static byte[] Functions()
    {
        var model = Models.Small();
        var inner = new FunctionProto { Name = "Inner", Domain = "local", Input = { "x" }, Output = { "y" }, Attribute = { "slope" }, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 16 } } };
        inner.Node.Add(new NodeProto { OpType = "LeakyRelu", Input = { "x" }, Output = { "y" }, Attribute = { new AttributeProto { Name = "alpha", RefAttrName = "slope", Type = AttributeProto.Types.AttributeType.Float } } });
        var outer = new FunctionProto { Name = "Outer", Domain = "local", Input = { "x", "w" }, Output = { "y" } };
        outer.Node.Add(new NodeProto { OpType = "Inner", Domain = "local", Input = { "x" }, Output = { "h" }, Attribute = { new AttributeProto { Name = "slope", Type = AttributeProto.Types.AttributeType.Float, F = 0.1f } } });
        outer.Node.Add(new NodeProto { OpType = "MatMul", Input = { "h", "w" }, Output = { "y" } });
        model.Functions.AddRange([inner, outer]);
        model.Graph.Node[2].OpType = "Outer";
        model.Graph.Node[2].Domain = "local";
        return model.ToByteArray();
    }

    private static byte[] External()
    {
        var model = Models.Small();
        foreach (var tensor in model.Graph.Initializer)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = WeightFile });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "64" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{tensor.RawData.Length}" });
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ClearRawData();
        }

        return model.ToByteArray();
    }
}

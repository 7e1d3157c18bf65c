using Google.Protobuf;
using Subbyte.Networks;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Onnx;

/// <summary>Turns a <see cref="Network"/> and model-local functions into ONNX messages.</summary>
internal static class OnnxWriter
{
    // IR version 8 brought model-local functions, 10 the four-bit types of opset 21, 13 the two-bit types of opset 25.
    private const int FunctionIrVersion = 8;
    private const int FourBitIrVersion = 10;
    private const int TwoBitIrVersion = 13;

    /// <summary>Protobuf counts bytes in an int; what is beside the weights takes little.</summary>
    private const long LargestMessage = int.MaxValue - (64 << 20);

    public static void Write(Network network, Stream stream) => Write(network, [], stream);

    public static void Write(Network network, IEnumerable<FunctionProto> functions, Stream stream) => Write(Model(network, functions, Tensor), network.Name, stream);

    /// <summary>Writes a file, and beside it another for the weights where they are more than one protobuf message can hold.</summary>
    /// <param name="network">The network.</param>
    /// <param name="functions">Functions that its nodes call.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="largestInline">Most bytes of weights that go into the file itself.</param>
    public static void Save(Network network, IReadOnlyCollection<FunctionProto> functions, string path, long largestInline = LargestMessage)
    {
        if (network.Constants.Values.Sum(tensor => (long)tensor.Bytes.Length) <= largestInline)
        {
            Files.WriteAtomically(path, stream => Write(network, functions, stream));
            return;
        }

        var data = new ExternalData(path + ".data");
        Files.WriteAtomically(data.Path, stream => data.Write(network.Constants, stream));
        try
        {
            Files.WriteAtomically(path, stream => Write(Model(network, functions, data.Tensor), network.Name, stream));
        }
        catch
        {
            File.Delete(data.Path);
            throw;
        }
    }

    /// <summary>Bytes that a file takes, with the weights that stand beside it where there are too many for one message.</summary>
    /// <param name="network">The network.</param>
    /// <param name="functions">Functions that its nodes call.</param>
    /// <returns>The bytes.</returns>
    public static long Size(Network network, IEnumerable<FunctionProto> functions)
    {
        var weights = network.Constants.Values.Sum(tensor => (long)tensor.Bytes.Length);
        return weights > LargestMessage ? weights : Model(network, functions, Tensor).CalculateSize();
    }

    private static void Write(ModelProto model, string name, Stream stream)
    {
        // A message's size is an int; weights and all must stay below it.
        var weights = model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        if (weights > LargestMessage) throw new UserErrorException($"network '{name}' has {weights >> 20} MiB of weights, which one ONNX message cannot hold; save it to a file, which puts them beside it");
        model.WriteTo(stream);
    }

    private static ModelProto Model(Network network, IEnumerable<FunctionProto> functions, Func<string, Tensor, TensorProto> tensor)
    {
        var foreign = new ForeignNodes(network);
        var model = new ModelProto
        {
            IrVersion = network.Opsets[""] switch { >= 25 => TwoBitIrVersion, >= 21 => FourBitIrVersion, _ => FunctionIrVersion },
            ProducerName = "subbyte",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = Graph(network, foreign, tensor),
        };
        model.OpsetImport.AddRange(network.Opsets.Select(opset => new OperatorSetIdProto { Domain = opset.Key, Version = opset.Value }));
        model.MetadataProps.AddRange(network.Metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        model.Functions.AddRange(functions);
        if (foreign.Functions.Count == 0) return model;
        model.Functions.AddRange(foreign.Functions);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = ForeignNodes.Domain, Version = 1 });
        return model;
    }

    public static TensorProto Tensor(string name, Tensor tensor)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.ElementType, RawData = ByteString.CopyFrom(tensor.Bytes.Span) };
        foreach (var dimension in tensor.Dimensions) proto.Dims.Add(dimension);
        return proto;
    }

    public static NodeProto Node(Node node)
    {
        var proto = new NodeProto { Name = node.Name, OpType = node.OpType, Domain = node.Domain };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(attribute => Attribute(attribute.Key, attribute.Value.Value)));
        return proto;
    }

    private static GraphProto Graph(Network network, ForeignNodes foreign, Func<string, Tensor, TensorProto> tensor)
    {
        var graph = new GraphProto { Name = network.Name };
        graph.Node.AddRange(network.Nodes.Select(foreign.Write));
        graph.Initializer.AddRange(network.Constants.Select(constant => tensor(constant.Key, constant.Value)));
        graph.Input.AddRange(network.Inputs.Select(Value));
        graph.Output.AddRange(network.Outputs.Select(Value));
        return graph;
    }

    private static ValueInfoProto Value(NetworkValue value)
    {
        // Without a type the reader infers it.
        if (value.ElementType == ElementType.Undefined) return new ValueInfoProto { Name = value.Name };
        var shape = new TensorShapeProto();
        foreach (var dimension in value.Shape)
        {
            var proto = new TensorShapeProto.Types.Dimension();
            if (dimension.Size is { } size) proto.DimValue = size;
            else if (dimension.Symbol is { } symbol) proto.DimParam = symbol;
            shape.Dim.Add(proto);
        }

        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.ElementType, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long integer:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, integer);
                break;
            case float number:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case Tensor tensor:
                (proto.Type, proto.T) = (AttributeProto.Types.AttributeType.Tensor, Tensor("", tensor));
                break;
            case long[] integers:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(integers);
                break;
            case float[] numbers:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(numbers);
                break;
            case string[] texts:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case byte[] graph:
                (proto.Type, proto.G) = (AttributeProto.Types.AttributeType.Graph, GraphProto.Parser.ParseFrom(graph));
                break;
            default:
                throw new NotSupportedException($"attribute '{name}' holds a {value.GetType().Name}");
        }

        return proto;
    }
}

using Google.Protobuf;
using Subbyte.Networks;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Onnx;

/// <summary>Turns a <see cref="Network"/> and model-local functions into ONNX messages.</summary>
internal static class OnnxWriter
{
    // IR version 8 brought model-local functions, 10 the four-bit types of opset 21.
    private const int FunctionIrVersion = 8;
    private const int FourBitIrVersion = 10;

    public static void Write(Network network, Stream stream) => Write(network, [], stream);

    public static void Write(Network network, IEnumerable<FunctionProto> functions, Stream stream)
    {
        var model = new ModelProto
        {
            IrVersion = network.Opsets[""] >= 21 ? FourBitIrVersion : FunctionIrVersion,
            ProducerName = "subbyte",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = Graph(network),
        };
        model.OpsetImport.AddRange(network.Opsets.Select(opset => new OperatorSetIdProto { Domain = opset.Key, Version = opset.Value }));
        model.MetadataProps.AddRange(network.Metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        model.Functions.AddRange(functions);
        model.WriteTo(stream);
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

    private static GraphProto Graph(Network network)
    {
        var graph = new GraphProto { Name = network.Name };
        graph.Node.AddRange(network.Nodes.Select(Node));
        graph.Initializer.AddRange(network.Constants.Select(constant => Tensor(constant.Key, constant.Value)));
        graph.Input.AddRange(network.Inputs.Select(Value));
        graph.Output.AddRange(network.Outputs.Select(Value));
        return graph;
    }

    private static ValueInfoProto Value(NetworkValue value)
    {
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

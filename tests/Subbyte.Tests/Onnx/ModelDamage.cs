using Google.Protobuf;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Tests.Onnx;

/// <summary>Damages models.</summary>
internal static class ModelDamage
{
    private static readonly long[] Extremes = [0, -1, 1, 2, 3, 5, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1 << 20, 1L << 32, 65535];

    private static readonly float[] ExtremeNumbers = [0, -1, 1, 1e-30f, float.MaxValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    private static readonly string[] Names = ["axis", "batch_dims", "allowzero", "num_outputs", "group", "transA", "keepdims", "block_size", "layout", "hidden_size", "ceil_mode", "to", "k", "to"];

    private static readonly string[] Words = ["", "none", "SAME_UPPER", "VALID", "reverse", "bidirectional", "linear", "cubic", "wrap", "reflect", "edge", "add", "nonsense"];

    /// <summary>Changes octets: single ones, bits, pieces cut out, put in or doubled.</summary>
    public static byte[] Bytes(Random random, byte[] good)
    {
        var bytes = good.ToList();
        for (var edits = random.Next(1, 6); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 20))); break;
                case 3: bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 20)).Select(_ => (byte)random.Next(256))); break;
                default: bytes.InsertRange(at, bytes.GetRange(0, Math.Min(bytes.Count, random.Next(1, 200)))); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Changes what the messages say: names, attributes, sizes, types, versions.</summary>
    public static byte[] Messages(Random random, byte[] good)
    {
        var model = ModelProto.Parser.ParseFrom(good);
        for (var edits = random.Next(1, 4); edits > 0; edits--) Damage(random, model);
        return model.ToByteArray();
    }

    /// <summary>Changes only numbers: attributes, dimensions and values of tensors, sizes of inputs; the graph stays whole.</summary>
    public static byte[] Numbers(Random random, byte[] good)
    {
        var model = ModelProto.Parser.ParseFrom(good);
        var attributes = model.Graph.Node.Where(node => node.Attribute.Count > 0).ToArray();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            switch (random.Next(4))
            {
                case 0 when model.Graph.Initializer.Count > 0: DamageTensor(random, Any(random, model.Graph.Initializer)); break;
                case 1 when model.Graph.Input.Count > 0: ResizeInput(random, Any(random, model.Graph.Input)); break;
                case 2: Any(random, model.Graph.Node).Attribute.Add(NewAttribute(random)); break;
                default:
                    if (attributes.Length > 0) DamageAttribute(random, Any(random, Any(random, attributes).Attribute));
                    break;
            }
        }

        return model.ToByteArray();
    }

    /// <summary>A tensor of integers some of which are extreme; others as they are.</summary>
    public static Tensor Values(Random random, Tensor good)
    {
        if (good.ElementType is not (ElementType.Int32 or ElementType.Int64) || good.Length == 0) return good;
        var damaged = new Tensor(good.ElementType, good.Dimensions, good.Bytes.ToArray());
        ElementConversion.Write([Any(random, Extremes)], damaged, random.Next(damaged.Length));
        return damaged;
    }

    private static void ResizeInput(Random random, ValueInfoProto input)
    {
        if (input.Type.TensorType.Shape is { Dim.Count: > 0 } shape) Any(random, shape.Dim).DimValue = random.Next(1, 5) == 1 ? Any(random, Extremes) : random.Next(1, 70);
    }

    private static AttributeProto NewAttribute(Random random) => new() { Name = Any(random, Names), Type = AttributeProto.Types.AttributeType.Int, I = Any(random, Extremes) };

    private static void Damage(Random random, ModelProto model)
    {
        var graph = model.Graph;
        if (graph.Initializer.Count == 0 || random.Next(2) == 0) DamageNode(random, Any(random, graph.Node), graph);
        else DamageTensor(random, Any(random, graph.Initializer));
        if (random.Next(8) == 0 && graph.Input.Count > 0) DamageInput(random, Any(random, graph.Input));
        if (random.Next(16) == 0) model.OpsetImport[0].Version = random.Next(6, 28);
        if (random.Next(8) == 0 && model.Functions.Count > 0) DamageFunction(random, Any(random, model.Functions), graph);
    }

    private static void DamageInput(Random random, ValueInfoProto input)
    {
        var tensor = input.Type.TensorType;
        if (random.Next(3) == 0) tensor.ElemType = random.Next(0, 28);
        else if (tensor.Shape is { Dim.Count: > 0 } shape) Any(random, shape.Dim).DimValue = Any(random, Extremes);
    }

    private static void DamageFunction(Random random, FunctionProto function, GraphProto graph)
    {
        if (random.Next(4) == 0) function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = random.Next(4, 30) });
        else if (function.Node.Count > 0) Any(random, function.Node).OpType = random.Next(2) == 0 ? Any(random, graph.Node).OpType : function.Name;
    }

    private static void DamageNode(Random random, NodeProto node, GraphProto graph)
    {
        var other = Any(random, graph.Node);
        switch (random.Next(12))
        {
            case 0: node.OpType = other.OpType; break;
            case 1: node.Input.Clear(); break;
            case 2: node.Output.Add(random.Next(2) == 0 ? "more" : other.Input.FirstOrDefault() ?? ""); break;
            case 3 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = random.Next(3) switch { 0 => "", 1 => graph.Initializer.Count == 0 ? "" : Any(random, graph.Initializer).Name, _ => other.Output.FirstOrDefault() ?? "" }; break;
            case 4 when node.Input.Count > 0: node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 5: node.Output.Clear(); break;
            case 6: graph.Output[0].Name = other.Output.FirstOrDefault() ?? ""; break;
            case 7: node.Name = other.Name; break;
            case 8: node.Attribute.Add(NewAttribute(random)); break;
            default:
                if (node.Attribute.Count > 0) DamageAttribute(random, Any(random, node.Attribute));
                break;
        }
    }

    private static void DamageAttribute(Random random, AttributeProto attribute)
    {
        if (attribute.T is not null) DamageTensor(random, attribute.T);
        else if (attribute.Floats.Count > 0) attribute.Floats[random.Next(attribute.Floats.Count)] = Any(random, ExtremeNumbers);
        else if (attribute.Type == AttributeProto.Types.AttributeType.Float) attribute.F = Any(random, ExtremeNumbers);
        else if (attribute.Type == AttributeProto.Types.AttributeType.String) attribute.S = ByteString.CopyFromUtf8(Any(random, Words));
        else if (attribute.Ints.Count > 0 && random.Next(3) == 0) attribute.Ints.Add(Any(random, Extremes));
        else if (attribute.Ints.Count > 0) attribute.Ints[random.Next(attribute.Ints.Count)] = Any(random, Extremes);
        else attribute.I = Any(random, Extremes);
        if (random.Next(8) == 0) attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 12);
    }

    private static void DamageTensor(Random random, TensorProto tensor)
    {
        var dimensions = tensor.Dims.ToArray();
        switch (random.Next(7))
        {
            case 0 when dimensions.Length > 0: tensor.Dims[random.Next(dimensions.Length)] = Any(random, Extremes); break;
            case 1: tensor.Dims.Add(1); break;
            case 2: tensor.DataType = random.Next(-1, 30); break;
            case 3 or 5 when tensor.DataType == (int)TensorProto.Types.DataType.Int64: tensor.RawData = ByteString.CopyFrom([.. Enumerable.Range(0, tensor.RawData.Length / 8).SelectMany(_ => BitConverter.GetBytes(Any(random, Extremes)))]); break;
            case 4:
                tensor.Dims.Clear();
                tensor.Dims.Add(dimensions.Aggregate(1L, (count, size) => unchecked(count * size)));
                break;
            default:
                tensor.Dims.Clear();
                tensor.Dims.AddRange(dimensions.Reverse());
                break;
        }
    }

    private static T Any<T>(Random random, IList<T> items) => items[random.Next(items.Count)];
}

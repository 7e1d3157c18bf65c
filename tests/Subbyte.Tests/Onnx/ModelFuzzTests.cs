using Google.Protobuf;
using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Onnx.Proto;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

/// <summary>Damaged models by the thousand: reading, folding and compiling them succeeds or is refused in one line, in bounded memory.</summary>
public sealed class ModelFuzzTests
{
    private const long MostBytes = 256 << 20;

    private static readonly Lazy<byte[][]> Good = new(() => [.. Enumerable.Range(0, 6).Select(GoodModel)]);

    private static readonly long[] Extremes = [0, -1, 1, 2, 3, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1 << 20, 1L << 32, 65535];

    [Fact]
    public void Damaged_bytes() => Fuzz(2000, seed: 1, DamageBytes);

    [Fact]
    public void Damaged_messages() => Fuzz(2000, seed: 2, DamageMessage);

    [Fact]
    public void Random_bytes() => Fuzz(500, seed: 3, (random, _) =>
    {
        var bytes = new byte[random.Next(1, 2000)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Fact]
    public void Truncated_models()
    {
        var model = Good.Value[0];
        for (var length = 0; length < model.Length; length += Math.Max(1, model.Length / 400)) Check(model[..length], $"first {length} bytes");
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(4)]
    [InlineData(5)]
    public void Damaged_models_by_the_ten_thousand(int seed)
    {
        Fuzz(15_000, seed, DamageBytes);
        Fuzz(15_000, seed, DamageMessage);
    }

    private static void Fuzz(int count, int seed, Func<Random, byte[], byte[]> damage)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random((seed * 1_000_000) + i);
            Check(damage(random, Good.Value[random.Next(Good.Value.Length)]), $"mutant {i} of seed {seed}");
        }
    }

    private static void Check(byte[] bytes, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ExecutionPlan.Compile(BatchNormFolding.Apply(OnnxNetwork.Parse(bytes, "mutant.onnx")));
        }
        catch (UserErrorException refusal)
        {
            refusal.Message.ShouldNotBeNullOrWhiteSpace();
        }
        catch (Exception failure)
        {
            throw new ShouldAssertException($"{what}: {failure}", failure);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, what);
    }

    /// <summary>Float models and exported ones, with functions and QDQ nodes.</summary>
    private static byte[] GoodModel(int seed)
    {
        var random = new Random(seed);
        var network = RandomNetwork.Draw(random);
        if (seed % 3 == 0) return Models.Bytes(network);
        var lowBit = Recipe.Parse(seed % 3 == 1 ? "int8" : "log").Apply(network, new Calibrator(RandomNetwork.Samples(network, random, 2)));
        using var folder = new Data.TemporaryFolder();
        LowBitExporter.Export(lowBit).Save(folder["good.onnx"]);
        return File.ReadAllBytes(folder["good.onnx"]);
    }

    private static byte[] DamageBytes(Random random, byte[] good)
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

    private static byte[] DamageMessage(Random random, byte[] good)
    {
        var model = ModelProto.Parser.ParseFrom(good);
        for (var edits = random.Next(1, 4); edits > 0; edits--) Damage(random, model);
        return model.ToByteArray();
    }

    private static void Damage(Random random, ModelProto model)
    {
        var graph = model.Graph;
        if (random.Next(2) == 0) DamageNode(random, Any(random, graph.Node), graph);
        else DamageTensor(random, Any(random, graph.Initializer));
        if (random.Next(8) == 0) Any(random, graph.Input[0].Type.TensorType.Shape.Dim).DimValue = Any(random, Extremes);
        if (random.Next(8) == 0 && model.Functions.Count > 0) Any(random, Any(random, model.Functions).Node).OpType = Any(random, graph.Node).OpType;
    }

    private static void DamageNode(Random random, NodeProto node, GraphProto graph)
    {
        var other = Any(random, graph.Node);
        switch (random.Next(9))
        {
            case 0: node.OpType = other.OpType; break;
            case 1: node.Input.Clear(); break;
            case 2: node.Output.Add(random.Next(2) == 0 ? "more" : other.Input.FirstOrDefault() ?? ""); break;
            case 3 when node.Input.Count > 0: node.Input[random.Next(node.Input.Count)] = random.Next(3) switch { 0 => "", 1 => Any(random, graph.Initializer).Name, _ => other.Output.FirstOrDefault() ?? "" }; break;
            case 4 when node.Input.Count > 0: node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 5: node.Output.Clear(); break;
            case 6: graph.Output[0].Name = other.Output.FirstOrDefault() ?? ""; break;
            case 7: node.Name = other.Name; break;
            default:
                if (node.Attribute.Count > 0) DamageAttribute(random, Any(random, node.Attribute));
                break;
        }
    }

    private static void DamageAttribute(Random random, AttributeProto attribute)
    {
        if (attribute.Ints.Count > 0) attribute.Ints[random.Next(attribute.Ints.Count)] = Any(random, Extremes);
        else attribute.I = Any(random, Extremes);
        if (random.Next(8) == 0) attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 12);
    }

    private static void DamageTensor(Random random, TensorProto tensor)
    {
        var dimensions = tensor.Dims.ToArray();
        switch (random.Next(6))
        {
            case 0 when dimensions.Length > 0: tensor.Dims[random.Next(dimensions.Length)] = Any(random, Extremes); break;
            case 1: tensor.Dims.Add(1); break;
            case 2: tensor.DataType = random.Next(-1, 30); break;
            case 3 when tensor.DataType == (int)TensorProto.Types.DataType.Int64: tensor.RawData = ByteString.CopyFrom([.. Enumerable.Range(0, tensor.RawData.Length / 8).SelectMany(_ => BitConverter.GetBytes(Any(random, Extremes)))]); break;
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

using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Training;

/// <summary>Writes small networks node by node, with any attributes, and random constants.</summary>
internal sealed class TinyNetwork(ulong seed, params int[] inputShape)
{
    private readonly SeededRandom _random = new(seed);
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Tensor> _constants = new(StringComparer.Ordinal);

    public string Last { get; private set; } = "input";

    public TinyNetwork Convolution(int outputs, int channels, int kernel, bool bias = false, params (string Name, AttributeValue Value)[] attributes)
        => Convolution(outputs, channels, kernel, bias, dimensions: 2, attributes);

    public TinyNetwork Convolution(int outputs, int channels, int kernel, bool bias, int dimensions, params (string Name, AttributeValue Value)[] attributes)
    {
        var name = $"conv{_nodes.Count}";
        string[] inputs = [Last, Random($"{name}.weight", 1, [outputs, channels, .. Enumerable.Repeat(kernel, dimensions)])];
        return Add("Conv", bias ? [.. inputs, Random($"{name}.bias", 1, outputs)] : inputs, attributes);
    }

    public TinyNetwork Linear(int outputs, int inputs, bool transposed = true, bool bias = true)
    {
        var name = $"fc{_nodes.Count}";
        string[] names = [Last, transposed ? Random($"{name}.weight", 1, outputs, inputs) : Random($"{name}.weight", 1, inputs, outputs)];
        return Add("Gemm", bias ? [.. names, Random($"{name}.bias", 1, outputs)] : names, ("transB", transposed ? 1 : 0));
    }

    public TinyNetwork Normalization(int channels)
    {
        var name = $"bn{_nodes.Count}";
        return Add("BatchNormalization", [Last, Random($"{name}.scale", 1, channels), Random($"{name}.shift", 1, channels), Random($"{name}.mean", 1, channels), Positive($"{name}.variance", channels)]);
    }

    public TinyNetwork Sum(string other) => Add("Add", [Last, other]);

    public TinyNetwork Apply(string opType, params (string Name, AttributeValue Value)[] attributes) => Add(opType, [Last], attributes);

    /// <summary>A node that reads the latest value and integers.</summary>
    public TinyNetwork Move(string opType, params long[][] integers)
        => Add(opType, [Last, .. integers.Select((values, i) => Keep($"{opType}{_nodes.Count}.{i}", Tensor.Of<long>(values, values.Length)))]);

    /// <summary>A node that reads the latest value and numbers that are not trained.</summary>
    public TinyNetwork With(string opType, params float[] numbers)
        => Add(opType, [Last, .. numbers.Select((number, i) => Keep($"{opType}{_nodes.Count}.{i}", Tensor.Scalar(number)))]);

    /// <summary>A summand of the latest value that is trained.</summary>
    public TinyNetwork Bias(params int[] dimensions) => Add("Add", [Last, Random($"bias{_nodes.Count}", 1, dimensions)]);

    /// <summary>A PReLU whose slopes are trained.</summary>
    public TinyNetwork Slopes(params int[] dimensions) => Add("PRelu", [Last, Random($"slope{_nodes.Count}", 1, dimensions)]);

    public TinyNetwork MatMul(int inputs, int outputs) => Add("MatMul", [Last, Random($"fc{_nodes.Count}.weight", 1, inputs, outputs)]);

    /// <summary>The latest value beside another.</summary>
    public TinyNetwork Join(string opType, string other, params (string Name, AttributeValue Value)[] attributes) => Add(opType, [Last, other], attributes);

    /// <summary>Goes on from an earlier value.</summary>
    public TinyNetwork From(string value)
    {
        Last = value;
        return this;
    }

    public Network Build() => new()
    {
        Name = "tiny",
        Inputs = [new NetworkValue("input", ElementType.Float32, [new Dimension(null, "N"), .. inputShape.Select(size => new Dimension(size))])],
        Outputs = [new NetworkValue(Last, ElementType.Float32, [])],
        Nodes = _nodes,
        Constants = _constants,
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17 },
    };

    private TinyNetwork Add(string opType, IReadOnlyList<string> inputs, params (string Name, AttributeValue Value)[] attributes)
    {
        Last = $"value{_nodes.Count}";
        _nodes.Add(new Node
        {
            Name = $"{opType}{_nodes.Count}",
            OpType = opType,
            Inputs = inputs,
            Outputs = [Last],
            Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal),
        });
        return this;
    }

    private string Random(string name, float bound, params ReadOnlySpan<int> dimensions)
        => Keep(name, Tensor.Of<float>(Numbers(ElementTypes.ElementCount(dimensions)).Select(value => value * bound).ToArray(), dimensions));

    private string Positive(string name, int length) => Keep(name, Tensor.Of<float>(Numbers(length).Select(value => Math.Abs(value) + 0.5f).ToArray(), length));

    private IEnumerable<float> Numbers(long count) => Enumerable.Range(0, (int)count).Select(_ => (2 * _random.NextFloat()) - 1);

    private string Keep(string name, Tensor tensor)
    {
        _constants.Add(name, tensor);
        return name;
    }
}

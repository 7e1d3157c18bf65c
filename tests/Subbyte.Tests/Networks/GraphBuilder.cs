using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks;

/// <summary>Puts a network together node by node; the input is named <c>input</c> and has a free first dimension.</summary>
/// <param name="sampleShape">Shape of one sample.</param>
internal sealed class GraphBuilder(params int[] sampleShape)
{
    public const string Input = "input";

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Tensor> _constants = new(StringComparer.Ordinal);

    /// <summary>Version of the standard operators.</summary>
    public long Opset { get; init; } = 13;

    /// <summary>Adds a constant and gives its name.</summary>
    public string Constant(ReadOnlySpan<float> values, params int[] dimensions) => Constant(Tensor.Of(values, dimensions));

    /// <summary>Adds a constant of integers and gives its name.</summary>
    public string Constant(params long[] values) => Constant(Tensor.Of<long>(values));

    public string Constant(Tensor tensor)
    {
        var name = $"constant{_constants.Count}";
        _constants.Add(name, tensor);
        return name;
    }

    /// <summary>Adds a node and gives the name of its only output.</summary>
    public string Add(string opType, string[] inputs, params (string Name, AttributeValue Value)[] attributes)
    {
        var name = $"{opType}{_nodes.Count}";
        _nodes.Add(new Node
        {
            Name = name,
            OpType = opType,
            Inputs = inputs,
            Outputs = [name + ".y"],
            Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal),
        });
        return name + ".y";
    }

    public Network Build(params string[] outputs) => new()
    {
        Name = "built",
        Inputs = [new NetworkValue(Input, ElementType.Float32, [new Dimension(null, "N"), .. sampleShape.Select(size => new Dimension(size))])],
        Outputs = [.. outputs.Select(output => new NetworkValue(output, ElementType.Float32, []))],
        Nodes = _nodes,
        Constants = _constants,
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
    };
}

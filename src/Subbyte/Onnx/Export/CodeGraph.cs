using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>A model-local function made of ordinary operators.</summary>
/// <param name="Name">Name in the domain <see cref="CodeGraph.Domain"/>.</param>
/// <param name="Inputs">Names of the inputs.</param>
/// <param name="Output">Name of the output.</param>
/// <param name="Nodes">The body.</param>
public sealed record OnnxFunction(string Name, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<Node> Nodes)
{
    /// <summary>A node of a function's body.</summary>
    /// <param name="output">Name of the output; also the node's name.</param>
    /// <param name="opType">Operator.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <returns>The node.</returns>
    public static Node Step(string output, string opType, params IReadOnlyList<string> inputs) => Step(output, opType, inputs, []);

    /// <summary>A node of a function's body with attributes.</summary>
    /// <param name="output">Name of the output; also the node's name.</param>
    /// <param name="opType">Operator.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="attributes">Attributes.</param>
    /// <returns>The node.</returns>
    public static Node Step(string output, string opType, IReadOnlyList<string> inputs, params (string Name, AttributeValue Value)[] attributes)
        => new() { Name = output, OpType = opType, Inputs = inputs, Outputs = [output], Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal) };
}

/// <summary>Collects the nodes, constants and functions that replace one layer of a network.</summary>
/// <param name="prefix">Prefix of every name that is made, unique to the layer.</param>
public sealed class CodeGraph(string prefix)
{
    /// <summary>Domain of the model-local functions.</summary>
    public const string Domain = "subbyte";

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Tensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxFunction> _functions = new(StringComparer.Ordinal);

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The constants.</summary>
    public IReadOnlyDictionary<string, Tensor> Constants => _constants;

    /// <summary>The functions that are called, by name.</summary>
    public IReadOnlyDictionary<string, OnnxFunction> Functions => _functions;

    /// <summary>Adds a constant.</summary>
    /// <param name="name">What it is, to be part of its name.</param>
    /// <param name="value">The value.</param>
    /// <returns>Its name.</returns>
    public string Constant(string name, Tensor value)
    {
        var unique = Unique(name, _constants.ContainsKey);
        _constants[unique] = value;
        return unique;
    }

    /// <summary>Adds a float scalar.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">The value.</param>
    /// <returns>Its name.</returns>
    public string Scalar(string name, float value) => Constant(name, Tensor.Scalar(value));

    /// <summary>Adds a node.</summary>
    /// <param name="opType">Operator.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="attributes">Attributes.</param>
    /// <param name="output">Name of the output, which makes it the layer's last node and gives it the layer's name; null to make one.</param>
    /// <returns>Name of the output.</returns>
    public string Add(string opType, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, AttributeValue>? attributes = null, string? output = null) => AddNode("", opType, inputs, attributes, output);

    /// <summary>Adds a cast to float32: 0 or 1 of a comparison.</summary>
    /// <param name="input">Name of the value.</param>
    /// <returns>Name of the output.</returns>
    public string ToFloat(string input) => Add("Cast", [input], new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["to"] = 1L });

    /// <summary>Adds a node with outputs of given names.</summary>
    /// <param name="opType">Operator.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="outputs">Names of the outputs.</param>
    /// <param name="attributes">Attributes.</param>
    public void AddNamed(string opType, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, params (string Name, AttributeValue Value)[] attributes)
        => _nodes.Add(new Node
        {
            Name = Unique(opType, candidate => _nodes.Exists(node => node.Name == candidate)),
            OpType = opType,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal),
        });

    /// <summary>Adds a call of a function.</summary>
    /// <param name="function">The function; functions of one name are the same.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="output">Name of the output, or null to make one.</param>
    /// <returns>Name of the output.</returns>
    public string Call(OnnxFunction function, IReadOnlyList<string> inputs, string? output = null)
    {
        _functions[function.Name] = function;
        return AddNode(Domain, function.Name, inputs, null, output);
    }

    private string AddNode(string domain, string opType, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, AttributeValue>? attributes, string? output)
    {
        var name = output is not null ? prefix : Unique(opType, candidate => _nodes.Exists(node => node.Name == candidate));
        var result = output ?? name + ":0";
        _nodes.Add(new Node { Name = name, OpType = opType, Domain = domain, Inputs = inputs, Outputs = [result], Attributes = attributes ?? new Dictionary<string, AttributeValue>(StringComparer.Ordinal) });
        return result;
    }

    private string Unique(string name, Func<string, bool> isTaken)
    {
        var unique = $"{prefix}/{name}";
        for (var i = 2; isTaken(unique); i++) unique = $"{prefix}/{name}.{i}";
        return unique;
    }
}

using Google.Protobuf;
using Google.Protobuf.Collections;
using Subbyte.Networks;
using Subbyte.Onnx.Proto;

namespace Subbyte.Onnx;

/// <summary>Reads nodes and replaces calls of model-local functions by their bodies.</summary>
internal sealed class NodeReader
{
    private const int DeepestCall = 32;
    private const int MostNodes = 1 << 16;

    private readonly string _source;
    private readonly TensorReader _tensors;
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private readonly Dictionary<string, long> _opsets;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private int _read;

    public NodeReader(string source, TensorReader tensors, IEnumerable<FunctionProto> functions, Dictionary<string, long> opsets)
    {
        _source = source;
        _tensors = tensors;
        _opsets = opsets;
        foreach (var function in functions) _functions[(function.Domain, function.Name, function.Overload)] = function;
    }

    public IReadOnlyList<Node> Read(IEnumerable<NodeProto> nodes)
    {
        foreach (var node in nodes) Add(node, new Scope("", [], [], _opsets, 0));
        return _nodes;
    }

    private void Add(NodeProto node, Scope scope)
    {
        // Calls count too: functions that only call each other make no node.
        if (++_read > MostNodes) throw new UserErrorException($"{_source}: has more than {MostNodes} nodes, those of functions included");
        var domain = node.Domain == "ai.onnx" ? "" : node.Domain;
        var inputs = node.Input.Select(name => Rename(name, scope)).ToArray();
        var outputs = node.Output.Select(name => Rename(name, scope)).ToArray();
        if (node.Attribute.GroupBy(attribute => attribute.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new UserErrorException($"{_source}: node '{node.Name}' ({node.OpType}) has attribute '{twice.Key}' twice");
        var attributes = node.Attribute.Select(attribute => Bind(attribute, scope.Arguments)).OfType<AttributeProto>().ToArray();
        if (_functions.TryGetValue((node.Domain, node.OpType, node.Overload), out var function))
        {
            Inline(function, UniqueName(scope.Prefix, node), inputs, outputs, attributes, scope.Depth);
            return;
        }

        _nodes.Add(new Node
        {
            Name = UniqueName(scope.Prefix, node),
            OpType = node.OpType,
            Domain = domain,
            Opset = scope.Opsets.TryGetValue(domain, out var version) && version != _opsets.GetValueOrDefault(domain, version) ? version : null,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => Value(attribute, node), StringComparer.Ordinal),
        });
    }

    private void Inline(FunctionProto function, string call, string[] inputs, string[] outputs, AttributeProto[] attributes, int depth)
    {
        if (depth >= DeepestCall) throw new UserErrorException($"{_source}: function '{function.Name}' calls itself, or calls are nested deeper than {DeepestCall}");
        var opsets = new Dictionary<string, long>(_opsets, StringComparer.Ordinal);
        foreach (var import in function.OpsetImport) opsets[import.Domain == "ai.onnx" ? "" : import.Domain] = import.Version;
        OnnxReader.CheckOpset(_source, $"function '{function.Name}' ", opsets[""]);
        var renames = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (var i = 0; i < function.Input.Count; i++) renames[function.Input[i]] = i < inputs.Length ? inputs[i] : "";
        for (var i = 0; i < Math.Min(function.Output.Count, outputs.Length); i++)
        {
            if (outputs[i].Length > 0) renames[function.Output[i]] = outputs[i];
        }

        var arguments = function.AttributeProto.Concat(attributes).GroupBy(attribute => attribute.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var scope = new Scope(call + "/", renames, arguments, opsets, depth + 1);
        foreach (var node in function.Node) Add(node, scope);
    }

    private string UniqueName(string prefix, NodeProto node)
    {
        var name = prefix + (node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType);
        if (_names.TryAdd(name, 1)) return name;
        string unique;
        do unique = $"{name}#{++_names[name]}";
        while (!_names.TryAdd(unique, 1));
        return unique;
    }

    private static string Rename(string name, Scope scope)
        => name.Length == 0 ? name : scope.Renames.GetValueOrDefault(name, scope.Prefix + name);

    private static AttributeProto? Bind(AttributeProto attribute, Dictionary<string, AttributeProto> arguments)
    {
        if (attribute.RefAttrName.Length == 0) return attribute;
        if (!arguments.TryGetValue(attribute.RefAttrName, out var argument)) return null;
        var bound = argument.Clone();
        bound.Name = attribute.Name;
        return bound;
    }

    private AttributeValue Value(AttributeProto attribute, NodeProto node) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Int => attribute.I,
        AttributeProto.Types.AttributeType.Float => attribute.F,
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Tensor when attribute.T is not null => _tensors.Read(attribute.T),
        AttributeProto.Types.AttributeType.Ints => Array(attribute.Ints),
        AttributeProto.Types.AttributeType.Floats => Array(attribute.Floats),
        AttributeProto.Types.AttributeType.Strings => new AttributeValue(attribute.Strings.Select(text => text.ToStringUtf8()).ToArray()),
        AttributeProto.Types.AttributeType.Graph when attribute.G is not null => new AttributeValue(attribute.G.ToByteArray()),
        _ => throw new UserErrorException($"{_source}: node '{node.Name}' ({node.OpType}): attribute '{attribute.Name}' has no value of a type that is supported ({attribute.Type})"),
    };

    private static T[] Array<T>(RepeatedField<T> values) => [.. values];

    /// <summary>What names and attributes mean inside a call.</summary>
    /// <param name="Prefix">What the names of its values begin with.</param>
    /// <param name="Renames">Values of the caller by their names inside.</param>
    /// <param name="Arguments">Attributes of the call.</param>
    /// <param name="Opsets">Version of each domain.</param>
    /// <param name="Depth">Calls around it.</param>
    private sealed record Scope(string Prefix, Dictionary<string, string> Renames, Dictionary<string, AttributeProto> Arguments, IReadOnlyDictionary<string, long> Opsets, int Depth);
}

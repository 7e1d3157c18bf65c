using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>One operator of a network: an operation on named values.</summary>
public sealed class Node
{
    private static readonly IReadOnlyDictionary<string, AttributeValue> NoAttributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);

    /// <summary>Name, unique in its network.</summary>
    public required string Name { get; init; }

    /// <summary>Operator, such as <c>Conv</c>.</summary>
    public required string OpType { get; init; }

    /// <summary>Operator domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Version of the operator's domain where it is not the network's: the node comes from a function that imports its own.</summary>
    public long? Opset { get; init; }

    /// <summary>Names of the inputs; an empty name is an optional input that is absent.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Names of the outputs; an empty name is an optional output that nobody reads.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;

    /// <summary>The same node with other inputs.</summary>
    /// <param name="inputs">Names of the inputs.</param>
    /// <returns>A new node.</returns>
    public Node WithInputs(IReadOnlyList<string> inputs) => new() { Name = Name, OpType = OpType, Domain = Domain, Inputs = inputs, Outputs = Outputs, Attributes = Attributes };

    /// <summary>An integer attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="absent">Value when the attribute is absent.</param>
    /// <returns>The value.</returns>
    public long Integer(string name, long absent) => Get<long>(name, absent);

    /// <summary>A float attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="absent">Value when the attribute is absent.</param>
    /// <returns>The value.</returns>
    public float Float(string name, float absent) => Get<float>(name, absent);

    /// <summary>A string attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <param name="absent">Value when the attribute is absent.</param>
    /// <returns>The value.</returns>
    public string Text(string name, string absent) => Get<string>(name, absent);

    /// <summary>A list of integers.</summary>
    /// <param name="name">Attribute name.</param>
    /// <returns>The values, or null when the attribute is absent.</returns>
    public int[]? Integers(string name)
        => Attributes.TryGetValue(name, out var attribute)
            ? [.. (attribute.Value as long[] ?? throw Wrong(name, "a list of integers")).Select(value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))]
            : null;

    /// <summary>A tensor attribute.</summary>
    /// <param name="name">Attribute name.</param>
    /// <returns>The tensor, or null when the attribute is absent.</returns>
    public Tensor? TensorValue(string name)
        => Attributes.TryGetValue(name, out var attribute) ? attribute.Value as Tensor ?? throw Wrong(name, "a tensor") : null;

    /// <summary>Operator with its domain, such as <c>Conv</c> or <c>qonnx.custom_op.general.Quant</c>.</summary>
    public string QualifiedOpType => Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";

    /// <summary>Name and operator, for messages.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"node '{Name}' ({QualifiedOpType})";

    private T Get<T>(string name, T absent)
        => Attributes.TryGetValue(name, out var attribute) ? attribute.Value is T value ? value : throw Wrong(name, typeof(T).Name) : absent;

    private UserErrorException Wrong(string attribute, string expected) => new($"{this}: attribute '{attribute}' is not {expected}");
}

using Subbyte.Lowering;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>What an operator sees when it plans a node: the node, the types of its inputs, and how to fail.</summary>
public sealed class NodeContext
{
    private readonly IReadOnlyDictionary<string, LoweredLayer>? _layers;

    /// <summary>A context.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">Version of the node's domain.</param>
    /// <param name="inputs">Types of the inputs; null where an optional one is absent.</param>
    /// <param name="layers">The network's lowered layers by name, or null for none.</param>
    public NodeContext(Node node, long opset, IReadOnlyList<TensorType?> inputs, IReadOnlyDictionary<string, LoweredLayer>? layers)
    {
        Node = node;
        Opset = opset;
        Inputs = inputs;
        _layers = layers;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>Version of the node's domain.</summary>
    public long Opset { get; }

    /// <summary>Types of the inputs; null where an optional one is absent.</summary>
    public IReadOnlyList<TensorType?> Inputs { get; }

    /// <summary>The node's lowered layer, or null when it runs in fp32.</summary>
    public LoweredLayer? Lowered => LoweredLayer(Node.Name);

    /// <summary>A lowered layer inside the node, or null when it runs in fp32.</summary>
    /// <param name="name">The layer's name.</param>
    /// <returns>The layer, or null.</returns>
    public LoweredLayer? LoweredLayer(string name) => _layers?.GetValueOrDefault(name);

    /// <summary>An input that must be there.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>Its type.</returns>
    public TensorType Required(int index)
        => index < Inputs.Count && Inputs[index] is { } input ? input : throw Fail($"input {index} is missing");

    /// <summary>An input that may be absent.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>Its type, or null.</returns>
    public TensorType? Optional(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>An input that must be constant.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>Its content.</returns>
    public Tensor RequiredConstant(int index)
        => Required(index).Constant ?? throw Fail($"input {index} ('{Node.Inputs[index]}') must be a constant");

    /// <summary>An input that must be a float32 constant.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>Its values, row-major.</returns>
    public float[] RequiredFloats(int index)
    {
        RequiredFloat(index);
        return RequiredConstant(index).AsSpan<float>().ToArray();
    }

    /// <summary>A float32 constant of one element, or an attribute in older opsets.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="attribute">Name of the attribute of older opsets.</param>
    /// <param name="absent">Value when both are absent.</param>
    /// <returns>The value.</returns>
    public float FloatScalar(int index, string attribute, float absent)
    {
        if (Optional(index) is null) return Node.Float(attribute, absent);
        return RequiredFloats(index) is [var only] ? only : throw Fail($"'{attribute}' must be a scalar");
    }

    /// <summary>The integers of an input that must be constant when it is present, or of an attribute in older opsets.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="attribute">Name of the attribute of older opsets.</param>
    /// <returns>The integers, or null when both are absent.</returns>
    public int[]? Integers(int index, string attribute)
    {
        if (Optional(index) is null) return Node.Integers(attribute);
        var tensor = RequiredConstant(index);
        return tensor.ElementType switch
        {
            ElementType.Int64 => [.. tensor.AsSpan<long>().ToArray().Select(value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))],
            ElementType.Int32 => tensor.AsSpan<int>().ToArray(),
            _ => throw Fail($"input {index} ('{Node.Inputs[index]}') must hold integers"),
        };
    }

    /// <summary>A logical axis counted from the front.</summary>
    /// <param name="axis">The axis as given, maybe negative.</param>
    /// <param name="rank">Number of dimensions.</param>
    /// <returns>The axis, 0 ≤ axis &lt; rank.</returns>
    public int Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= rank) throw Fail($"axis {axis} lies outside a tensor of rank {rank}");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Refuses an element type other than float32.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The input.</returns>
    public TensorType RequiredFloat(int index)
    {
        var input = Required(index);
        return input.ElementType == ElementType.Float32 ? input : throw Fail($"input {index} is {input.ElementType}; only float32 is supported here");
    }

    /// <summary>An error that names the node.</summary>
    /// <param name="message">What is wrong and the way out.</param>
    /// <returns>The error to throw.</returns>
    public UserErrorException Fail(string message) => new($"{Node}: {message}");
}

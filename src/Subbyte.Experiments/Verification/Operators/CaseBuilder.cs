using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>Puts a model of one operator together, operand by operand.</summary>
/// <param name="opType">The operator.</param>
/// <param name="opset">Version of its domain.</param>
internal sealed class CaseBuilder(string opType, long opset)
{
    private readonly List<string> _operands = [];
    private readonly Dictionary<string, Tensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _magnitudes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeValue> _attributes = new(StringComparer.Ordinal);

    /// <summary>Version of the operator set.</summary>
    public long Opset { get; } = opset;

    /// <summary>Adds an operand that is given when the model runs.</summary>
    /// <param name="value">Its content.</param>
    /// <param name="magnitude">What takes its place where Σ|a·b| is computed; null takes magnitudes.</param>
    /// <returns>This.</returns>
    public CaseBuilder Input(Tensor value, Tensor? magnitude = null) => Operand(false, value, magnitude);

    /// <summary>Adds an operand that is part of the model.</summary>
    /// <param name="value">Its content.</param>
    /// <param name="magnitude">What takes its place where Σ|a·b| is computed; null takes magnitudes.</param>
    /// <returns>This.</returns>
    public CaseBuilder Constant(Tensor value, Tensor? magnitude = null) => Operand(true, value, magnitude);

    /// <summary>Adds integers that are part of the model.</summary>
    /// <param name="values">The integers.</param>
    /// <returns>This.</returns>
    public CaseBuilder Constant(params long[] values) => Constant(new Tensor(ElementType.Int64, [values.Length], Tensor.Of<long>(values).Bytes));

    /// <summary>Adds an operand.</summary>
    /// <param name="constant">Whether it is part of the model.</param>
    /// <param name="value">Its content.</param>
    /// <param name="magnitude">What takes its place where Σ|a·b| is computed; null takes magnitudes.</param>
    /// <returns>This.</returns>
    public CaseBuilder Operand(bool constant, Tensor value, Tensor? magnitude = null)
    {
        var name = $"x{_operands.Count}";
        _operands.Add(name);
        (constant ? _constants : _inputs).Add(name, value);
        _magnitudes.Add(name, magnitude ?? Magnitude(value));
        return this;
    }

    /// <summary>Leaves an optional operand out.</summary>
    /// <returns>This.</returns>
    public CaseBuilder Absent()
    {
        _operands.Add("");
        return this;
    }

    /// <summary>Sets an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; null leaves it out.</param>
    /// <returns>This.</returns>
    public CaseBuilder Attribute(string name, AttributeValue? value)
    {
        if (value is not null) _attributes[name] = value;
        return this;
    }

    /// <summary>Sets an attribute of integers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The integers; null leaves it out.</param>
    /// <returns>This.</returns>
    public CaseBuilder Attribute(string name, long[]? values) => Attribute(name, values is null ? null : (AttributeValue)values);

    /// <summary>Integers as an attribute where the operator set still takes them so, as a constant operand after.</summary>
    /// <param name="operandSince">First version with an operand.</param>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="values">The integers; null leaves them out.</param>
    /// <returns>This.</returns>
    public CaseBuilder AttributeOrConstant(long operandSince, string name, long[]? values)
    {
        if (Opset < operandSince) return Attribute(name, values);
        return values is null ? Absent() : Constant(values);
    }

    /// <summary>Ends the model.</summary>
    /// <param name="tolerance">How far two implementations may be apart.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <returns>The case.</returns>
    public GeneratedCase Build(Tolerance tolerance, int outputs = 1)
    {
        while (_operands.Count > 0 && _operands[^1].Length == 0) _operands.RemoveAt(_operands.Count - 1);
        var network = Model(_constants, _attributes, [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")]);
        if (tolerance.Kind != ToleranceKind.Sum) return new GeneratedCase(opType, network, _inputs, tolerance);
        var constants = _constants.ToDictionary(constant => constant.Key, constant => _magnitudes[constant.Key], StringComparer.Ordinal);
        var attributes = _attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.Value is float number ? Math.Abs(number) : attribute.Value, StringComparer.Ordinal);
        var inputs = _inputs.ToDictionary(input => input.Key, input => _magnitudes[input.Key], StringComparer.Ordinal);
        return new GeneratedCase(opType, network, _inputs, tolerance) { Magnitudes = (network with { Constants = constants, Nodes = [Node(attributes, network.Nodes[0].Outputs)] }, inputs) };
    }

    private static Tensor Magnitude(Tensor tensor)
    {
        if (!tensor.ElementType.IsFloatingPoint()) return tensor;
        var values = new double[tensor.Length];
        ElementConversion.Read(tensor, 0, values);
        foreach (ref var value in values.AsSpan()) value = Math.Abs(value);
        var magnitude = Tensor.Zeros(tensor.ElementType, tensor.Dimensions);
        ElementConversion.Write(values, magnitude, 0);
        return magnitude;
    }

    private Network Model(Dictionary<string, Tensor> constants, Dictionary<string, AttributeValue> attributes, string[] outputs) => new()
    {
        Name = opType,
        Inputs = [.. _inputs.Select(input => new NetworkValue(input.Key, input.Value.ElementType, [.. input.Value.Dimensions.ToArray().Select(size => new Dimension(size))]))],
        Outputs = [.. outputs.Select(output => new NetworkValue(output, ElementType.Undefined, []))],
        Nodes = [Node(attributes, outputs)],
        Constants = constants,
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
    };

    private Node Node(Dictionary<string, AttributeValue> attributes, IReadOnlyList<string> outputs)
        => new() { Name = "node", OpType = opType, Inputs = _operands, Outputs = outputs, Attributes = attributes };
}

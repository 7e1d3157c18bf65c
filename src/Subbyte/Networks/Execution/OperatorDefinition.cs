namespace Subbyte.Networks.Execution;

/// <summary>What an operator asks of the layout of its inputs.</summary>
public enum LayoutRule
{
    /// <summary>All inputs row-major; the operator says what its outputs are.</summary>
    RowMajor,

    /// <summary>The first input channels-last, the others row-major.</summary>
    ChannelsLast,

    /// <summary>Any, but the same for all inputs of the full rank; axes are mapped to memory by <see cref="TensorType.PhysicalAxis"/>.</summary>
    Same,
}

/// <summary>What an operator asks of the element types of its inputs.</summary>
public enum TypeRule
{
    /// <summary>Any: the operator looks itself.</summary>
    Any,

    /// <summary>Computes in its own type, but float16 and bfloat16 in float32: such operands are widened, and float32 outputs rounded to their type.</summary>
    HalvesInFloat32,

    /// <summary>Computes in float32: float16, bfloat16 and float64 operands are rounded to it, and its outputs to their type.</summary>
    Float32,

    /// <summary>Moves whole bytes: operands below eight bits are unpacked to int8 or uint8, and its outputs packed again.</summary>
    WholeBytes,
}

/// <summary>An operator: how its nodes are planned. One definition serves all opsets that it covers.</summary>
/// <param name="opType">Operator name.</param>
/// <param name="layout">What it asks of layouts.</param>
/// <param name="types">What it asks of element types.</param>
/// <param name="domain">Operator domain; empty for ONNX's own.</param>
public abstract class OperatorDefinition(string opType, LayoutRule layout = LayoutRule.RowMajor, TypeRule types = TypeRule.Any, string domain = "")
{
    /// <summary>Operator name.</summary>
    public string OpType { get; } = opType;

    /// <summary>Operator domain.</summary>
    public string Domain { get; } = domain;

    /// <summary>What it asks of layouts.</summary>
    public LayoutRule LayoutRule { get; } = layout;

    /// <summary>What it asks of element types.</summary>
    public TypeRule TypeRule { get; } = types;

    /// <summary>Plans a node for the shapes at hand: checks attributes and inputs, infers the outputs, packs weights.</summary>
    /// <param name="context">The node and its inputs.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="UserErrorException">The node cannot be executed; the message names it.</exception>
    public abstract NodePlan Plan(NodeContext context);
}

using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Relu.</summary>
internal sealed class ReluOperator() : OperatorDefinition("Relu", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context) => new ClipPlan(context.RequiredFloat(0), 0, float.PositiveInfinity);
}

/// <summary>Clip with constant bounds, as inputs (opset 11) or attributes.</summary>
internal sealed class ClipOperator() : OperatorDefinition("Clip", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
        => new ClipPlan(context.RequiredFloat(0), context.FloatScalar(1, "min", float.NegativeInfinity), context.FloatScalar(2, "max", float.PositiveInfinity));
}

/// <summary>Clamps every element; taken into the node before it where that can.</summary>
/// <param name="type">Type of input and output.</param>
/// <param name="lowest">Lower end.</param>
/// <param name="highest">Upper end.</param>
internal sealed class ClipPlan(TensorType type, float lowest, float highest) : NodePlan(type), IClip
{
    public float Lowest => lowest;

    public float Highest => highest;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        => Elementwise.Clip(inputs[0]!.AsSpan<float>(), lowest, highest, outputs[0].AsSpan<float>());
}

using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Shape: dimensions from <c>start</c> to <c>end</c>, both counted from either end and cut to the rank.</summary>
internal sealed class ShapeOperator() : OperatorDefinition("Shape", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var (start, end) = (Cut(context.Node.Integer("start", 0)), Cut(context.Node.Integer("end", input.Rank)));
        long[] dimensions = end > start ? [.. input.Dimensions[start..end].ToArray().Select(size => (long)size)] : [];
        return new KnownPlan(Tensor.Of<long>(dimensions));

        int Cut(long axis) => (int)Math.Clamp(axis < 0 ? axis + input.Rank : axis, 0, input.Rank);
    }
}

/// <summary>Size: the number of elements.</summary>
internal sealed class SizeOperator() : OperatorDefinition("Size", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context) => new KnownPlan(Tensor.Scalar(context.Required(0).Count));
}

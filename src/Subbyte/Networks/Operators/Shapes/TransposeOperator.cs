using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Transpose; without <c>perm</c> the axes are reversed.</summary>
internal sealed class TransposeOperator() : OperatorDefinition("Transpose", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var order = context.Node.Integers("perm") ?? [.. Enumerable.Range(0, input.Rank).Reverse()];
        if (order.Length != input.Rank || !order.Order().SequenceEqual(Enumerable.Range(0, input.Rank)))
            throw context.Fail($"perm [{string.Join(",", order)}] is not an order of the axes of {input}");

        // Whatever the input's layout: from channels last to the same axes in a row is one copy, maybe of bytes in a row.
        var strides = Strided.Of(input.Physical);
        var dimensions = order.Select(axis => input.Dimensions[axis]).ToArray();
        return BoxCopyPlan.Fill(new TensorType(input.ElementType, dimensions), 0, [.. order.Select(axis => strides[input.PhysicalAxis(axis)])]);
    }
}

using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Expand: broadcasts to a constant shape (in both directions).</summary>
internal sealed class ExpandOperator() : OperatorDefinition("Expand", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var shape = context.Integers(1, "shape") ?? throw context.Fail("has no shape");
        if (shape.Any(size => size < 0)) throw context.Fail($"its shape is [{string.Join(",", shape)}]");
        var output = new TensorType(input.ElementType, Broadcasting.Shape(context, input.Dimensions, shape));
        return BoxCopyPlan.Fill(output, 0, Broadcasting.Strides(input, output));
    }
}

/// <summary>Tile with constant repeats.</summary>
internal sealed class TileOperator() : OperatorDefinition("Tile", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var repeats = context.Integers(1, "repeats") ?? throw context.Fail("has no repeats");
        if (repeats.Length != input.Rank || repeats.Any(count => count < 0)) throw context.Fail($"repeats of [{string.Join(",", repeats)}] do not fit {input}");
        var dimensions = new int[input.Rank];
        var counts = new int[2 * input.Rank];
        var sourceStrides = new int[2 * input.Rank];
        var own = Strided.Of(input.Dimensions);
        for (var axis = 0; axis < input.Rank; axis++)
        {
            dimensions[axis] = checked(input.Dimensions[axis] * repeats[axis]);
            (counts[2 * axis], counts[(2 * axis) + 1]) = (repeats[axis], input.Dimensions[axis]);
            sourceStrides[(2 * axis) + 1] = own[axis];
        }

        return new BoxCopyPlan(new BoxCopy(AxisBytes.Of(input.ElementType), counts, 0, sourceStrides, 0, Strided.Of(counts)), new TensorType(input.ElementType, dimensions));
    }
}

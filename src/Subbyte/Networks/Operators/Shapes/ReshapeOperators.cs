using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Flatten to a matrix.</summary>
internal sealed class FlattenOperator() : OperatorDefinition("Flatten")
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var given = context.Node.Integer("axis", 1);
        var axis = given == input.Rank ? input.Rank : context.Axis(given, input.Rank);
        var rows = ElementTypes.ElementCount(input.Dimensions[..axis]);
        var columns = ElementTypes.ElementCount(input.Dimensions[axis..]);
        return new CopyPlan(new TensorType(input.ElementType, [checked((int)rows), checked((int)columns)]));
    }
}

/// <summary>Reshape to a constant shape; 0 copies a dimension, −1 is what remains.</summary>
internal sealed class ReshapeOperator() : OperatorDefinition("Reshape")
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var shape = context.Integers(1, "shape") ?? throw context.Fail("has no shape");
        var allowZero = context.Node.Integer("allowzero", 0) != 0;
        var dimensions = new int[shape.Length];
        var rest = -1;
        long known = 1;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == -1)
            {
                if (rest >= 0) throw context.Fail("its shape has two unknown dimensions");
                rest = i;
                continue;
            }

            if (shape[i] < 0 || (shape[i] == 0 && !allowZero && i >= input.Rank)) throw context.Fail($"its shape has a dimension of {shape[i]}");
            dimensions[i] = shape[i] == 0 && !allowZero ? input.Dimensions[i] : shape[i];
            known = checked(known * dimensions[i]);
        }

        if (rest >= 0)
        {
            if (known == 0 || input.Count % known != 0) throw context.Fail($"{input} cannot take the shape [{string.Join(",", shape)}]");
            dimensions[rest] = checked((int)(input.Count / known));
        }

        if (ElementTypes.ElementCount(dimensions) != input.Count) throw context.Fail($"{input} cannot take the shape [{string.Join(",", shape)}]");
        return new CopyPlan(new TensorType(input.ElementType, dimensions));
    }
}

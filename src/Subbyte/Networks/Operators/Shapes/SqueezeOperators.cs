using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Squeeze: drops axes of size 1, all of them where none are named.</summary>
internal sealed class SqueezeOperator() : OperatorDefinition("Squeeze")
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var dropped = context.Integers(1, "axes")?.Select(axis => context.Axis(axis, input.Rank)).ToHashSet();
        var dimensions = new List<int>();
        for (var axis = 0; axis < input.Rank; axis++)
        {
            var isDropped = dropped?.Contains(axis) ?? input.Dimensions[axis] == 1;
            if (isDropped && input.Dimensions[axis] != 1) throw context.Fail($"axis {axis} of {input} cannot be dropped: it is not 1");
            if (!isDropped) dimensions.Add(input.Dimensions[axis]);
        }

        return new CopyPlan(new TensorType(input.ElementType, dimensions.ToArray()));
    }
}

/// <summary>Unsqueeze: puts axes of size 1 where the result is to have them.</summary>
internal sealed class UnsqueezeOperator() : OperatorDefinition("Unsqueeze")
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var given = context.Integers(1, "axes") ?? throw context.Fail("has no axes");
        var added = given.Select(axis => context.Axis(axis, input.Rank + given.Length)).ToHashSet();
        if (added.Count != given.Length) throw context.Fail($"its axes [{string.Join(",", given)}] name one twice");
        var next = 0;
        var dimensions = new int[input.Rank + given.Length];
        for (var axis = 0; axis < dimensions.Length; axis++) dimensions[axis] = added.Contains(axis) ? 1 : input.Dimensions[next++];
        return new CopyPlan(new TensorType(input.ElementType, dimensions));
    }
}

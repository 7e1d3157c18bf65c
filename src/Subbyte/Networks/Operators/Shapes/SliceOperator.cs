using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Slice with constant starts, ends, axes and steps: attributes before opset 10, inputs since.</summary>
internal sealed class SliceOperator() : OperatorDefinition("Slice", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var starts = context.Integers(1, "starts") ?? throw context.Fail("has no starts");
        var ends = context.Integers(2, "ends") ?? throw context.Fail("has no ends");
        var axes = context.Integers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = context.Integers(4, "steps") ?? [.. Enumerable.Repeat(1, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length) throw context.Fail("starts, ends, axes and steps have different lengths");
        var dimensions = input.Dimensions.ToArray();
        var strides = Strided.Of(input.Physical);
        var first = 0;
        var seen = new HashSet<int>();
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            if (!seen.Add(axis)) throw context.Fail($"cuts axis {axis} twice");
            var physical = input.PhysicalAxis(axis);
            (var begin, var step, dimensions[axis]) = Range(context, starts[i], ends[i], steps[i], input.Dimensions[axis]);
            first += strides[physical] * begin;
            strides[physical] *= step;
        }

        return BoxCopyPlan.Fill(new TensorType(input.ElementType, dimensions, input.Layout), first, strides);
    }

    private static (int Begin, int Step, int Count) Range(NodeContext context, int start, int end, int step, int size)
    {
        if (step is 0 or int.MinValue) throw context.Fail($"a step of {step} is not allowed");
        long from = start < 0 ? start + (long)size : start;
        long to = end < 0 ? end + (long)size : end;
        from = step > 0 ? Math.Clamp(from, 0, size) : Math.Clamp(from, -1, size - 1L);
        to = step > 0 ? Math.Clamp(to, 0, size) : Math.Clamp(to, -1, size - 1L);
        var count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -(long)step;

        // A step that is never taken may be larger than any stride can be.
        return count <= 0 ? (0, 1, 0) : ((int)from, count == 1 ? 1 : step, (int)count);
    }
}

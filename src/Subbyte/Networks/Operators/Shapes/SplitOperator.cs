using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Split along an axis: into sizes given as attribute or input, or into as many parts as there are outputs.</summary>
internal sealed class SplitOperator() : OperatorDefinition("Split", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var axis = context.Axis(context.Node.Integer("axis", 0), input.Rank);
        var size = input.Dimensions[axis];
        var sizes = context.Integers(1, "split") ?? EqualParts(context, size);
        if (sizes.Length != context.Node.Outputs.Count) throw context.Fail($"splits into {sizes.Length} parts but has {context.Node.Outputs.Count} outputs");
        if (sizes.Any(part => part < 0) || sizes.Sum(part => (long)part) != size) throw context.Fail($"parts of {string.Join(", ", sizes)} do not make up the {size} of axis {axis}");
        return new SplitPlan(input.PhysicalAxis(axis), [.. sizes.Select(part => Part(input, axis, part))]);
    }

    private static int[] EqualParts(NodeContext context, int size)
    {
        var outputs = context.Node.Outputs.Count;
        var parts = context.Node.Integer("num_outputs", outputs);
        if (parts != outputs || outputs == 0) throw context.Fail($"is to make {parts} parts but has {outputs} outputs");
        if (context.Opset < 18 && size % outputs != 0) throw context.Fail($"an axis of {size} has no {outputs} equal parts");
        var part = (int)(((long)size + outputs - 1) / outputs);
        return [.. Enumerable.Range(0, outputs).Select(i => (int)Math.Clamp(size - ((long)i * part), 0, part))];
    }

    private static TensorType Part(TensorType input, int axis, int size)
    {
        var dimensions = input.Dimensions.ToArray();
        dimensions[axis] = size;
        return new TensorType(input.ElementType, dimensions, input.Layout);
    }

    private sealed class SplitPlan(int axis, TensorType[] parts) : NodePlan(parts)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var source = inputs[0]!.Bytes.Span;
            var sourceRow = AxisBytes.From(inputs[0]!, axis);
            var offset = 0;
            foreach (var output in outputs)
            {
                var row = AxisBytes.From(output, axis);
                var target = output.Bytes.Span;
                for (var i = 0; row > 0 && i < target.Length / row; i++) source.Slice((i * sourceRow) + offset, row).CopyTo(target[(i * row)..]);
                offset += row;
            }
        }
    }
}

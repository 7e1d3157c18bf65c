using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Concat along an axis; before opset 4 the axis is 1 where none is given.</summary>
internal sealed class ConcatOperator() : OperatorDefinition("Concat", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var first = context.Required(0);
        var axis = context.Axis(context.Node.Integer("axis", 1), first.Rank);
        var dimensions = first.Dimensions.ToArray();
        dimensions[axis] = 0;
        for (var i = 0; i < context.Inputs.Count; i++)
        {
            var input = context.Required(i);
            if (input.ElementType != first.ElementType || input.Rank != first.Rank) throw context.Fail($"{input} cannot be joined to {first}");
            for (var d = 0; d < dimensions.Length; d++)
            {
                if (d != axis && input.Dimensions[d] != first.Dimensions[d]) throw context.Fail($"{input} cannot be joined to {first} along axis {axis}");
            }

            dimensions[axis] = checked(dimensions[axis] + input.Dimensions[axis]);
        }

        return new ConcatPlan(first.PhysicalAxis(axis), new TensorType(first.ElementType, dimensions, first.Layout));
    }

    private sealed class ConcatPlan(int axis, TensorType output) : NodePlan(output), IPackedPlan
    {
        public int? DataInputs => null;

        public PackedStep Pack(PackedPlace place) => new ConcatStep(place.Name, place.Inputs, place.Output, checked((int)ElementTypes.ElementCount(output.Physical.AsSpan(0, axis))));

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var target = outputs[0].Bytes.Span;
            var targetRow = AxisBytes.From(outputs[0], axis);
            var offset = 0;
            foreach (var input in inputs)
            {
                var row = AxisBytes.From(input!, axis);
                var source = input!.Bytes.Span;
                for (var i = 0; row > 0 && i < source.Length / row; i++) source.Slice(i * row, row).CopyTo(target[((i * targetRow) + offset)..]);
                offset += row;
            }
        }
    }
}

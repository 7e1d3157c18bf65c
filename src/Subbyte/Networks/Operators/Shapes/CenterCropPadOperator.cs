using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>CenterCropPad: cuts axes to a constant size about their centre, or widens them with zeros.</summary>
internal sealed class CenterCropPadOperator() : OperatorDefinition("CenterCropPad", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var shape = context.Integers(1, "shape") ?? throw context.Fail("has no shape");
        var axes = context.Node.Integers("axes") ?? [.. Enumerable.Range(0, input.Rank)];
        if (shape.Length != axes.Length || shape.Any(size => size < 0)) throw context.Fail($"its shape [{string.Join(",", shape)}] does not fit {axes.Length} axes");
        var dimensions = input.Dimensions.ToArray();
        var (cut, padding) = (new int[input.Rank], new int[input.Rank]);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            var difference = shape[i] - input.Dimensions[axis];
            (cut[axis], padding[axis]) = (Math.Max(0, -difference) / 2, Math.Max(0, difference) / 2);
            dimensions[axis] = shape[i];
        }

        return new CropPadPlan(Copy(input, new TensorType(input.ElementType, dimensions, input.Layout), cut, padding), new TensorType(input.ElementType, dimensions, input.Layout));
    }

    private static BoxCopy Copy(TensorType input, TensorType output, int[] cut, int[] padding)
    {
        var (sourceStrides, targetStrides) = (Strided.Of(input.Physical), Strided.Of(output.Physical));
        var counts = new int[input.Rank];
        var (sourceStart, targetStart) = (0, 0);
        for (var axis = 0; axis < counts.Length; axis++)
        {
            var physical = input.PhysicalAxis(axis);
            counts[physical] = Math.Min(input.Dimensions[axis], output.Dimensions[axis]);
            sourceStart += cut[axis] * sourceStrides[physical];
            targetStart += padding[axis] * targetStrides[physical];
        }

        return new BoxCopy(AxisBytes.Of(input.ElementType), counts, sourceStart, sourceStrides, targetStart, targetStrides);
    }

    private sealed class CropPadPlan(BoxCopy copy, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            outputs[0].Bytes.Span.Clear();
            copy.Run(inputs[0]!.Bytes.Span, outputs[0].Bytes.Span);
        }
    }
}

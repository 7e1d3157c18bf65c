using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Concat along an axis.</summary>
internal sealed class ConcatOperator() : OperatorDefinition("Concat", LayoutRule.Same)
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

    private sealed class ConcatPlan(int axis, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var target = outputs[0].Bytes.Span;
            var targetRow = Row(outputs[0]);
            var offset = 0;
            foreach (var input in inputs)
            {
                var row = Row(input!);
                var source = input!.Bytes.Span;
                for (var i = 0; row > 0 && i < source.Length / row; i++) source.Slice(i * row, row).CopyTo(target[((i * targetRow) + offset)..]);
                offset += row;
            }
        }

        /// <summary>Bytes of one index of the axes before the joined one.</summary>
        private int Row(Tensor tensor)
            => checked((int)tensor.ElementType.ByteLength(ElementTypes.ElementCount(tensor.Dimensions[axis..])));
    }
}

/// <summary>Slice with constant starts, ends, axes and steps.</summary>
internal sealed class SliceOperator() : OperatorDefinition("Slice", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var starts = context.Integers(1, "starts") ?? throw context.Fail("has no starts");
        var ends = context.Integers(2, "ends") ?? throw context.Fail("has no ends");
        var axes = context.Integers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)];
        var steps = context.Integers(4, "steps") ?? [.. Enumerable.Repeat(1, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length) throw context.Fail("starts, ends, axes and steps have different lengths");
        if (input.ElementType.BitWidth() < 8) throw context.Fail($"a packed {input.ElementType} tensor cannot be sliced");
        var dimensions = input.Dimensions.ToArray();
        var (begin, stride) = (new int[input.Rank], Enumerable.Repeat(1, input.Rank).ToArray());
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            var physical = input.PhysicalAxis(axis);
            (begin[physical], stride[physical], dimensions[axis]) = Range(context, starts[i], ends[i], steps[i], input.Dimensions[axis]);
        }

        return new SlicePlan(input.Physical, begin, stride, new TensorType(input.ElementType, dimensions, input.Layout));
    }

    private static (int Begin, int Step, int Count) Range(NodeContext context, int start, int end, int step, int size)
    {
        if (step is 0 or int.MinValue) throw context.Fail($"a step of {step} is not allowed");
        long from = start < 0 ? start + (long)size : start;
        long to = end < 0 ? end + (long)size : end;
        if (end == int.MinValue) to = -1;
        from = step > 0 ? Math.Clamp(from, 0, size) : Math.Clamp(from, -1, size - 1L);
        to = step > 0 ? Math.Clamp(to, 0, size) : Math.Clamp(to, -1, size - 1L);
        var count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -(long)step;
        return ((int)from, step, (int)Math.Max(0, count));
    }

    private sealed class SlicePlan(int[] inputDimensions, int[] begin, int[] steps, TensorType output) : NodePlan(output)
    {
        private readonly int[] _sourceStrides = [.. Strided.Of(inputDimensions).Select((stride, i) => stride * steps[i])];
        private readonly int _start = Strided.Of(inputDimensions).Select((stride, i) => stride * begin[i]).Sum();
        private readonly int[] _counts = output.Physical;
        private readonly int[] _targetStrides = Strided.Of(output.Physical);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            if (outputs[0].Length > 0)
                Strided.Copy(output.ElementType.BitWidth() / 8, inputs[0]!.Bytes.Span, _start, _sourceStrides, outputs[0].Bytes.Span, 0, _targetStrides, _counts);
        }
    }
}

/// <summary>Pad with a constant (modes edge, reflect and wrap are not covered).</summary>
internal sealed class PadOperator() : OperatorDefinition("Pad", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var mode = context.Node.Text("mode", "constant");
        if (mode != "constant") throw context.Fail($"mode '{mode}' is not supported; 'constant' is");
        var pads = context.Integers(1, "pads") ?? throw context.Fail("has no pads");
        var axes = context.Integers(3, "axes") ?? [.. Enumerable.Range(0, input.Rank)];
        if (pads.Length != 2 * axes.Length) throw context.Fail($"has {pads.Length} pads for {axes.Length} axes");
        var value = context.FloatScalar(2, "value", 0);
        var dimensions = input.Dimensions.ToArray();
        var before = new int[input.Rank];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            var (start, end) = (pads[i], pads[i + axes.Length]);
            if (start < 0 || end < 0) throw context.Fail("negative pads are not supported; slice instead");
            before[input.PhysicalAxis(axis)] = start;
            dimensions[axis] = checked(dimensions[axis] + start + end);
        }

        return new PadPlan(input.Physical, before, value, new TensorType(input.ElementType, dimensions, input.Layout));
    }

    private sealed class PadPlan(int[] inputDimensions, int[] before, float value, TensorType output) : NodePlan(output)
    {
        private readonly int[] _sourceStrides = Strided.Of(inputDimensions);
        private readonly int[] _targetStrides = Strided.Of(output.Physical);
        private readonly int _start = Strided.Of(output.Physical).Select((stride, i) => stride * before[i]).Sum();

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            outputs[0].AsSpan<float>().Fill(value);
            if (inputs[0]!.Length > 0) Strided.Copy(sizeof(float), inputs[0]!.Bytes.Span, 0, _sourceStrides, outputs[0].Bytes.Span, _start, _targetStrides, inputDimensions);
        }
    }
}

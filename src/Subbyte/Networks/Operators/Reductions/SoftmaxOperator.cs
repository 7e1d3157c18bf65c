using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>Softmax and LogSoftmax, along one axis, or before opset 13 over an axis and all that follow it. Sums are in double.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class SoftmaxOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        return new SoftmaxPlan(Span(context, input), OpType == "LogSoftmax", new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    /// <summary>The axes over which Softmax, LogSoftmax and Hardmax go.</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">Its operand.</param>
    /// <returns>The operand around them.</returns>
    public static AxisSpan Span(NodeContext context, TensorType input)
    {
        var isOne = context.Opset >= 13;
        var axis = context.Axis(context.Node.Integer("axis", isOne ? -1 : 1), input.Rank);
        return isOne ? AxisSpan.Of(input, axis) : AxisSpan.From(input, axis);
    }

    private sealed class SoftmaxPlan(AxisSpan span, bool isLogarithm, TensorType output) : NodePlan(output)
    {
        public override long ScratchBytes => span.Inner == 1 ? 0 : ScratchAllocator.Bytes<float>(span.Inner) + ScratchAllocator.Bytes<double>(span.Inner);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var d = outputs[0].AsSpan<float>();
            var size = span.Count * span.Inner;
            if (span.Inner == 1)
            {
                for (var start = 0; start < d.Length; start += size) Row(x.Slice(start, size), d.Slice(start, size));
                return;
            }

            var memory = new ScratchAllocator(scratch);
            var shifts = memory.Take<float>(span.Inner);
            var sums = memory.Take<double>(span.Inner);
            for (var start = 0; start < d.Length; start += size) Columns(x.Slice(start, size), d.Slice(start, size), shifts, sums);
        }

        private void Row(ReadOnlySpan<float> x, Span<float> d)
        {
            var largest = TensorPrimitives.Max(x);
            TensorPrimitives.Subtract(x, largest, d);
            Transcendental.Exp(d, d);
            var sum = RowSums.Sum(d);
            if (!isLogarithm)
            {
                TensorPrimitives.Divide(d, (float)sum, d);
                return;
            }

            TensorPrimitives.Subtract(x, largest, d);
            TensorPrimitives.Subtract(d, (float)Transcendental.Log(sum), d);
        }

        private static void Shift(ReadOnlySpan<float> x, ReadOnlySpan<float> shifts, Span<float> d)
        {
            for (var start = 0; start < d.Length; start += shifts.Length) TensorPrimitives.Subtract(x.Slice(start, shifts.Length), shifts, d.Slice(start, shifts.Length));
        }

        private void Columns(ReadOnlySpan<float> x, Span<float> d, Span<float> shifts, Span<double> sums)
        {
            x[..shifts.Length].CopyTo(shifts);
            for (var start = shifts.Length; start < x.Length; start += shifts.Length) TensorPrimitives.Max(shifts, x.Slice(start, shifts.Length), shifts);
            Shift(x, shifts, d);
            Transcendental.Exp(d, d);
            sums.Clear();
            for (var start = 0; start < d.Length; start += sums.Length)
            {
                var row = d.Slice(start, sums.Length);
                for (var i = 0; i < row.Length; i++) sums[i] += row[i];
            }

            if (isLogarithm)
            {
                Shift(x, shifts, d);
                for (var i = 0; i < sums.Length; i++) shifts[i] = (float)Transcendental.Log(sums[i]);
                Shift(d, shifts, d);
                return;
            }

            for (var i = 0; i < sums.Length; i++) shifts[i] = (float)sums[i];
            for (var start = 0; start < d.Length; start += shifts.Length) TensorPrimitives.Divide(d.Slice(start, shifts.Length), shifts, d.Slice(start, shifts.Length));
        }
    }
}

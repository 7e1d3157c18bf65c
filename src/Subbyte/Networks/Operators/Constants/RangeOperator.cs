using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Range: numbers from a constant start to a constant limit, which is left out, in steps of either sign.</summary>
internal sealed class RangeOperator() : OperatorDefinition("Range")
{
    public override NodePlan Plan(NodeContext context)
    {
        var start = Scalar(context, 0);
        Tensor limit = Scalar(context, 1), delta = Scalar(context, 2);
        if (limit.ElementType != start.ElementType || delta.ElementType != start.ElementType) throw context.Fail("its operands must be of one type");
        if (start.ElementType is ElementType.Float16 or ElementType.BFloat16) return Narrow(context, start, limit, delta);
        return NumberTypes.Visit(start.ElementType, new Plans(context, start, limit, delta)) ?? throw context.Fail($"is not defined for {start.ElementType}");
    }

    private static Tensor Scalar(NodeContext context, int index)
    {
        var tensor = context.RequiredConstant(index);
        return tensor.Length == 1 ? tensor : throw context.Fail($"input {index} is {tensor}; a scalar is needed");
    }

    /// <summary>Halves are counted in float32, in which every step is theirs until it is rounded.</summary>
    private static NodePlan Narrow(NodeContext context, params ReadOnlySpan<Tensor> operands)
    {
        var wide = new Tensor[operands.Length];
        for (var i = 0; i < wide.Length; i++) ElementConversion.Convert(operands[i], wide[i] = Tensor.Zeros(ElementType.Float32));
        var range = new Plans(context, wide[0], wide[1], wide[2]).Visit<float>();
        return new NarrowPlan(range, new TensorType(operands[0].ElementType, range.Outputs[0].Dimensions));
    }

    private sealed class Plans(NodeContext context, Tensor start, Tensor limit, Tensor delta) : INumberVisitor<NodePlan>
    {
        public NodePlan Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var (from, to, step) = (start.Elements<T>()[0], limit.Elements<T>()[0], delta.Elements<T>()[0]);
            if (T.IsZero(step) || T.IsNaN(step)) throw context.Fail($"its step is {step}");
            return new RangePlan<T>(from, step, new TensorType(start.ElementType, [Count(from, to, step)]));
        }

        private int Count<T>(T from, T to, T step)
            where T : INumber<T>
        {
            var count = typeof(T) == typeof(float) || typeof(T) == typeof(double)
                ? Math.Ceiling((double.CreateTruncating(to) - double.CreateTruncating(from)) / double.CreateTruncating(step))
                : (double)Steps(Int128.CreateTruncating(to) - Int128.CreateTruncating(from), Int128.CreateTruncating(step));
            if (!(count <= int.MaxValue)) throw context.Fail($"has {count} elements from {from} to {to} in steps of {step}, which is too many");
            return (int)Math.Max(0, count);
        }

        /// <summary>A distance over a step, rounded up.</summary>
        private static Int128 Steps(Int128 distance, Int128 step)
        {
            var steps = distance / step;
            return steps * step != distance && (distance > 0) == (step > 0) ? steps + 1 : steps;
        }
    }

    private sealed class RangePlan<T>(T start, T step, TensorType output) : NodePlan(output)
        where T : unmanaged, INumber<T>
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var d = outputs[0].Elements<T>();
            for (var i = 0; i < d.Length; i++) d[i] = unchecked(start + (T.CreateTruncating(i) * step));
        }
    }

    private sealed class NarrowPlan(NodePlan wide, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var numbers = Tensor.Zeros(ElementType.Float32, outputs[0].Dimensions);
            wide.Run(inputs, [numbers], scratch);
            ElementConversion.Convert(numbers, outputs[0]);
        }
    }
}

using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>CumSum and CumProd along an axis, in the type of the elements; integers wrap.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class CumulativeOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (context.Integers(1, "axis") is not [var given]) throw context.Fail("needs a constant scalar axis");
        var span = AxisSpan.Of(input, context.Axis(given, input.Rank));
        var plans = new Plans(OpType == "CumSum", span, context.Node.Integer("exclusive", 0) != 0, context.Node.Integer("reverse", 0) != 0, new TensorType(input.ElementType, input.Dimensions, input.Layout));
        return NumberTypes.Visit(input.ElementType, plans) ?? throw context.Fail($"is not defined for {input.ElementType}");
    }

    private sealed class Plans(bool isSum, AxisSpan span, bool isExclusive, bool isReverse, TensorType output) : INumberVisitor<NodePlan>
    {
        public NodePlan Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
            => isSum
                ? new CumulativePlan<T, AddFunction<T>>(T.Zero, span, isExclusive, isReverse, output)
                : new CumulativePlan<T, MultiplyFunction<T>>(T.One, span, isExclusive, isReverse, output);
    }

    private sealed class CumulativePlan<T, TFunction>(T first, AxisSpan span, bool isExclusive, bool isReverse, TensorType output) : NodePlan(output)
        where T : unmanaged, INumber<T>
        where TFunction : IBinaryFunction<T, T>
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.Elements<T>();
            var d = outputs[0].Elements<T>();
            var size = span.Count * span.Inner;
            for (var start = 0; start < d.Length; start += size) Accumulate(x.Slice(start, size), d.Slice(start, size));
        }

        private void Accumulate(ReadOnlySpan<T> x, Span<T> d)
        {
            for (var k = 0; k < span.Count; k++)
            {
                var target = Row(k);
                if (k == 0)
                {
                    if (isExclusive) d[target].Fill(first);
                    else x[target].CopyTo(d[target]);
                    continue;
                }

                TFunction.Apply(d[Row(k - 1)], x[isExclusive ? Row(k - 1) : target], d[target]);
            }
        }

        private Range Row(int k)
        {
            var start = (isReverse ? span.Count - 1 - k : k) * span.Inner;
            return start..(start + span.Inner);
        }
    }
}

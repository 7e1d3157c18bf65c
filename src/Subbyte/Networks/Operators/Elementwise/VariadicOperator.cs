using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>Sum, Mean, Min and Max of one or more operands with broadcasting, taken in their order.</summary>
internal sealed class VariadicOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } = [.. new[] { "Sum", "Mean", "Min", "Max" }.Select(opType => new VariadicOperator(opType))];

    public override NodePlan Plan(NodeContext context)
    {
        var operands = Enumerable.Range(0, Math.Max(1, context.Inputs.Count)).Select(context.Required).ToArray();
        if (operands.FirstOrDefault(operand => operand.ElementType != operands[0].ElementType) is { } other)
            throw context.Fail($"its operands are {operands[0].ElementType} and {other.ElementType}; they must be of one type");
        var result = Broadcasting.Result(context, operands);
        return NumberTypes.Visit(result.ElementType, new Plans(OpType, operands, result)) ?? throw context.Fail($"is not defined for {result.ElementType}");
    }

    private sealed class Plans(string opType, TensorType[] operands, TensorType result) : INumberVisitor<NodePlan>
    {
        public NodePlan Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
            => opType switch
            {
                "Min" => new VariadicPlan<T, MinFunction<T>>(operands, result),
                "Max" => new VariadicPlan<T, MaxFunction<T>>(operands, result),
                "Sum" => new VariadicPlan<T, AddFunction<T>>(operands, result),
                _ => new MeanPlan<T>(operands, result),
            };
    }

    private class VariadicPlan<T, TFunction>(TensorType[] operands, TensorType result) : NodePlan(result)
        where T : unmanaged, INumber<T>
        where TFunction : IBinaryFunction<T, T>
    {
        private readonly BroadcastLoop _first = operands.Length == 1 ? BroadcastLoop.Of(result, operands[0]) : BroadcastLoop.Of(result, operands[0], operands[1]);
        private readonly BroadcastLoop[] _others = [.. operands.Skip(2).Select(operand => BroadcastLoop.Of(result, result, operand))];

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var d = outputs[0].Elements<T>();
            if (inputs.Length == 1) _first.Copy<T>(inputs[0]!.Elements<T>(), d);
            else _first.Run<T, T, TFunction>(inputs[0]!.Elements<T>(), inputs[1]!.Elements<T>(), d);
            for (var i = 0; i < _others.Length; i++) _others[i].Run<T, T, TFunction>(d, inputs[i + 2]!.Elements<T>(), d);
        }
    }

    private sealed class MeanPlan<T>(TensorType[] operands, TensorType result) : VariadicPlan<T, AddFunction<T>>(operands, result)
        where T : unmanaged, INumber<T>
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            base.Run(inputs, outputs, scratch);
            var d = outputs[0].Elements<T>();
            TensorPrimitives.Divide(d, T.CreateTruncating(inputs.Length), d);
        }
    }
}

/// <summary>Where: elements of the second operand where the condition holds, else of the third.</summary>
internal sealed class WhereOperator() : OperatorDefinition("Where", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (condition, x, y) = (context.Required(0), context.Required(1), context.Required(2));
        if (condition.ElementType != ElementType.Boolean) throw context.Fail($"its condition is {condition.ElementType}; Boolean is needed");
        if (x.ElementType != y.ElementType) throw context.Fail($"its operands are {x.ElementType} and {y.ElementType}; they must be of one type");
        var shape = Broadcasting.Result(context, condition, x, y);
        return new WherePlan(BroadcastLoop.Of(shape, condition, x, y), new TensorType(x.ElementType, shape.Dimensions, shape.Layout));
    }

    private sealed class WherePlan(BroadcastLoop loop, TensorType output) : NodePlan(output)
    {
        private readonly int _bits = output.ElementType.BitWidth();

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            switch (_bits)
            {
                case 8: Run<byte>(inputs, outputs[0]); break;
                case 16: Run<short>(inputs, outputs[0]); break;
                case 32: Run<int>(inputs, outputs[0]); break;
                default: Run<long>(inputs, outputs[0]); break;
            }
        }

        private void Run<T>(ReadOnlySpan<Tensor?> inputs, Tensor output)
            where T : unmanaged
            => loop.Select<T>(inputs[0]!.Elements<byte>(), inputs[1]!.Elements<T>(), inputs[2]!.Elements<T>(), output.Elements<T>());
    }
}

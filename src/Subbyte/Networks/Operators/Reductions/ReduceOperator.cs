using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>The Reduce operators. Sums of floats are in double and rounded once; integers wrap.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class ReduceOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        .. new[] { "Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare" }.Select(name => new ReduceOperator("Reduce" + name)),
    ];

    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var isReduced = Axes(context, input);
        var keeps = context.Node.Integer("keepdims", 1) != 0;
        var dimensions = new List<int>();
        for (var axis = 0; axis < input.Rank; axis++)
        {
            if (!isReduced[axis]) dimensions.Add(input.Dimensions[axis]);
            else if (keeps) dimensions.Add(1);
        }

        var result = new TensorType(input.ElementType, [.. dimensions], keeps ? input.Layout : Layout.RowMajor);
        var run = Boolean(input.ElementType) ?? NumberTypes.Visit(input.ElementType, new Runs(OpType)) ?? throw context.Fail($"is not defined for {input.ElementType}");
        return new ReducePlan(run, ReductionLoop.Of(input, isReduced, result), result);
    }

    /// <summary>For each axis, whether it is reduced: those named by the attribute or a constant input; all where none is, or none (noop_with_empty_axes).</summary>
    private static bool[] Axes(NodeContext context, TensorType input)
    {
        var isReduced = new bool[input.Rank];
        var axes = context.Integers(1, "axes");
        if (axes is null or [])
        {
            Array.Fill(isReduced, context.Node.Integer("noop_with_empty_axes", 0) == 0);
            return isReduced;
        }

        foreach (var axis in axes) isReduced[context.Axis(axis, input.Rank)] = true;
        return isReduced;
    }

    private Action<ReductionLoop, Tensor, Tensor>? Boolean(ElementType type) => (type, OpType) switch
    {
        (ElementType.Boolean, "ReduceMax") => Run<byte, byte, AnyReduction>(),
        (ElementType.Boolean, "ReduceMin") => Run<byte, byte, AllReduction>(),
        _ => null,
    };

    private static Action<ReductionLoop, Tensor, Tensor> Run<T, TState, TReduction>()
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
        => (loop, x, d) => loop.Run<T, TState, TReduction>(x.Elements<T>(), d.Elements<T>());

    private sealed class Runs(string opType) : INumberVisitor<Action<ReductionLoop, Tensor, Tensor>>
    {
        public Action<ReductionLoop, Tensor, Tensor> Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var isInteger = typeof(T) != typeof(float) && typeof(T) != typeof(double);
            return opType switch
            {
                "ReduceSum" => isInteger ? Run<T, long, IntegerSumReduction<T, Plain>>() : Run<T, double, SumReduction<T, Plain, Total>>(),
                "ReduceMean" => isInteger ? Run<T, long, IntegerSumReduction<T, IntegerMean>>() : Run<T, double, SumReduction<T, Plain, Mean>>(),
                "ReduceL1" => isInteger ? Run<T, long, IntegerSumReduction<T, Magnitude>>() : Run<T, double, SumReduction<T, Magnitude, Total>>(),
                "ReduceSumSquare" => isInteger ? Run<T, long, IntegerSumReduction<T, Square>>() : Run<T, double, SumReduction<T, Square, Total>>(),
                "ReduceProd" => isInteger ? Run<T, long, IntegerProductReduction<T>>() : Run<T, double, ProductReduction<T>>(),
                "ReduceL2" => Run<T, double, SumReduction<T, Square, Root>>(),
                "ReduceLogSum" => Run<T, double, SumReduction<T, Plain, NaturalLogarithm>>(),
                "ReduceLogSumExp" => Run<T, ExponentialSum, LogSumExpReduction<T>>(),
                "ReduceMax" => Run<T, T, MaxReduction<T>>(),
                _ => Run<T, T, MinReduction<T>>(),
            };
        }
    }

    private sealed class ReducePlan(Action<ReductionLoop, Tensor, Tensor> run, ReductionLoop loop, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => run(loop, inputs[0]!, outputs[0]);
    }
}

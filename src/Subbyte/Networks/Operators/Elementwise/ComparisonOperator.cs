using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Comparisons; their results are Boolean, and NaN compares as false.</summary>
internal sealed class ComparisonOperator(string opType) : BinaryOperator(opType)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
        [.. new[] { "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual" }.Select(opType => new ComparisonOperator(opType))];

    protected override NodePlan Plan(NodeContext context, TensorType x, TensorType y, TensorType result)
        => base.Plan(context, x, y, new TensorType(ElementType.Boolean, result.Dimensions, result.Layout));

    protected override PairLoop? Function(NodeContext context, ElementType type)
        => type == ElementType.Boolean && OpType == "Equal" ? new Functions(OpType).Visit<byte>() : NumberTypes.Visit(type, new Functions(OpType));

    private sealed class Functions(string opType) : INumberVisitor<PairLoop>
    {
        public PairLoop Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
            => opType switch
            {
                "Equal" => Loop<T, byte, Each<T, byte, EqualFunction<T>>>(),
                "Less" => Loop<T, byte, Each<T, byte, LessFunction<T>>>(),
                "LessOrEqual" => Loop<T, byte, Each<T, byte, LessOrEqualFunction<T>>>(),
                "Greater" => Loop<T, byte, Each<T, byte, GreaterFunction<T>>>(),
                _ => Loop<T, byte, Each<T, byte, GreaterOrEqualFunction<T>>>(),
            };
    }
}

/// <summary>And, Or and Xor of Boolean operands.</summary>
internal sealed class LogicalOperator(string opType) : BinaryOperator(opType)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } = [.. new[] { "And", "Or", "Xor" }.Select(opType => new LogicalOperator(opType))];

    protected override PairLoop? Function(NodeContext context, ElementType type)
        => type != ElementType.Boolean ? null : OpType switch
        {
            "And" => Loop<byte, byte, Each<byte, byte, AndFunction>>(),
            "Or" => Loop<byte, byte, Each<byte, byte, OrFunction>>(),
            _ => Loop<byte, byte, Each<byte, byte, ExclusiveOrFunction>>(),
        };
}

/// <summary>Operations on the bits of integers.</summary>
internal sealed class BitwiseOperator(string opType) : BinaryOperator(opType)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
        [.. new[] { "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift" }.Select(opType => new BitwiseOperator(opType))];

    protected override PairLoop? Function(NodeContext context, ElementType type)
    {
        var direction = OpType == "BitShift" ? context.Node.Text("direction", "") : "";
        if (OpType == "BitShift" && direction is not ("LEFT" or "RIGHT")) throw context.Fail($"direction '{direction}' is neither LEFT nor RIGHT");
        return NumberTypes.VisitInteger(type, new Functions(OpType, direction));
    }

    private sealed class Functions(string opType, string direction) : IIntegerVisitor<PairLoop>
    {
        public PairLoop Visit<T>()
            where T : unmanaged, IBinaryInteger<T>
            => (opType, direction) switch
            {
                ("BitwiseAnd", _) => Loop<T, T, Each<T, T, BitwiseAndFunction<T>>>(),
                ("BitwiseOr", _) => Loop<T, T, Each<T, T, BitwiseOrFunction<T>>>(),
                ("BitwiseXor", _) => Loop<T, T, Each<T, T, BitwiseExclusiveOrFunction<T>>>(),
                (_, "LEFT") => Loop<T, T, Each<T, T, LeftShiftFunction<T>>>(),
                _ => Loop<T, T, Each<T, T, RightShiftFunction<T>>>(),
            };
    }
}

using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that work on one element, or on elements that broadcasting pairs.</summary>
internal static class ElementwiseOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ReluOperator(),
        new ClipOperator(),
        new PReluOperator(),
        new PowOperator(),
        new WhereOperator(),
        new NotOperator("Not"),
        new NotOperator("BitwiseNot"),
        new ClassOperator("IsNaN"),
        new ClassOperator("IsInf"),
        new CastOperator("Cast"),
        new CastOperator("CastLike"),
        new TriluOperator(),
        .. ActivationOperator.All,
        .. UnaryOperator.All,
        .. ArithmeticOperator.All,
        .. VariadicOperator.All,
        .. ComparisonOperator.All,
        .. LogicalOperator.All,
        .. BitwiseOperator.All,
    ];
}

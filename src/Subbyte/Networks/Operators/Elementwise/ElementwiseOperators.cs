using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that work on one element, or on elements that broadcasting pairs.</summary>
internal static class ElementwiseOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ReluOperator(),
        new ClipOperator(),
        .. BinaryOperator.All,
    ];
}

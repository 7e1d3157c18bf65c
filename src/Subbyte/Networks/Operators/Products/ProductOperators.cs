using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Matrix products.</summary>
internal static class ProductOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new GemmOperator(),
        new MatMulOperator(),
    ];
}

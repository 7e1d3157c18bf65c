using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators whose results are known once shapes are.</summary>
internal static class ConstantOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ConstantOperator(),
        new ConstantOfShapeOperator(),
        new RangeOperator(),
        new EyeLikeOperator(),
        new ShapeOperator(),
        new SizeOperator(),
    ];
}

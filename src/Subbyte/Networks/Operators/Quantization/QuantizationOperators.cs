using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that make, read or multiply codes.</summary>
internal static class QuantizationOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new QuantizeLinearOperator(),
        new DequantizeLinearOperator(),
        new DynamicQuantizeLinearOperator(),
        new MatMulIntegerOperator(),
        new QLinearMatMulOperator(),
        new ConvIntegerOperator(),
        new QLinearConvOperator(),
        .. QonnxOperator.All,
    ];
}

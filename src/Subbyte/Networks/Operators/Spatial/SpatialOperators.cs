using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators with a window over spatial dimensions.</summary>
internal static class SpatialOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new ConvolutionOperator(),
        new PoolOperator("MaxPool"),
        new PoolOperator("AveragePool"),
        new GlobalAveragePoolOperator(),
    ];
}

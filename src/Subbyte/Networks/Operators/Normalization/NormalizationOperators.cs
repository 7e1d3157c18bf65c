using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that normalise with statistics.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new BatchNormalizationOperator(),
        new LayerNormalizationOperator("LayerNormalization"),
        new LayerNormalizationOperator("RMSNormalization"),
        new GroupNormalizationOperator("GroupNormalization"),
        new GroupNormalizationOperator("InstanceNormalization"),
        new LpNormalizationOperator(),
        new MeanVarianceNormalizationOperator(),
        new LocalResponseOperator(),
    ];
}

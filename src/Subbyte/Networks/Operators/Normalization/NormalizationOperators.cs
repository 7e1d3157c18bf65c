using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that normalise with statistics.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new BatchNormalizationOperator(),
    ];
}

using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that carry a state from step to step.</summary>
internal static class RecurrentOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new GruOperator(),
        new LstmOperator(),
        new RnnOperator(),
    ];
}

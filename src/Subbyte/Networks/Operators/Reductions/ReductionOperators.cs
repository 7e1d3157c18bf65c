using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Operators that work along axes: sums, extremes, and what is made of them.</summary>
internal static class ReductionOperators
{
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        .. ReduceOperator.All,
        new SoftmaxOperator("Softmax"),
        new SoftmaxOperator("LogSoftmax"),
        new HardmaxOperator(),
        new ArgumentOperator("ArgMax"),
        new ArgumentOperator("ArgMin"),
        new CumulativeOperator("CumSum"),
        new CumulativeOperator("CumProd"),
    ];
}

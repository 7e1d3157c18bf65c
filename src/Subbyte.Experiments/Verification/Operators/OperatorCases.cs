using Subbyte.Experiments.Verification.Operators.Families;
using Subbyte.Kernels;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>How the cases of one operator are drawn.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Count">Number of cases.</param>
/// <param name="Draw">Draws one.</param>
internal sealed record OperatorCases(string OpType, int Count, Func<CaseRandom, GeneratedCase> Draw)
{
    /// <summary>Every operator.</summary>
    public static IReadOnlyList<OperatorCases> All { get; } =
    [
        .. ActivationCases.All,
        .. ArithmeticCases.All,
        .. ProductCases.All,
        .. PoolingCases.All,
        .. NormalizationCases.All,
        .. ReductionCases.All,
        .. ShapeCases.All,
        .. SelectionCases.All,
        .. ConstantCases.All,
        .. ResizeCases.All,
        .. QuantizationCases.All,
        .. RecurrentCases.All,
    ];

    /// <summary>Draws the cases.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>The cases, operator by operator.</returns>
    public static IEnumerable<GeneratedCase> Generate(ulong seed)
        => All.SelectMany(cases => Enumerable.Range(0, cases.Count).Select(number => cases.Draw(new CaseRandom(cases.OpType, new SeededRandom(seed, Stream(cases.OpType, number)))) with { Number = number }));

    /// <summary>The sequence of one case: other operators' cases do not change it.</summary>
    private static ulong Stream(string opType, int number) => unchecked(opType.Aggregate(14695981039346656037UL, (hash, letter) => unchecked((hash ^ letter) * 1099511628211UL)) + (ulong)number);
}

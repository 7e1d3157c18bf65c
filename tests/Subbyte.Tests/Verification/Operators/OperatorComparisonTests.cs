using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Experiments.Verification.Operators;
using Subbyte.Networks.Operators;
using Subbyte.Tensors;

namespace Subbyte.Tests.Verification.Operators;

/// <summary>Generated models of one operator give in our executor what they give in the real ONNX Runtime.</summary>
public sealed class OperatorComparisonTests
{
    private const ulong Seed = 1;

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void Every_operator_agrees_with_onnx_runtime()
    {
        var document = OperatorComparison.Run(Runtime(), Seed, null, CancellationToken.None);
        document.Cases.Where(one => one.Agreement == Agreement.Differs).Select(one => $"{one.Description}: {one.Reason}").ShouldBeEmpty();
        document.Agree.ShouldBeGreaterThanOrEqualTo(500);
        document.Cases.Where(one => one.Agreement == Agreement.Agrees).ShouldAllBe(one => one.MaxError != null && (one.MaxError == 0 || one.ShareOfTolerance <= 1));
    }

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void One_wrong_element_is_found_in_every_case()
    {
        var results = OperatorComparison.Run(Runtime(), [.. OperatorCases.Generate(Seed)], Altered, null, CancellationToken.None);
        var compared = results.Where(one => one.MaxError is > 0).ToArray();
        compared.Length.ShouldBeGreaterThanOrEqualTo(500);
        compared.ShouldAllBe(one => one.Agreement == Agreement.Differs);
    }

    [Fact]
    public void Every_operator_that_is_executed_has_cases()
    {
        var generated = OperatorCases.All.Select(cases => cases.OpType).ToArray();
        generated.Distinct().Count().ShouldBe(generated.Length);
        OperatorSet.Default.Names.Where(name => !name.Contains('.', StringComparison.Ordinal)).Except(generated).ShouldBeEmpty();
        OperatorCases.All.ShouldAllBe(cases => cases.Count > 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_cases_and_another_one_others()
    {
        string[] Text(ulong seed) => [.. OperatorCases.Generate(seed).Select(one => one.ToString())];
        Text(7).ShouldBe(Text(7));
        Text(7).Intersect(Text(8)).Count().ShouldBeLessThan(Text(7).Length / 4);
    }

    private static OnnxRuntimeProcess Runtime()
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        return runtime;
    }

    /// <summary>Our results with one element changed by its half and one.</summary>
    private static Tensor[] Altered(GeneratedCase generated)
    {
        var results = OperatorCase.Execute(generated.Network, generated.Inputs);
        var first = results[0];
        if (first.Length == 0) return results;
        Span<double> element = stackalloc double[1];
        ElementConversion.Read(first, first.Length / 2, element);
        var altered = new Tensor(first.ElementType, first.Dimensions, first.Bytes.ToArray());
        element[0] = first.ElementType == ElementType.Boolean ? 1 - element[0] : (element[0] * 1.5) + 1;
        ElementConversion.Write(element, altered, first.Length / 2);
        return [altered, .. results[1..]];
    }
}

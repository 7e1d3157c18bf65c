using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>Generated models of one operator in our executor and in the real ONNX Runtime.</summary>
public static class OperatorComparison
{
    private static readonly string[] Missing = ["NOT_IMPLEMENTED", "Could not find an implementation", "Failed to find kernel"];

    /// <summary>Generates the cases, runs both and compares.</summary>
    /// <param name="runtime">ONNX Runtime.</param>
    /// <param name="seed">Seed of the cases.</param>
    /// <param name="progress">Takes what is done, or null.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="UserErrorException">ONNX Runtime does not come to the end.</exception>
    public static OperatorComparisonDocument Run(OnnxRuntimeProcess runtime, ulong seed, Action<EvaluationProgress>? progress, CancellationToken cancellation)
        => new(seed, Run(runtime, [.. OperatorCases.Generate(seed)], generated => OperatorCase.Execute(generated.Network, generated.Inputs), progress, cancellation));

    /// <summary>Compares given cases.</summary>
    /// <param name="runtime">ONNX Runtime.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="execute">Our executor.</param>
    /// <param name="progress">Takes what is done, or null.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>One result a case, in order.</returns>
    internal static IReadOnlyList<ComparedCase> Run(OnnxRuntimeProcess runtime, IReadOnlyList<GeneratedCase> cases, Func<GeneratedCase, Tensor[]> execute, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var theirs = runtime.RunModels(
            models =>
            {
                foreach (var generated in cases)
                {
                    models.Add(generated.Network, generated.Inputs);
                    if (generated.Magnitudes is { } magnitudes) models.Add(magnitudes.Network, magnitudes.Inputs);
                }
            },
            cancellation);
        var results = new List<ComparedCase>(cases.Count);
        var next = 0;
        foreach (var generated in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var expected = theirs[next++];
            var magnitudes = generated.Magnitudes is null ? null : theirs[next++];
            results.Add(Compare(generated, execute, expected, magnitudes));
            progress?.Invoke(new EvaluationProgress(results.Count, cases.Count));
        }

        return results;
    }

    private static ComparedCase Compare(GeneratedCase generated, Func<GeneratedCase, Tensor[]> execute, OnnxRuntimeResult theirs, OnnxRuntimeResult? magnitudes)
    {
        Tensor[] ours;
        try
        {
            ours = execute(generated);
        }
        catch (UserErrorException error)
        {
            return Result(generated, Agreement.Unsupported, error.Message);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever goes wrong inside one case is that case's failure, not the end of the run.
            return Result(generated, Agreement.Differs, $"{failure.GetType().Name}: {failure.Message}");
        }

        if ((theirs.Error ?? magnitudes?.Error) is { } refusal)
            return Result(generated, IsMissing(refusal) ? Agreement.NotInOnnxRuntime : Agreement.Differs, refusal);
        var difference = OutputDifference.Of(ours, theirs.Outputs!, magnitudes?.Outputs, generated.Tolerance);
        return Result(generated, difference.Reason is null ? Agreement.Agrees : Agreement.Differs, difference.Reason) with { MaxError = difference.Error, ShareOfTolerance = difference.Share };
    }

    private static ComparedCase Result(GeneratedCase generated, Agreement agreement, string? reason)
        => new(generated.OpType, generated.Network.Opsets[""], generated.ToString(), agreement, reason, generated.Tolerance.ToString(), null, null);

    /// <summary>Whether ONNX Runtime says that it has no implementation, rather than that the model is wrong.</summary>
    private static bool IsMissing(string refusal)
        => Missing.Any(words => refusal.Contains(words, StringComparison.Ordinal));
}

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>How a generated case ended.</summary>
public enum Agreement
{
    /// <summary>Both give the same type and shape, and elements within the tolerance.</summary>
    Agrees,

    /// <summary>An output differs, one side refuses what it should take, or fails.</summary>
    Differs,

    /// <summary>Our executor does not support it; the reason says what.</summary>
    Unsupported,

    /// <summary>ONNX Runtime has no implementation for the version or element type: nothing is known.</summary>
    NotInOnnxRuntime,
}

/// <summary>One generated case.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Opset">Version of the operator set.</param>
/// <param name="Description">Operands and attributes in one line.</param>
/// <param name="Agreement">How it ended.</param>
/// <param name="Reason">Why it did not agree, or null.</param>
/// <param name="Tolerance">How far the two may be apart.</param>
/// <param name="MaxError">Largest absolute difference of an element, or null when nothing was compared.</param>
/// <param name="ShareOfTolerance">Largest share of the tolerance that a difference takes, or null.</param>
public sealed record ComparedCase(string OpType, long Opset, string Description, Agreement Agreement, string? Reason, string Tolerance, double? MaxError, double? ShareOfTolerance);

/// <summary>All cases of an operator.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Cases">How many.</param>
/// <param name="Agree">Cases that agree.</param>
/// <param name="Differ">Cases that differ.</param>
/// <param name="Unsupported">Cases that our executor does not support.</param>
/// <param name="NotInOnnxRuntime">Cases that ONNX Runtime does not implement.</param>
/// <param name="Tolerance">How far the two may be apart.</param>
/// <param name="MaxError">Largest absolute difference of a compared element.</param>
/// <param name="ShareOfTolerance">Largest share of the tolerance.</param>
public sealed record OperatorSummary(string OpType, int Cases, int Agree, int Differ, int Unsupported, int NotInOnnxRuntime, string Tolerance, double MaxError, double ShareOfTolerance)
{
    /// <summary>Counts the cases of one operator.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="cases">Its cases.</param>
    /// <returns>The counts.</returns>
    public static OperatorSummary Of(string opType, IReadOnlyCollection<ComparedCase> cases)
    {
        int Count(Agreement agreement) => cases.Count(one => one.Agreement == agreement);
        var compared = cases.Where(one => one.MaxError is not null).ToArray();
        return new OperatorSummary(
            opType,
            cases.Count,
            Count(Agreement.Agrees),
            Count(Agreement.Differs),
            Count(Agreement.Unsupported),
            Count(Agreement.NotInOnnxRuntime),
            string.Join(" or ", cases.Select(one => one.Tolerance).Distinct().Order(StringComparer.Ordinal)),
            compared.Select(one => one.MaxError!.Value).DefaultIfEmpty(0).Max(),
            compared.Select(one => one.ShareOfTolerance!.Value).DefaultIfEmpty(0).Max());
    }
}

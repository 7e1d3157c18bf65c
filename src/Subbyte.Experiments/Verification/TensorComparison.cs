using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification;

/// <summary>How an output is held against the expected one, by the rule of ONNX's own runner: integers are equal, |difference| ≤ 10⁻⁷ + 10⁻³·|expected| for floats.</summary>
/// <param name="Difference">What differs, or null.</param>
/// <param name="MaxError">Largest absolute difference of finite elements.</param>
internal sealed record TensorComparison(string? Difference, double MaxError)
{
    private const double AbsoluteTolerance = 1e-7;
    private const double RelativeTolerance = 1e-3;

    // Half a unit in the last place of bfloat16 is more than ONNX's tolerance; two roundings may differ by a whole one.
    private const double BFloat16Tolerance = 1.0 / 128;

    /// <summary>Compares type, shape and elements.</summary>
    /// <param name="actual">Our output.</param>
    /// <param name="expected">What it should be.</param>
    /// <returns>The comparison.</returns>
    public static TensorComparison Of(Tensor actual, Tensor expected)
    {
        if (actual.ElementType != expected.ElementType || !actual.Dimensions.SequenceEqual(expected.Dimensions))
            return new TensorComparison($"is {actual} where {expected} is expected", double.PositiveInfinity);
        return actual.ElementType.IsFloatingPoint() ? Floats(actual, expected) : Integers(actual, expected);
    }

    private static TensorComparison Floats(Tensor actual, Tensor expected)
    {
        var (ours, theirs) = (new double[actual.Length], new double[actual.Length]);
        ElementConversion.Read(actual, 0, ours);
        ElementConversion.Read(expected, 0, theirs);
        var relative = actual.ElementType == ElementType.BFloat16 ? BFloat16Tolerance : RelativeTolerance;
        double largest = 0;
        string? difference = null;
        for (var i = 0; i < ours.Length; i++)
        {
            // Equal infinities, and NaN where NaN is expected.
            if (ours[i].Equals(theirs[i]) || ours[i] == theirs[i]) continue;
            var error = Math.Abs(ours[i] - theirs[i]);
            largest = Math.Max(largest, double.IsNaN(error) ? double.PositiveInfinity : error);
            if (double.IsInfinity(theirs[i]) || !(error <= AbsoluteTolerance + (relative * Math.Abs(theirs[i])))) difference ??= $"element {i} is {ours[i]:G9} where {theirs[i]:G9} is expected";
        }

        return new TensorComparison(difference, largest);
    }

    private static TensorComparison Integers(Tensor actual, Tensor expected)
    {
        var (ours, theirs) = (new long[actual.Length], new long[actual.Length]);
        ElementConversion.Read(actual, 0, ours);
        ElementConversion.Read(expected, 0, theirs);
        double largest = 0;
        string? difference = null;
        for (var i = 0; i < ours.Length; i++)
        {
            if (ours[i] == theirs[i]) continue;
            largest = Math.Max(largest, Math.Abs((double)ours[i] - theirs[i]));
            difference ??= $"element {i} is {ours[i]} where {theirs[i]} is expected";
        }

        return new TensorComparison(difference, largest);
    }
}

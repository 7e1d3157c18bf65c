using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>The outputs of a case from both sides, held against its tolerance.</summary>
/// <param name="Reason">What differs by more than the tolerance, or null.</param>
/// <param name="Error">Largest absolute difference.</param>
/// <param name="Share">Largest share of the tolerance that a difference takes; 0 where elements are equal.</param>
internal sealed record OutputDifference(string? Reason, double Error, double Share)
{
    /// <summary>Compares all outputs.</summary>
    /// <param name="ours">Our outputs.</param>
    /// <param name="theirs">ONNX Runtime's.</param>
    /// <param name="magnitudes">Σ|a·b| of each output, or null.</param>
    /// <param name="tolerance">The tolerance.</param>
    /// <returns>The difference.</returns>
    public static OutputDifference Of(IReadOnlyList<Tensor> ours, IReadOnlyList<Tensor> theirs, IReadOnlyList<Tensor>? magnitudes, Tolerance tolerance)
    {
        if (ours.Count != theirs.Count) return new OutputDifference($"{ours.Count} outputs where ONNX Runtime gives {theirs.Count}", double.PositiveInfinity, double.PositiveInfinity);
        var all = new OutputDifference(null, 0, 0);
        for (var i = 0; i < ours.Count; i++)
        {
            var one = Of(ours[i], theirs[i], magnitudes?[i], tolerance);
            all = new OutputDifference(all.Reason ?? (one.Reason is null ? null : $"output {i} {one.Reason}"), Math.Max(all.Error, one.Error), Math.Max(all.Share, one.Share));
        }

        return all;
    }

    private static OutputDifference Of(Tensor ours, Tensor theirs, Tensor? magnitude, Tolerance tolerance)
    {
        if (ours.ElementType != theirs.ElementType || !ours.Dimensions.SequenceEqual(theirs.Dimensions))
            return new OutputDifference($"is {ours} where ONNX Runtime gives {theirs}", double.PositiveInfinity, double.PositiveInfinity);
        if (ours.Bytes.Span.SequenceEqual(theirs.Bytes.Span)) return new OutputDifference(null, 0, 0);
        return ours.ElementType.BitWidth() == 64 && !ours.ElementType.IsFloatingPoint() ? Wide(ours, theirs) : Elements(Read(ours), Read(theirs), magnitude is null ? null : Read(magnitude), ours.ElementType, tolerance);
    }

    private static OutputDifference Elements(double[] ours, double[] theirs, double[]? magnitudes, ElementType type, Tolerance tolerance)
    {
        var largest = theirs.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var (error, share) = (0.0, 0.0);
        string? reason = null;
        for (var i = 0; i < ours.Length; i++)
        {
            // Equal infinities and zeros of either sign, and NaN where NaN is expected.
            if (ours[i] == theirs[i] || (double.IsNaN(ours[i]) && double.IsNaN(theirs[i]))) continue;
            var difference = Math.Abs(ours[i] - theirs[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            var allowed = tolerance.Allowed(type, theirs[i], magnitudes?[i] ?? 0, largest);
            error = Math.Max(error, difference);
            share = Math.Max(share, difference / allowed);
            if (!(difference <= allowed)) reason ??= $"element {i} of {ours.Length} is {ours[i]:G9} where ONNX Runtime gives {theirs[i]:G9}; {difference:G3} apart, {allowed:G3} allowed";
        }

        return new OutputDifference(reason, error, share);
    }

    /// <summary>Integers that a double does not hold.</summary>
    private static OutputDifference Wide(Tensor ours, Tensor theirs)
    {
        var (our, their) = (new long[ours.Length], new long[ours.Length]);
        ElementConversion.Read(ours, 0, our);
        ElementConversion.Read(theirs, 0, their);
        var first = our.AsSpan().CommonPrefixLength(their);
        return new OutputDifference($"element {first} of {our.Length} is {our[first]} where ONNX Runtime gives {their[first]}", Math.Abs((double)our[first] - their[first]), double.PositiveInfinity);
    }

    private static double[] Read(Tensor tensor)
    {
        var values = new double[tensor.Length];
        ElementConversion.Read(tensor, 0, values);
        return values;
    }
}

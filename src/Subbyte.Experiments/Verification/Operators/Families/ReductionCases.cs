using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Reductions along axes.</summary>
internal static class ReductionCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        Reduction("ReduceSum", 20, 13),
        Reduction("ReduceMean", 20, 18),
        Reduction("ReduceMax", 14, 18, Tolerance.Equal),
        Reduction("ReduceMin", 12, 18, Tolerance.Equal),
        Reduction("ReduceProd", 8, 18, Tolerance.Ulps(64)),
        Reduction("ReduceL1", 8, 18),
        Reduction("ReduceL2", 10, 18, Tolerance.Largest(4)),
        Reduction("ReduceSumSquare", 8, 18),
        Reduction("ReduceLogSum", 6, 18, Tolerance.Largest(4)),
        Reduction("ReduceLogSumExp", 8, 18, Tolerance.Largest(4)),
        new("ArgMax", 10, Arg),
        new("ArgMin", 8, Arg),
        new("CumSum", 10, random => Cumulated(random, 11, Tolerance.Sum(40))),
        new("CumProd", 6, random => Cumulated(random, 26, Tolerance.Ulps(64))),
    ];

    private static OperatorCases Reduction(string opType, int count, long operandSince, Tolerance? tolerance = null) => new(opType, count, random =>
    {
        var shape = random.Shape(random.Between(1, 5));
        var axes = random.Chance(75) ? random.Axes(shape.Length) : null;
        // The sum of no elements is 0; their mean or largest is not defined, and along some axes ONNX Runtime gives other shapes than ONNX.
        if (axes is null && tolerance is null && opType != "ReduceMean" && random.Chance(10)) shape[^1] = 0;
        var builder = random.Case();
        // Axes are counted from the end since version 11.
        if (builder.Opset < 11) axes = axes?.Select(axis => axis < 0 ? axis + shape.Length : axis).ToArray();
        builder.Input(opType.StartsWith("ReduceLogSum", StringComparison.Ordinal) ? random.Floats(shape, 0.5f, 4) : opType == "ReduceProd" ? random.Floats(shape, 0.5f, 1.6f) : random.Floats(shape));
        builder.AttributeOrConstant(operandSince, "axes", axes);
        if (random.Chance(60)) builder.Attribute("keepdims", random.OneOf(0L, 1L));
        if (axes is null && builder.Opset >= operandSince && random.Chance(30)) builder.Attribute("noop_with_empty_axes", 1L);
        var terms = (axes ?? [.. Enumerable.Range(0, shape.Length)]).Aggregate(1L, (product, axis) => product * shape[axis < 0 ? axis + shape.Length : axis]);
        return builder.Build(tolerance ?? Tolerance.Sum(terms + 1));
    });

    private static GeneratedCase Arg(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        // Few values, so that some are equal.
        var values = random.Chance(50) ? random.Floats(shape) : random.Values(ElementType.Int32, shape, 0, 3);
        var builder = random.Case(12).Input(values).Attribute("axis", random.Axes(shape.Length, 1)[0]);
        if (random.Chance(50)) builder.Attribute("keepdims", random.OneOf(0L, 1L));
        if (random.Chance(50)) builder.Attribute("select_last_index", random.OneOf(0L, 1L));
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase Cumulated(CaseRandom random, long since, Tolerance tolerance)
    {
        var shape = random.Shape(random.Between(1, 3));
        var axis = random.Axes(shape.Length, 1)[0];
        var values = random.Chance(70) ? random.Floats(shape) : random.Values(ElementType.Int64, shape, -9, 9);
        var builder = random.Case(since).Input(values).Constant(Tensor.Scalar(axis));
        return builder.Attribute("exclusive", random.OneOf(0L, 1L)).Attribute("reverse", random.OneOf(0L, 1L)).Build(tolerance);
    }
}

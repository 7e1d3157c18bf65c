using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Normalisation and softmax.</summary>
internal static class NormalizationCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("BatchNormalization", 20, BatchNormalization),
        new("InstanceNormalization", 10, InstanceNormalization),
        new("LayerNormalization", 20, LayerNormalization),
        new("RMSNormalization", 8, RootMeanSquareNormalization),
        new("GroupNormalization", 10, GroupNormalization),
        new("LRN", 12, Lrn),
        new("LpNormalization", 8, LpNormalization),
        new("MeanVarianceNormalization", 6, MeanVarianceNormalization),
        new("Softmax", 20, random => Softmax(random, Tolerance.Largest(4))),
        new("LogSoftmax", 14, random => Softmax(random, Tolerance.Largest(4))),
        new("Hardmax", 8, random => Softmax(random, Tolerance.Equal)),
    ];

    private static GeneratedCase BatchNormalization(CaseRandom random)
    {
        var shape = random.Chance(15) ? [random.Between(1, 4), random.Width()] : random.Image(random.Between(1, 3), random.Width());
        int[] channels = [shape[1]];
        var mean = random.Floats(channels);
        var magnitude = Tensor.Of<float>([.. mean.AsSpan<float>().ToArray().Select(value => -Math.Abs(value))]);
        var builder = random.Case(7).Input(random.Floats(shape)).Constant(random.Floats(channels)).Constant(random.Floats(channels)).Constant(mean, magnitude).Constant(random.Floats(channels, 0.05f, 3));
        if (random.Chance(50)) builder.Attribute("epsilon", random.OneOf(1e-3f, 1e-5f, 0.1f));
        if (random.Chance(30)) builder.Attribute("momentum", 0.8f);
        return builder.Build(Tolerance.Sum(4));
    }

    private static GeneratedCase InstanceNormalization(CaseRandom random)
    {
        var shape = random.Image(random.Between(1, 3), random.Width(), smallest: 2);
        var builder = random.Case().Input(random.Floats(shape)).Constant(random.Floats([shape[1]])).Constant(random.Floats([shape[1]]));
        return builder.Attribute("epsilon", random.OneOf(1e-3f, 1e-2f)).Build(Tolerance.Largest(16));
    }

    private static GeneratedCase LayerNormalization(CaseRandom random)
    {
        var shape = random.Shape(random.Between(2, 4));
        // One element has no variance: the result would be all rounding.
        shape[^1]++;
        var axis = random.Between(1, shape.Length - 1);
        var builder = random.Case(17).Input(random.Floats(shape)).Operand(random.Chance(80), random.Floats(shape.AsSpan(axis)));
        if (random.Chance(60)) builder.Operand(random.Chance(80), random.Floats(shape.AsSpan(axis)));
        if (axis != shape.Length - 1 || random.Chance(50)) builder.Attribute("axis", random.Chance(50) ? axis : axis - (long)shape.Length);
        return builder.Attribute("epsilon", random.OneOf(1e-3f, 1e-2f)).Build(Tolerance.Largest(8), random.Chance(20) ? 3 : 1);
    }

    private static GeneratedCase RootMeanSquareNormalization(CaseRandom random)
    {
        var shape = random.Shape(random.Between(2, 4));
        return random.Case(23).Input(random.Floats(shape)).Constant(random.Floats(shape.AsSpan(^1))).Attribute("epsilon", 1e-3f).Build(Tolerance.Largest(8));
    }

    private static GeneratedCase GroupNormalization(CaseRandom random)
    {
        var builder = random.Case(18);
        var groups = random.Between(1, 4);
        var shape = random.Image(2, groups * random.Between(1, 6), smallest: 2);
        int[] parameters = [builder.Opset < 21 ? groups : shape[1]];
        return builder.Input(random.Floats(shape)).Constant(random.Floats(parameters)).Constant(random.Floats(parameters)).Attribute("num_groups", (long)groups).Attribute("epsilon", 1e-2f).Build(Tolerance.Largest(8));
    }

    private static GeneratedCase Lrn(CaseRandom random)
    {
        // ONNX Runtime keeps one sum that squares enter and leave as the window moves, and with it the roundings of all channels.
        var builder = random.Case().Input(random.Floats(random.Image(2, random.Width()), -4, 4)).Attribute("size", random.OneOf(1L, 3L, 5L, 7L));
        if (random.Chance(60)) builder.Attribute("alpha", random.Real(0.0001f, 0.5f)).Attribute("beta", random.Real(0.3f, 1)).Attribute("bias", random.Real(0.5f, 2));
        return builder.Build(Tolerance.Ulps(256));
    }

    private static GeneratedCase LpNormalization(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        return random.Case().Input(random.Floats(shape)).Attribute("axis", random.Axes(shape.Length, 1)[0]).Attribute("p", random.OneOf(1L, 2L)).Build(Tolerance.Largest(4));
    }

    private static GeneratedCase MeanVarianceNormalization(CaseRandom random)
    {
        var builder = random.Case(9).Input(random.Floats(random.Image(2, random.Width(), smallest: 3)));
        return builder.Attribute("axes", random.OneOf<long[]?>(null, [2L, 3L], [0L, 2L, 3L])).Build(Tolerance.Largest(4));
    }

    private static GeneratedCase Softmax(CaseRandom random, Tolerance tolerance)
    {
        var shape = random.Shape(random.Between(1, 4));
        var builder = random.Case().Input(random.Values(random.Chance(85) ? ElementType.Float32 : ElementType.Float64, shape, -8, 8));
        if (random.Chance(70) || (shape.Length == 1 && builder.Opset < 13)) builder.Attribute("axis", builder.Opset < 11 ? random.Between(0, shape.Length - 1) : random.Axes(shape.Length, 1)[0]);
        return builder.Build(tolerance);
    }
}

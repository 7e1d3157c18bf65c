using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Functions of one element.</summary>
internal static class ActivationCases
{
    private static readonly ElementType[] Single = [ElementType.Float32];
    private static readonly ElementType[] Floats = [ElementType.Float32, ElementType.Float32, ElementType.Float32, ElementType.Float64, ElementType.Float16];
    private static readonly ElementType[] Signed = [ElementType.Float32, ElementType.Float32, ElementType.Float64, ElementType.Float16, ElementType.Int8, ElementType.Int32, ElementType.Int64];

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        Function("Relu", 10, 6, Tolerance.Equal, -3, 3, Floats),
        Function("Abs", 10, 6, Tolerance.Equal, -30, 30, Signed),
        Function("Neg", 10, 6, Tolerance.Equal, -30, 30, Signed),
        Function("Sign", 8, 9, Tolerance.Equal, -2, 2, Signed),
        Function("Ceil", 8, 6, Tolerance.Equal, -9, 9, Floats),
        Function("Floor", 8, 6, Tolerance.Equal, -9, 9, Floats),
        Function("Round", 8, 11, Tolerance.Equal, -9, 9, Floats),
        Function("Sqrt", 10, 6, Tolerance.Equal, 0, 100, Floats),
        Function("Reciprocal", 8, 6, Tolerance.Equal, -4, 4, Floats),
        Function("Exp", 12, 6, Tolerance.Ulps(2), -20, 20, Floats),
        Function("Log", 12, 6, Tolerance.Ulps(4), 0.001f, 100, Floats),
        Function("Sigmoid", 12, 6, Tolerance.Absolute(2), -10, 10, Floats),
        Function("Tanh", 12, 6, Tolerance.Ulps(8), -5, 5, Floats),
        Function("Erf", 12, 9, Tolerance.Ulps(2), -4, 4, Single),
        Function("Softplus", 8, 7, Tolerance.Ulps(8), -10, 10, Single),
        Function("Softsign", 8, 7, Tolerance.Ulps(2), -10, 10, Single),
        Function("HardSwish", 10, 14, Tolerance.Equal, -5, 5, Single),
        Function("Mish", 8, 18, Tolerance.Ulps(16), -10, 10, Single),
        Function("Sin", 6, 7, Tolerance.Ulps(2), -6, 6, Single),
        Function("Cos", 6, 7, Tolerance.Ulps(2), -6, 6, Single),
        Function("Tan", 6, 7, Tolerance.Ulps(2), -1.5f, 1.5f, Single),
        Function("Asin", 6, 7, Tolerance.Ulps(8), -1, 1, Single),
        Function("Acos", 6, 7, Tolerance.Ulps(8), -1, 1, Single),
        Function("Atan", 6, 7, Tolerance.Ulps(6), -6, 6, Single),
        Function("Sinh", 6, 9, Tolerance.Ulps(4), -6, 6, Single),
        Function("Cosh", 6, 9, Tolerance.Ulps(2), -6, 6, Single),
        Function("Asinh", 6, 9, Tolerance.Ulps(2), -6, 6, Single),
        Function("Acosh", 6, 9, Tolerance.Ulps(4), 1, 9, Single),
        Function("Atanh", 6, 9, Tolerance.Ulps(2), -0.99f, 0.99f, Single),
        Function("BitwiseNot", 4, 18, Tolerance.Equal, -100, 100, [ElementType.Int8, ElementType.UInt8, ElementType.Int32, ElementType.Int64]),
        Function("Not", 6, 7, Tolerance.Equal, 0, 1, [ElementType.Boolean]),
        Function("IsNaN", 6, 9, Tolerance.Equal, -2, 2, Floats),
        Function("LeakyRelu", 12, 6, Tolerance.Equal, -3, 3, Single, random => [("alpha", random.Chance(60) ? random.Real(-0.5f, 1.5f) : null)]),
        Function("Elu", 10, 6, Tolerance.Largest(4), -4, 4, Single, random => [("alpha", random.Chance(60) ? random.Real(0.1f, 2) : null)]),
        Function("Selu", 8, 6, Tolerance.Largest(2), -4, 4, Single, random => random.Chance(50) ? [("alpha", random.Real(0.5f, 2)), ("gamma", random.Real(0.5f, 2))] : []),
        Function("Celu", 8, 12, Tolerance.Largest(2), -4, 4, Single, random => [("alpha", random.Chance(60) ? random.Real(0.2f, 2) : null)]),
        Function("ThresholdedRelu", 8, 10, Tolerance.Equal, -3, 3, Single, random => [("alpha", random.Chance(60) ? random.Real(-1, 2) : null)]),
        Function("Shrink", 8, 9, Tolerance.Equal, -3, 3, Single, random => [("lambd", random.Chance(60) ? random.Real(0, 2) : null), ("bias", random.Chance(60) ? random.Real(0, 1) : null)]),
        Function("HardSigmoid", 10, 6, Tolerance.Equal, -5, 5, Single, random => random.Chance(60) ? [("alpha", random.Real(0.1f, 1)), ("beta", random.Real(-0.5f, 1))] : []),
        Function("Gelu", 12, 20, Tolerance.Absolute(16), -5, 5, Single, random => [("approximate", random.OneOf<AttributeValue?>(null, "none", "tanh"))]),
        Function("IsInf", 6, 10, Tolerance.Equal, -2, 2, [ElementType.Float32, ElementType.Float64], random => [("detect_negative", random.OneOf<AttributeValue?>(null, 0L)), ("detect_positive", random.OneOf<AttributeValue?>(null, 0L))]),
        Function("Swish", 6, 24, Tolerance.Absolute(16), -5, 5, Single, random => [("alpha", random.Chance(60) ? random.Real(0.5f, 2) : null)]),
        new("Clip", 20, Clip),
        new("PRelu", 14, PRelu),
    ];

    private static OperatorCases Function(string opType, int count, long since, Tolerance tolerance, float lowest, float highest, ElementType[] types, Func<CaseRandom, (string Name, AttributeValue? Value)[]>? attributes = null)
        => new(opType, count, random =>
        {
            var values = random.Values(random.OneOf(types), random.Shape(random.Between(0, 5)), lowest, highest);
            if (tolerance == Tolerance.Equal) random.WithSpecial(values);
            var builder = random.Case(since).Operand(random.Chance(10), values);
            foreach (var (name, value) in attributes?.Invoke(random) ?? []) builder.Attribute(name, value);
            return builder.Build(tolerance);
        });

    private static GeneratedCase Clip(CaseRandom random)
    {
        var builder = random.Case(6);
        var type = builder.Opset >= 12 ? random.OneOf(ElementType.Float32, ElementType.Float32, ElementType.Int8, ElementType.UInt8, ElementType.Int32, ElementType.Int64, ElementType.Float64) : ElementType.Float32;
        builder.Input(random.WithSpecial(random.Values(type, random.Shape(random.Between(0, 4)), -8, 8)));
        var (low, high) = (random.Chance(70), random.Chance(70));
        if (builder.Opset < 11)
        {
            if (low) builder.Attribute("min", random.Real(-4, 0));
            if (high) builder.Attribute("max", random.Real(0, 4));
            return builder.Build(Tolerance.Equal);
        }

        if (low) builder.Constant(random.Values(type, [], -4, 0));
        else if (high) builder.Absent();
        if (high) builder.Constant(random.Values(type, [], 0, 4));
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase PRelu(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        return random.Case().Input(random.Floats(shape)).Operand(random.Chance(70), random.Floats(random.Broadcastable(shape), -1, 1)).Build(Tolerance.Equal);
    }
}

using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Arithmetic, comparison and logic of operands that broadcast.</summary>
internal static class ArithmeticCases
{
    private static readonly ElementType[] Numbers = [ElementType.Float32, ElementType.Float32, ElementType.Float32, ElementType.Float64, ElementType.Float16, ElementType.Int32, ElementType.Int64];
    private static readonly ElementType[] Any = [.. Numbers, ElementType.Int8, ElementType.UInt8];
    private static readonly ElementType[] Integers = [ElementType.Int8, ElementType.UInt8, ElementType.Int32, ElementType.Int64, ElementType.UInt16];
    private static readonly ElementType[] Truths = [ElementType.Boolean];

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Add", 20, random => Binary(random, 6, Numbers)),
        new("Sub", 16, random => Binary(random, 6, Numbers)),
        new("Mul", 20, random => Binary(random, 6, Numbers)),
        new("Div", 16, random => Binary(random, 7, Numbers, divisor: true)),
        new("Pow", 14, Pow),
        new("Mod", 10, Mod),
        new("Less", 10, random => Binary(random, 9, Any)),
        new("LessOrEqual", 8, random => Binary(random, 12, Any)),
        new("Greater", 10, random => Binary(random, 9, Any)),
        new("GreaterOrEqual", 8, random => Binary(random, 12, Any)),
        new("Equal", 10, random => Binary(random, 11, Any)),
        new("And", 6, random => Binary(random, 7, Truths)),
        new("Or", 6, random => Binary(random, 7, Truths)),
        new("Xor", 6, random => Binary(random, 7, Truths)),
        new("BitwiseAnd", 4, random => Binary(random, 18, Integers)),
        new("BitwiseOr", 4, random => Binary(random, 18, Integers)),
        new("BitwiseXor", 4, random => Binary(random, 18, Integers)),
        new("Min", 12, random => Variadic(random, Tolerance.Equal)),
        new("Max", 12, random => Variadic(random, Tolerance.Equal)),
        new("Sum", 12, random => Variadic(random, Tolerance.Sum(4))),
        new("Mean", 12, random => Variadic(random, Tolerance.Sum(5))),
        new("Where", 12, Where),
        new("BitShift", 6, BitShift),
    ];

    private static GeneratedCase Binary(CaseRandom random, long since, ElementType[] types, bool divisor = false)
    {
        var type = random.OneOf(types);
        var shape = random.Shape(random.Between(0, 5));
        var other = random.Broadcastable(shape);
        var (x, y) = random.Chance(50) ? (shape, other) : (other, shape);
        if (random.Chance(15)) (x, y) = ([.. shape.Select(size => random.Chance(50) ? 1 : size)], [.. shape.Select((size, axis) => axis % 2 == 0 ? size : 1)]);
        var builder = random.Case(since);
        // Operator set 6 broadcasts only where it is told to, and only the second operand.
        if (builder.Opset < 7) (x, y) = (shape, shape);
        if (random.Chance(4) && x.Length > 0 && x.Length == y.Length && x[0] == y[0]) (x, y) = ([0, .. x[1..]], [0, .. y[1..]]);
        var right = divisor ? random.Chance(50) ? random.Values(type, y, 1, 9) : random.Values(type, y, -9, -1) : random.Values(type, y, -9, 9);
        return builder.Operand(random.Chance(15), random.Values(type, x, -9, 9)).Operand(random.Chance(30), right).Build(Tolerance.Equal);
    }

    private static GeneratedCase Pow(CaseRandom random)
    {
        var shape = random.Shape(random.Between(0, 4));
        var (basis, exponent) = (random.Floats(shape, 0.1f, 4), random.Floats(random.Broadcastable(shape), -3, 3));
        if (random.Chance(50))
        {
            basis = random.Floats(shape, -3, 3);
            exponent = random.Chance(60) ? Tensor.Scalar(random.OneOf(2f, 3f, 1f, 0f)) : Tensor.Scalar(2f);
        }

        var builder = random.Case(7).Input(basis);
        return (builder.Opset >= 12 && random.Chance(20) ? builder.Constant(Tensor.Scalar(random.OneOf(2L, 3L))) : builder.Operand(random.Chance(50), exponent)).Build(Tolerance.Ulps(2));
    }

    private static GeneratedCase Mod(CaseRandom random)
    {
        var shape = random.Shape(random.Between(0, 4));
        var floats = random.Chance(40);
        var type = floats ? ElementType.Float32 : random.OneOf(ElementType.Int32, ElementType.Int64, ElementType.Int8, ElementType.UInt8);
        var builder = random.Case(10).Input(random.Values(type, shape, -50, 50)).Input(random.Chance(60) ? random.Values(type, random.Broadcastable(shape), 1, 9) : type == ElementType.UInt8 ? random.Values(type, shape, 1, 100) : random.Values(type, random.Broadcastable(shape), -9, -1));
        return builder.Attribute("fmod", floats || random.Chance(40) ? 1L : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase Variadic(CaseRandom random, Tolerance tolerance)
    {
        var shape = random.Shape(random.Between(0, 4));
        var builder = random.Case(8);
        var type = tolerance == Tolerance.Equal && builder.Opset >= 12 ? random.OneOf(Any) : random.Chance(80) ? ElementType.Float32 : ElementType.Float64;
        builder.Input(tolerance == Tolerance.Equal ? random.WithSpecial(random.Values(type, shape, -9, 9)) : random.Values(type, shape, -9, 9));
        for (var more = random.Between(0, 3); more > 0; more--) builder.Operand(random.Chance(20), random.Values(type, random.Broadcastable(shape), -9, 9));
        return builder.Build(tolerance);
    }

    private static GeneratedCase Where(CaseRandom random)
    {
        var shape = random.Shape(random.Between(0, 4));
        var type = random.OneOf(ElementType.Float32, ElementType.Float32, ElementType.Int64, ElementType.Int32, ElementType.UInt8);
        return random.Case(9).Input(random.Values(ElementType.Boolean, random.Broadcastable(shape), 0, 1)).Input(random.Values(type, shape, 0, 9)).Input(random.Values(type, random.Broadcastable(shape), 0, 9)).Build(Tolerance.Equal);
    }

    private static GeneratedCase BitShift(CaseRandom random)
    {
        var shape = random.Shape(random.Between(0, 3));
        var type = random.OneOf(ElementType.UInt8, ElementType.UInt32, ElementType.UInt64);
        return random.Case(11).Input(random.Values(type, shape, 0, 200)).Input(random.Values(type, random.Broadcastable(shape), 0, 7)).Attribute("direction", random.OneOf("LEFT", "RIGHT")).Build(Tolerance.Equal);
    }
}

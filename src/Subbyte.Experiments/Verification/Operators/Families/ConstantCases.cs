using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Constants, shapes and conversions.</summary>
internal static class ConstantCases
{
    private static readonly ElementType[] Types = [ElementType.Float32, ElementType.Float64, ElementType.Float16, ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16, ElementType.Int32, ElementType.UInt32, ElementType.Int64, ElementType.Boolean];

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Shape", 10, Shape),
        new("Size", 4, random => random.Case().Input(random.Floats(random.Shape(random.Between(0, 4)))).Build(Tolerance.Equal)),
        new("Cast", 30, Cast),
        new("CastLike", 8, CastLike),
        new("Constant", 6, Constant),
        new("ConstantOfShape", 8, ConstantOfShape),
        new("Range", 8, Range),
        new("EyeLike", 6, random => random.Case(9).Input(random.Floats([random.Between(1, 9), random.Between(1, 9)])).Attribute("k", (long)random.Between(-3, 3)).Build(Tolerance.Equal)),
    ];

    private static GeneratedCase Shape(CaseRandom random)
    {
        var rank = random.Between(0, 4);
        var builder = random.Case().Input(random.Floats(random.Shape(rank)));
        if (builder.Opset >= 15 && random.Chance(60)) builder.Attribute("start", (long)random.Between(-rank, rank)).Attribute("end", (long)random.Between(-rank, rank));
        return builder.Build(Tolerance.Equal);
    }

    /// <summary>Values that every type but Boolean holds; fractions from floating point, which is rounded toward zero.</summary>
    private static Tensor Values(CaseRandom random) => random.Values(random.OneOf(Types), random.ShapeOrEmpty(random.Between(1, 3)), 0, 100);

    private static GeneratedCase Cast(CaseRandom random)
    {
        // Integers that do not fit keep their low bits; what floating point that does not fit becomes is not defined.
        var values = random.Chance(60) ? Values(random) : random.Codes(random.OneOf(ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.UInt16), random.Shape(random.Between(0, 3)));
        return random.Case(9).Input(values).Attribute("to", (long)random.OneOf(Types)).Build(Tolerance.Equal);
    }

    private static GeneratedCase CastLike(CaseRandom random) => random.Case(15).Input(Values(random)).Input(random.Values(random.OneOf(Types), [1], 0, 1)).Build(Tolerance.Equal);

    private static GeneratedCase Constant(CaseRandom random)
    {
        var builder = random.Case(7);
        if (builder.Opset < 12 || random.Chance(50)) return builder.Attribute("value", random.Floats(random.Shape(random.Between(0, 3)))).Build(Tolerance.Equal);
        var (name, value) = random.OneOf<(string, AttributeValue)>(("value_float", random.Real(-2, 2)), ("value_int", 7L), ("value_ints", new[] { 1L, 2L, -3L }), ("value_floats", new[] { 0.5f, random.Real(-2, 2) }));
        return builder.Attribute(name, value).Build(Tolerance.Equal);
    }

    private static GeneratedCase ConstantOfShape(CaseRandom random)
    {
        var builder = random.Case(9).Constant([.. random.Shape(random.Between(1, 3)).Select(size => (long)size)]);
        if (random.Chance(70)) builder.Attribute("value", random.Values(random.OneOf(ElementType.Float32, ElementType.Int64, ElementType.Int32, ElementType.UInt8), [1], 0, 9));
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase Range(CaseRandom random)
    {
        if (random.Chance(50)) return random.Case(11).Constant(Tensor.Scalar((long)random.Between(-9, 9))).Constant(Tensor.Scalar((long)random.Between(10, 40))).Constant(Tensor.Scalar((long)random.Between(1, 5))).Build(Tolerance.Equal);
        return random.Case(11).Constant(Tensor.Scalar((float)random.Between(0, 9))).Constant(Tensor.Scalar((float)random.Between(-20, -1))).Constant(Tensor.Scalar(random.OneOf(-0.5f, -1, -3))).Build(Tolerance.Equal);
    }
}

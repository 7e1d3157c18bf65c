using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Operators that look elements up or put them in place.</summary>
internal static class SelectionCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Gather", 16, Gather),
        new("GatherElements", 10, GatherElements),
        new("GatherND", 8, GatherND),
        new("Scatter", 4, random => Scatter(random, random.Case(9, 10)).Build(Tolerance.Equal)),
        new("ScatterElements", 10, ScatterElements),
        new("ScatterND", 8, ScatterND),
        new("OneHot", 10, OneHot),
        new("TopK", 12, TopK),
        new("Compress", 6, Compress),
        new("NonZero", 6, random => random.Case(9).Input(random.Values(ElementType.Float32, random.Shape(random.Between(1, 3)), -1, 1)).Build(Tolerance.Equal)),
        new("Trilu", 8, Trilu),
    ];

    private static Tensor Indices(CaseRandom random, int[] shape, int size)
        => random.Integers(random.OneOf(ElementType.Int64, ElementType.Int64, ElementType.Int32), shape, random.Chance(30) ? -size : 0, size - 1);

    private static GeneratedCase Gather(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var axis = random.Axes(shape.Length, 1)[0];
        var builder = random.Case(11).Operand(random.Chance(30), ShapeCases.Values(random, shape));
        builder.Operand(random.Chance(60), Indices(random, random.Shape(random.Between(0, 2)), shape[axis < 0 ? axis + shape.Length : axis]));
        return builder.Attribute("axis", axis == 0 && random.Chance(50) ? null : axis).Build(Tolerance.Equal);
    }

    private static GeneratedCase GatherElements(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var axis = random.Axes(shape.Length, 1)[0];
        int[] indices = [.. shape];
        var size = shape[axis < 0 ? axis + shape.Length : axis];
        indices[axis < 0 ? axis + shape.Length : axis] = random.Between(1, 9);
        return random.Case(11).Input(ShapeCases.Values(random, shape)).Operand(random.Chance(50), Indices(random, indices, size)).Attribute("axis", axis).Build(Tolerance.Equal);
    }

    private static GeneratedCase GatherND(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var builder = random.Case(11);
        var batch = builder.Opset >= 12 ? random.Between(0, shape.Length - 1) : 0;
        var depth = random.Between(1, shape.Length - batch);
        var smallest = shape[batch..(batch + depth)].Min();
        var indices = random.Integers(ElementType.Int64, [.. shape[..batch], .. random.Shape(random.Between(1, 2)), depth], random.Chance(30) ? -smallest : 0, smallest - 1);
        return builder.Input(ShapeCases.Values(random, shape)).Operand(random.Chance(50), indices).Attribute("batch_dims", batch > 0 ? batch : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase ScatterElements(CaseRandom random)
    {
        var builder = Scatter(random, random.Case(11));
        if (builder.Opset >= 18 && random.Chance(60)) builder.Attribute("reduction", random.OneOf("none", "add", "mul", "max", "min"));
        else if (builder.Opset >= 16 && random.Chance(50)) builder.Attribute("reduction", random.OneOf("none", "add", "mul"));
        return builder.Build(Tolerance.Equal);
    }

    private static CaseBuilder Scatter(CaseRandom random, CaseBuilder builder)
    {
        var shape = random.Shape(random.Between(1, 3));
        var axis = random.Between(0, shape.Length - 1);
        // Without a reduction no place may be written twice: as many as there are, each once.
        var indices = Tensor.Zeros(ElementType.Int64, shape);
        var inner = (int)ElementTypes.ElementCount(shape.AsSpan(axis + 1));
        var order = random.Permutation(shape[axis]);
        for (var i = 0; i < indices.Length; i++) indices.AsSpan<long>()[i] = order[i / inner % shape[axis]];
        return builder.Input(random.Floats(shape)).Operand(random.Chance(50), indices).Input(random.Floats(shape)).Attribute("axis", (long)axis);
    }

    private static GeneratedCase ScatterND(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 3));
        var rows = random.Permutation(shape[0])[..random.Between(1, shape[0])];
        var builder = random.Case(11).Input(random.Floats(shape)).Operand(random.Chance(50), Tensor.Of<long>(rows, rows.Length, 1)).Input(random.Floats([rows.Length, .. shape[1..]]));
        if (builder.Opset >= 16 && random.Chance(50)) builder.Attribute("reduction", random.OneOf("none", "add", "mul"));
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase OneHot(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 3));
        var depth = random.Between(2, 9);
        var builder = random.Case(11).Input(random.Integers(ElementType.Int64, shape, -depth, depth)).Constant(Tensor.Scalar((long)depth)).Constant(Tensor.Of<float>([random.Real(-1, 0), random.Real(0, 1)]));
        return builder.Attribute("axis", random.Chance(60) ? random.Between(-1, shape.Length) : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase TopK(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 3));
        var axis = random.Axes(shape.Length, 1)[0];
        var builder = random.Case(11).Input(random.Floats(shape)).Constant((long)random.Between(1, shape[axis < 0 ? axis + shape.Length : axis])).Attribute("axis", axis);
        return builder.Attribute("largest", random.OneOf(0L, 1L)).Attribute("sorted", 1L).Build(Tolerance.Equal, 2);
    }

    private static GeneratedCase Compress(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 3));
        var axis = random.Between(0, shape.Length - 1);
        var whole = random.Chance(30);
        var length = whole ? (int)ElementTypes.ElementCount(shape) : shape[axis];
        return random.Case(9).Input(ShapeCases.Values(random, shape)).Operand(random.Chance(50), random.Values(ElementType.Boolean, [length], 0, 1)).Attribute("axis", whole ? null : axis).Build(Tolerance.Equal);
    }

    private static GeneratedCase Trilu(CaseRandom random)
    {
        var builder = random.Case(14).Input(random.Floats(random.Shape(random.Between(2, 4))));
        if (random.Chance(60)) builder.Constant(Tensor.Scalar((long)random.Between(-4, 4)));
        return builder.Attribute("upper", random.OneOf<AttributeValue?>(null, 0L, 1L)).Build(Tolerance.Equal);
    }
}

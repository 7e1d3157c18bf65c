using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Operators that move elements.</summary>
internal static class ShapeCases
{
    private static readonly ElementType[] Types = [ElementType.Float32, ElementType.Float32, ElementType.Float32, ElementType.Int64, ElementType.Int32, ElementType.UInt8, ElementType.Int8, ElementType.Float16, ElementType.Float64, ElementType.Boolean];

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Concat", 20, Concat),
        new("Split", 20, Split),
        new("Slice", 30, Slice),
        new("Pad", 30, Pad),
        new("Flatten", 10, Flatten),
        new("Reshape", 16, Reshape),
        new("Transpose", 20, Transpose),
        new("Squeeze", 12, Squeeze),
        new("Unsqueeze", 12, Unsqueeze),
        new("Expand", 12, Expand),
        new("Tile", 12, Tile),
        new("Identity", 6, random => random.Case().Input(Values(random, random.Shape(random.Between(0, 4)))).Build(Tolerance.Equal)),
        new("Dropout", 6, Dropout),
        new("DepthToSpace", 10, DepthToSpace),
        new("SpaceToDepth", 8, SpaceToDepth),
        new("CenterCropPad", 8, CenterCropPad),
        new("ReverseSequence", 8, ReverseSequence),
    ];

    /// <summary>Values of any type that ONNX Runtime moves.</summary>
    internal static Tensor Values(CaseRandom random, int[] shape)
    {
        var type = random.OneOf(Types);
        return type == ElementType.Boolean ? random.Values(type, shape, 0, 1) : random.Values(type, shape, 0, 100);
    }

    private static GeneratedCase Concat(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var type = random.OneOf(Types);
        var builder = random.Case();
        var axis = random.Axes(shape.Length, 1, negative: builder.Opset >= 11)[0];
        for (var operands = random.Between(1, 4); operands > 0; operands--)
        {
            int[] one = [.. shape];
            one[axis < 0 ? axis + shape.Length : axis] = random.Chance(10) ? 0 : random.Between(1, 9);
            builder.Operand(random.Chance(20), random.Values(type, one, 0, 1));
        }

        return builder.Attribute("axis", axis).Build(Tolerance.Equal);
    }

    private static GeneratedCase Split(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var builder = random.Case();
        var axis = random.Axes(shape.Length, 1, negative: builder.Opset >= 11)[0];
        var count = random.Between(1, 4);
        long[]? sizes = random.Chance(50) ? [.. Enumerable.Range(0, count).Select(_ => (long)random.Between(1, 5))] : null;
        var part = random.Between(1, 5);
        // Since version 18 the last part may be smaller.
        var missing = sizes is null && builder.Opset >= 18 ? random.Between(0, part - 1) : 0;
        shape[axis < 0 ? axis + shape.Length : axis] = sizes is null ? (count * part) - (count > 1 ? missing : 0) : (int)sizes.Sum();
        builder.Input(Values(random, shape)).AttributeOrConstant(13, "split", sizes).Attribute("axis", axis);
        if (sizes is null && builder.Opset >= 18) builder.Attribute("num_outputs", (long)count);
        return builder.Build(Tolerance.Equal, count);
    }

    private static GeneratedCase Slice(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 5));
        var builder = random.Case();
        var stepped = builder.Opset >= 10;
        var axes = random.Axes(shape.Length, negative: stepped);
        long[] steps = [.. axes.Select(_ => stepped && random.Chance(40) ? random.OneOf(-3L, -2, -1, 2, 3) : 1)];
        long[] starts = [.. axes.Select(axis => (long)random.Between(0, Size(axis) - 1))];
        long[] ends = [.. axes.Select((axis, i) => steps[i] > 0 ? random.Between((int)starts[i] + 1, Size(axis)) : random.Between(-1, (int)starts[i] - 1))];
        for (var i = 0; i < axes.Length; i++)
        {
            // −1 would mean the last element; what lies before the first is any number below −size.
            if (ends[i] == -1) ends[i] = random.Chance(50) ? long.MinValue : -Size(axes[i]) - 1;
            else if (ends[i] == Size(axes[i])) ends[i] = random.OneOf(ends[i], long.MaxValue, int.MaxValue);
            else if (random.Chance(30)) ends[i] -= Size(axes[i]);
            if (random.Chance(30)) starts[i] -= Size(axes[i]);
        }

        // Beyond the ends, and ends before starts.
        for (var i = 0; i < axes.Length; i++)
        {
            if (random.Chance(10)) starts[i] = steps[i] > 0 ? -Size(axes[i]) - 3 : Size(axes[i]) + 5;
            else if (random.Chance(5)) (starts[i], ends[i]) = (steps[i] > 0 ? Size(axes[i]) - 1 : 0, steps[i] > 0 ? 0 : Size(axes[i]));
        }

        builder.Input(Values(random, shape));
        var inferred = axes.Length == shape.Length && random.Chance(50) && axes.All(axis => axis >= 0);
        if (!stepped) return builder.Attribute("starts", starts).Attribute("ends", ends).Attribute("axes", inferred ? null : axes).Build(Tolerance.Equal);
        builder.Constant(starts).Constant(ends);
        if (inferred) builder.Absent();
        else builder.Constant(axes);
        if (steps.Any(step => step != 1)) builder.Constant(steps);
        return builder.Build(Tolerance.Equal);

        int Size(long axis) => shape[axis < 0 ? axis + shape.Length : axis];
    }

    private static GeneratedCase Pad(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var builder = random.Case();
        var mode = random.OneOf("constant", "constant", "reflect", "edge", builder.Opset >= 19 ? "wrap" : "edge");
        var axes = builder.Opset >= 18 && random.Chance(30) ? random.Axes(shape.Length) : null;
        long[] padded = axes ?? [.. Enumerable.Range(0, shape.Length)];
        // A reflection does not repeat the edge; a crop leaves something.
        long[] pads = [.. padded.Concat(padded).Select(axis => (long)random.Between(0, Math.Min(4, shape[axis < 0 ? axis + shape.Length : axis] - 1)))];
        if (mode == "constant" && random.Chance(20)) pads = [.. padded.Concat(padded).Select(axis => (long)random.Between(shape[axis < 0 ? axis + shape.Length : axis] > 4 ? -2 : 0, 3))];
        var values = builder.Opset >= 13 && random.Chance(30) ? random.Values(random.OneOf(ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.Int8, ElementType.Float64), shape, 0, 100) : random.Floats(shape);
        builder.Input(values);
        if (mode != "constant" || random.Chance(50)) builder.Attribute("mode", mode);
        if (builder.Opset < 11)
        {
            if (random.Chance(50)) builder.Attribute("value", random.Real(-2, 2));
            return builder.Attribute("pads", pads).Build(Tolerance.Equal);
        }

        builder.Constant(pads);
        if (mode == "constant" && random.Chance(50)) builder.Constant(random.Values(values.ElementType, [], 0, 9));
        else if (axes is not null) builder.Absent();
        if (axes is not null) builder.Constant(axes);
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase Flatten(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 5));
        // Before version 9 there is float only.
        var builder = random.Case();
        builder.Input(builder.Opset < 9 ? random.Floats(shape) : Values(random, shape));
        return builder.Attribute("axis", random.Chance(70) ? random.Between(builder.Opset >= 11 ? -shape.Length : 0, shape.Length) : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase Dropout(CaseRandom random)
    {
        var builder = random.Case().Input(random.Floats(random.Shape(random.Between(1, 4))));
        // The mask of an inference is stated since version 12.
        return builder.Build(Tolerance.Equal, builder.Opset >= 12 ? random.OneOf(1, 2) : 1);
    }

    private static GeneratedCase Reshape(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        // Dimensions next to each other are joined, some split off again.
        var joined = random.Between(0, shape.Length - 1);
        List<long> target = [.. shape[..joined].Select(size => (long)size), shape[joined..].Aggregate(1L, (product, size) => product * size)];
        if (random.Chance(40)) target.Insert(random.Between(0, target.Count), 1);
        if (joined > 0 && target[0] == shape[0] && random.Chance(40)) target[0] = 0;
        if (random.Chance(60)) target[random.Between(Math.Min(1, target.Count - 1), target.Count - 1)] = -1;
        return random.Case().Input(Values(random, shape)).Constant([.. target]).Build(Tolerance.Equal);
    }

    private static GeneratedCase Transpose(CaseRandom random)
    {
        var rank = random.Between(1, 5);
        return random.Case().Input(Values(random, random.ShapeOrEmpty(rank))).Attribute("perm", random.Chance(85) ? random.Permutation(rank) : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase Squeeze(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 5));
        var builder = random.Case();
        var axes = random.Axes(shape.Length, random.Between(1, Math.Min(2, shape.Length)), negative: builder.Opset >= 11);
        foreach (var axis in axes) shape[axis < 0 ? axis + shape.Length : axis] = 1;
        return builder.Input(Values(random, shape)).AttributeOrConstant(13, "axes", random.Chance(80) ? axes : null).Build(Tolerance.Equal);
    }

    private static GeneratedCase Unsqueeze(CaseRandom random)
    {
        var rank = random.Between(0, 4);
        var added = random.Between(1, 2);
        var builder = random.Case();
        var axes = random.Axes(rank + added, added, negative: builder.Opset >= 11);
        if (random.Chance(30)) Array.Reverse(axes);
        return builder.Input(Values(random, random.Shape(rank))).AttributeOrConstant(13, "axes", axes).Build(Tolerance.Equal);
    }

    private static GeneratedCase Expand(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var from = random.Broadcastable(shape);
        // Either side may repeat the other.
        long[] target = [.. shape.Select((size, axis) => axis >= shape.Length - from.Length && from[axis - shape.Length + from.Length] == size && random.Chance(30) ? 1 : (long)size)];
        return random.Case(8).Input(Values(random, from)).Constant(target).Build(Tolerance.Equal);
    }

    private static GeneratedCase Tile(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        return random.Case(7).Input(Values(random, shape)).Constant([.. shape.Select(_ => random.Chance(5) ? 0L : random.Between(1, 3))]).Build(Tolerance.Equal);
    }

    private static GeneratedCase DepthToSpace(CaseRandom random)
    {
        var block = random.Between(1, 3);
        var builder = random.Case().Input(random.Floats(random.Image(2, block * block * random.Between(1, 5)))).Attribute("blocksize", (long)block);
        if (builder.Opset >= 11 && random.Chance(60)) builder.Attribute("mode", random.OneOf("DCR", "CRD"));
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase SpaceToDepth(CaseRandom random)
    {
        var block = random.Between(1, 3);
        var shape = random.Image(2, random.Between(1, 9));
        return random.Case().Input(random.Floats([shape[0], shape[1], block * random.Between(1, 4), block * random.Between(1, 4)])).Attribute("blocksize", (long)block).Build(Tolerance.Equal);
    }

    private static GeneratedCase CenterCropPad(CaseRandom random)
    {
        var shape = random.Shape(random.Between(1, 4));
        var axes = random.Chance(50) ? random.Axes(shape.Length) : null;
        var builder = random.Case(18).Input(Values(random, shape)).Constant([.. Enumerable.Range(0, axes?.Length ?? shape.Length).Select(_ => (long)random.Between(1, 9))]);
        return builder.Attribute("axes", axes).Build(Tolerance.Equal);
    }

    private static GeneratedCase ReverseSequence(CaseRandom random)
    {
        var shape = random.Shape(random.Between(2, 4));
        var batchAxis = random.Between(0, 1);
        var lengths = Tensor.Of<long>([.. Enumerable.Range(0, shape[batchAxis]).Select(_ => (long)random.Between(1, shape[1 - batchAxis]))], shape[batchAxis]);
        return random.Case(10).Input(random.Floats(shape)).Operand(random.Chance(50), lengths).Attribute("batch_axis", (long)batchAxis).Attribute("time_axis", 1L - batchAxis).Build(Tolerance.Equal);
    }
}

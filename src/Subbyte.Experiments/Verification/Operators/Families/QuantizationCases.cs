using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Quantisation, and products of quantised operands.</summary>
internal static class QuantizationCases
{
    private static readonly ElementType[] Bytes = [ElementType.UInt8, ElementType.Int8];

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("QuantizeLinear", 24, QuantizeLinear),
        new("DequantizeLinear", 24, DequantizeLinear),
        new("DynamicQuantizeLinear", 10, DynamicQuantizeLinear),
        new("QLinearConv", 30, QLinearConv),
        new("QLinearMatMul", 20, QLinearMatMul),
        new("ConvInteger", 24, ConvInteger),
        new("MatMulInteger", 20, MatMulInteger),
    ];

    /// <summary>Shape, axis, block size and the shape of the scales: one, one a channel, or one a block.</summary>
    private static (int[] Shape, long Axis, int Block, int[] Scales) Granularity(CaseRandom random, long opset)
    {
        var shape = random.Shape(random.Between(1, 4));
        // ONNX Runtime takes one block of a vector for one scale of all, and refuses the size of the block.
        var kind = opset >= 21 ? random.Between(0, shape.Length > 1 ? 2 : 1) : opset >= 13 ? random.Between(0, 1) : 0;
        var axis = random.Between(0, shape.Length - 1);
        if (kind == 0) return (shape, axis, 0, []);
        if (kind == 1) return (shape, random.Chance(50) ? axis : axis - shape.Length, 0, [shape[axis]]);
        var block = random.Between(2, 8);
        int[] scales = [.. shape];
        scales[axis] = random.Between(1, 4);
        shape[axis] = scales[axis] * block;
        return (shape, axis, block, scales);
    }

    private static GeneratedCase QuantizeLinear(CaseRandom random)
    {
        var builder = random.Case(10);
        var (shape, axis, block, scales) = Granularity(random, builder.Opset);
        var type = builder.Opset >= 21 ? random.OneOf(ElementType.UInt8, ElementType.Int8, ElementType.Int16, ElementType.UInt16) : random.OneOf(Bytes);
        // Multiples of half a step, so that ties are many.
        var steps = random.Values(ElementType.Int32, shape, -600, 600);
        var values = Tensor.Of<float>([.. steps.AsSpan<int>().ToArray().Select(step => step * 0.125f)], shape);
        builder.Input(random.Chance(50) ? values : random.Floats(shape, -40, 40)).Constant(Scales(random, scales));
        if (builder.Opset >= 21 && random.Chance(20)) builder.Attribute("output_dtype", (long)type);
        else if (type != ElementType.UInt8 || random.Chance(70)) builder.Constant(random.Codes(type, scales));
        Attributes(builder, axis, block, scales);
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase DequantizeLinear(CaseRandom random)
    {
        var builder = random.Case(10);
        var (shape, axis, block, scales) = Granularity(random, builder.Opset);
        var type = builder.Opset >= 21 ? random.OneOf(ElementType.UInt8, ElementType.Int8, ElementType.Int16, ElementType.UInt16, ElementType.Int4, ElementType.UInt4) : random.OneOf(ElementType.UInt8, ElementType.Int8, ElementType.Int8, ElementType.Int32);
        // ONNX Runtime's JavaScript has no four-bit inputs; such weights are constants anyway.
        builder.Operand(type is ElementType.Int4 or ElementType.UInt4 || random.Chance(20), random.Codes(type, shape)).Constant(Scales(random, scales));
        if (type != ElementType.Int32 && random.Chance(70)) builder.Constant(random.Codes(type, scales));
        Attributes(builder, axis, block, scales);
        return builder.Build(Tolerance.Equal);
    }

    private static Tensor Scales(CaseRandom random, int[] shape)
    {
        var scales = random.Floats(shape, 0.01f, 1);
        foreach (ref var scale in scales.AsSpan<float>())
        {
            if (random.Chance(50)) scale = random.OneOf(0.25f, 0.5f, 1);
        }

        return scales;
    }

    private static void Attributes(CaseBuilder builder, long axis, int block, int[] scales)
    {
        if (scales.Length > 0) builder.Attribute("axis", axis);
        if (block > 0) builder.Attribute("block_size", (long)block);
    }

    private static GeneratedCase DynamicQuantizeLinear(CaseRandom random)
    {
        var (lowest, highest) = random.OneOf((-2f, 2f), (0.5f, 3f), (-4f, -1f), (-1f, 7f));
        return random.Case(11).Input(random.Floats(random.Shape(random.Between(1, 4)), lowest, highest)).Build(Tolerance.Equal, 3);
    }

    private static GeneratedCase QLinearConv(CaseRandom random)
    {
        var (window, groups, channels, outputs) = Convolution(random);
        var (input, weights) = (random.OneOf(Bytes), random.OneOf(Bytes));
        // ONNX Runtime multiplies signed maps by signed weights only.
        if (input == ElementType.Int8) weights = ElementType.Int8;
        int[] perChannel = random.Chance(50) ? [groups * outputs] : [];
        var builder = random.Case(10).Input(random.Codes(input, window.Image(random, groups * channels))).Constant(random.Floats([], 0.01f, 0.1f)).Constant(random.Codes(input, []));
        builder.Constant(random.Codes(weights, [groups * outputs, channels, .. window.Kernel])).Constant(random.Floats(perChannel, 0.01f, 0.1f)).Constant(ZeroPoint(random, weights, perChannel));
        builder.Constant(random.Floats([], 0.5f, 4)).Constant(random.Codes(input, []));
        if (random.Chance(50)) builder.Constant(random.Values(ElementType.Int32, [groups * outputs], -5000, 5000));
        Attributes(random, builder, window, groups);
        return builder.Build(Tolerance.Equal);
    }

    private static GeneratedCase ConvInteger(CaseRandom random)
    {
        var (window, groups, channels, outputs) = Convolution(random);
        var builder = random.Case(10).Input(random.Codes(ElementType.UInt8, window.Image(random, groups * channels)));
        builder.Operand(random.Chance(80), random.Codes(ElementType.UInt8, [groups * outputs, channels, .. window.Kernel]));
        if (random.Chance(70)) builder.Constant(random.Codes(ElementType.UInt8, []));
        if (random.Chance(50)) builder.Constant(random.Codes(ElementType.UInt8, []));
        Attributes(random, builder, window, groups);
        return builder.Build(Tolerance.Equal);
    }

    /// <summary>Zero of every channel's weights: a signed one is 0 in ONNX Runtime.</summary>
    private static Tensor ZeroPoint(CaseRandom random, ElementType type, int[] shape)
    {
        if (type == ElementType.Int8) return Tensor.Zeros(type, shape);
        var zero = random.Codes(type, shape);
        zero.Bytes.Span.Fill(zero.Bytes.Span[0]);
        return zero;
    }

    private static (RandomWindow Window, int Groups, int Channels, int Outputs) Convolution(CaseRandom random)
    {
        var window = RandomWindow.Draw(random, dilated: true);
        return random.Chance(25) ? (window, random.Width(), 1, 1) : random.Chance(25) ? (window, 2, random.Between(1, 9), random.Between(1, 9)) : (window, 1, random.Width(), random.Width());
    }

    private static void Attributes(CaseRandom random, CaseBuilder builder, RandomWindow window, int groups)
    {
        window.AddTo(builder, random.Chance(70));
        if (groups > 1) builder.Attribute("group", (long)groups);
    }

    private static GeneratedCase QLinearMatMul(CaseRandom random)
    {
        var (left, right, columns) = Matrices(random);
        var (x, w) = (random.OneOf(Bytes), random.OneOf(Bytes));
        if (x == ElementType.Int8) w = ElementType.Int8;
        var builder = random.Case(10).Input(random.Codes(x, left)).Constant(random.Floats([], 0.01f, 0.1f)).Constant(random.Codes(x, []));
        int[] perColumn = random.Chance(40) && right.Length == 2 ? [columns] : [];
        builder.Operand(random.Chance(70), random.Codes(w, right)).Constant(random.Floats(perColumn, 0.01f, 0.1f)).Constant(random.Codes(w, perColumn));
        return builder.Constant(random.Floats([], 0.5f, 4)).Constant(random.Codes(x, [])).Build(Tolerance.Equal);
    }

    private static GeneratedCase MatMulInteger(CaseRandom random)
    {
        var (left, right, columns) = Matrices(random);
        var (x, w) = (random.OneOf(Bytes), random.OneOf(Bytes));
        var builder = random.Case(10).Input(random.Codes(x, left)).Operand(random.Chance(70), random.Codes(w, right));
        if (random.Chance(70)) builder.Constant(random.Codes(x, []));
        else builder.Absent();
        if (random.Chance(60)) builder.Constant(random.Codes(w, random.Chance(50) && right.Length == 2 ? [columns] : []));
        return builder.Build(Tolerance.Equal);
    }

    private static (int[] Left, int[] Right, int Columns) Matrices(CaseRandom random)
    {
        var (rows, depth, columns) = (random.Between(1, 9), random.Depth(), random.Depth());
        int[] batch = random.Chance(60) ? [] : [.. Enumerable.Range(0, random.Between(1, 2)).Select(_ => random.Between(1, 3))];
        return ([.. batch, rows, depth], [.. random.Chance(60) ? [] : batch, depth, columns], columns);
    }
}

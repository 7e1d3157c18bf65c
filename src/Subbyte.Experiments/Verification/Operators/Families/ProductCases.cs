using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Matrix products and convolutions in floating point.</summary>
internal static class ProductCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Conv", 60, Conv),
        new("ConvTranspose", 40, ConvTranspose),
        new("Gemm", 30, Gemm),
        new("MatMul", 30, MatMul),
    ];

    private static GeneratedCase Conv(CaseRandom random)
    {
        var window = RandomWindow.Draw(random, dilated: true);
        var (groups, channels, outputs) = Channels(random);
        var builder = random.Case().Input(random.Floats(window.Image(random, groups * channels)));
        builder.Operand(random.Chance(85), random.Floats([groups * outputs, channels, .. window.Kernel]));
        if (random.Chance(50)) builder.Constant(random.Floats([groups * outputs]));
        window.AddTo(builder, random.Chance(70));
        if (groups > 1 || random.Chance(30)) builder.Attribute("group", (long)groups);
        return builder.Build(Tolerance.Sum(channels * window.Positions + 1));
    }

    private static GeneratedCase ConvTranspose(CaseRandom random)
    {
        var window = RandomWindow.Draw(random, dilated: true, transposed: true);
        var (groups, channels, outputs) = Channels(random);
        var image = window.Image(random, groups * channels);
        var builder = random.Case().Input(random.Floats(image));
        builder.Operand(random.Chance(85), random.Floats([groups * channels, outputs, .. window.Kernel]));
        if (random.Chance(50)) builder.Constant(random.Floats([groups * outputs]));
        window.AddTo(builder, random.Chance(70));
        if (groups > 1 || random.Chance(30)) builder.Attribute("group", (long)groups);
        // ONNX lets it be as large as the dilation too; ONNX Runtime does not.
        if (random.Chance(20)) builder.Attribute("output_shape", image.Skip(2).Select((size, axis) => (long)((size - 1) * window.Strides[axis]) + ((window.Kernel[axis] - 1) * window.Dilations[axis]) + 1 - random.Between(0, window.Kernel[axis] - 1)).ToArray());
        else if (random.Chance(30)) builder.Attribute("output_padding", window.Strides.Select(stride => (long)random.Between(0, (int)stride - 1)).ToArray());
        return builder.Build(Tolerance.Sum(channels * window.Positions + 1));
    }

    /// <summary>Groups, and input and output channels of each: dense, grouped or depthwise.</summary>
    private static (int Groups, int Channels, int Outputs) Channels(CaseRandom random) => random.Between(0, 3) switch
    {
        0 => (random.Width(), 1, random.Chance(75) ? 1 : 2),
        1 => (random.Between(2, 4), random.Between(1, 9), random.Between(1, 9)),
        2 => (1, random.Width(), random.Width()),
        _ => (1, random.Chance(80) ? random.Width() : random.Between(41, 150), random.Chance(80) ? random.Width() : random.Between(41, 150)),
    };

    private static GeneratedCase Gemm(CaseRandom random)
    {
        var (rows, depth, columns) = (random.Between(1, 9), random.Depth(), random.Depth());
        var (left, right) = (random.Chance(25), random.Chance(50));
        var builder = random.Case(7).Input(random.Floats(left ? [depth, rows] : [rows, depth])).Operand(random.Chance(70), random.Floats(right ? [columns, depth] : [depth, columns]));
        if (builder.Opset < 11 || random.Chance(70)) builder.Operand(random.Chance(70), random.Floats(random.OneOf<int[]>([columns], [1, columns], [rows, columns], [rows, 1], [1], [])));
        if (left) builder.Attribute("transA", 1L);
        if (right) builder.Attribute("transB", 1L);
        if (random.Chance(40)) builder.Attribute("alpha", random.Real(-2, 2));
        if (random.Chance(40)) builder.Attribute("beta", random.Real(-2, 2));
        return builder.Build(Tolerance.Sum(depth + 4));
    }

    private static GeneratedCase MatMul(CaseRandom random)
    {
        var (rows, depth, columns) = (random.Between(1, 9), random.Depth(), random.Depth());
        var type = random.Chance(15) ? random.OneOf(ElementType.Float64, ElementType.Int32, ElementType.Int64) : ElementType.Float32;
        int[] batch = random.Chance(50) ? [] : [.. Enumerable.Range(0, random.Between(1, 3)).Select(_ => random.Between(1, 4))];
        // ONNX Runtime leaves the result as it finds it where a vector has no elements.
        var empty = random.Chance(4);
        if (empty) depth = 0;
        int[] left = !empty && random.Chance(10) ? [depth] : [.. random.Chance(70) ? batch : random.Broadcastable(batch), rows, depth];
        int[] right = !empty && random.Chance(10) ? [depth] : [.. random.Chance(50) ? [] : random.Chance(50) ? batch : random.Broadcastable(batch), depth, columns];
        var builder = random.Case(type == ElementType.Float32 ? 7 : 9).Input(random.Values(type, left, -9, 9)).Operand(random.Chance(60), random.Values(type, right, -9, 9));
        return builder.Build(Tolerance.Sum(depth));
    }
}

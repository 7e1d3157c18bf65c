using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Pooling.</summary>
internal static class PoolingCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("MaxPool", 40, MaxPool),
        new("AveragePool", 40, AveragePool),
        new("LpPool", 12, LpPool),
        new("MaxUnpool", 8, MaxUnpool),
        new("GlobalAveragePool", 12, random => Global(random, random.Case())),
        new("GlobalMaxPool", 10, random => Global(random, random.Case(), Tolerance.Equal)),
        new("GlobalLpPool", 6, random => Global(random, random.Case().Attribute("p", random.OneOf(1L, 2L)), Tolerance.Largest(8))),
    ];

    private static GeneratedCase MaxPool(CaseRandom random)
    {
        var window = RandomWindow.Draw(random, dilated: true, narrowPads: true);
        var builder = random.Case(window.Dilations.Any(dilation => dilation != 1) ? 10 : 8);
        var type = builder.Opset >= 12 && random.Chance(15) ? random.OneOf(ElementType.Int8, ElementType.UInt8) : ElementType.Float32;
        // No infinities and NaN: ONNX Runtime's maximum begins with the lowest finite number or with −∞, and finds NaN or not, shape by shape.
        builder.Input(random.Values(type, window.Image(random, random.Width()), -100, 100));
        window.AddTo(builder, withKernel: true);
        AddRounding(random, builder, window, 10);
        if (random.Chance(15)) builder.Attribute("storage_order", 0L);
        return builder.Build(Tolerance.Equal, random.Chance(20) ? 2 : 1);
    }

    private static GeneratedCase AveragePool(CaseRandom random)
    {
        var builder = random.Case();
        var window = RandomWindow.Draw(random, dilated: builder.Opset >= 19, narrowPads: true);
        builder.Input(random.Floats(window.Image(random, random.Width())));
        window.AddTo(builder, withKernel: true);
        var rounded = AddRounding(random, builder, window, 10);
        // A last window beyond the padding counts whole in ONNX's own cases, and up to the padding in ONNX Runtime.
        if (random.Chance(50)) builder.Attribute("count_include_pad", rounded ? 0L : random.OneOf(0L, 1L));
        return builder.Build(Tolerance.Sum(window.Positions + 1));
    }

    private static GeneratedCase LpPool(CaseRandom random)
    {
        var builder = random.Case(11);
        var window = RandomWindow.Draw(random, dilated: builder.Opset >= 18, narrowPads: true);
        builder.Input(random.Floats(window.Image(random, random.Width())));
        window.AddTo(builder, withKernel: true);
        AddRounding(random, builder, window, 18);
        if (random.Chance(60)) builder.Attribute("p", (long)random.Between(1, 3));
        return builder.Build(Tolerance.Largest(8));
    }

    private static GeneratedCase MaxUnpool(CaseRandom random)
    {
        var (size, channels, rows, columns) = (random.Between(1, 3), random.Width(), random.Between(1, 6), random.Between(1, 6));
        // Each maximum lies in its own window, so that no place is written twice.
        var indices = Tensor.Zeros(ElementType.Int64, 1, channels, rows, columns);
        for (var i = 0; i < indices.Length; i++)
        {
            var (row, column, channel) = ((i / columns % rows * size) + random.Between(0, size - 1), (i % columns * size) + random.Between(0, size - 1), i / (rows * columns));
            indices.AsSpan<long>()[i] = (((channel * rows * size) + row) * columns * size) + column;
        }

        var builder = random.Case(9).Input(random.Floats(indices.Dimensions)).Operand(random.Chance(50), indices);
        return builder.Attribute("kernel_shape", [size, size]).Attribute("strides", [size, size]).Build(Tolerance.Equal);
    }

    /// <summary>Rounds the output's shape up, at times. ONNX Runtime does so with automatic padding too, where ONNX has a formula of its own.</summary>
    private static bool AddRounding(CaseRandom random, CaseBuilder builder, RandomWindow window, long since)
    {
        if (builder.Opset < since || window.IsAutomatic || !random.Chance(40)) return false;
        builder.Attribute("ceil_mode", 1L);
        return true;
    }

    private static GeneratedCase Global(CaseRandom random, CaseBuilder builder, Tolerance? tolerance = null)
    {
        var image = random.Image(random.Between(1, 3), random.Width());
        return builder.Input(random.Floats(image)).Build(tolerance ?? Tolerance.Sum(ElementTypes.ElementCount(image.AsSpan(2)) + 1));
    }
}

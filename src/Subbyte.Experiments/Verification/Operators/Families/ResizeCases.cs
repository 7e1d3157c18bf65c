using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>Resampling.</summary>
internal static class ResizeCases
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorCases> All { get; } =
    [
        new("Resize", 50, Resize),
        new("Upsample", 10, Upsample),
    ];

    private static GeneratedCase Resize(CaseRandom random)
    {
        var builder = random.Case(11);
        var shape = random.Image(2, random.Width());
        var mode = random.OneOf("nearest", "linear", "linear");
        var transformation = random.OneOf("half_pixel", "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel");
        builder.Input(random.Floats(shape));
        // No region of interest: before version 13 its place has to be taken.
        if (builder.Opset < 13) builder.Constant(Tensor.Zeros(ElementType.Float32, 0));
        else builder.Absent();
        // Factors scale to fractions of an element, which ONNX keeps in the distance of aligned corners and ONNX Runtime cuts off.
        if (transformation != "align_corners" && random.Chance(50))
        {
            builder.Constant(Tensor.Of<float>([1, 1, Factor(random), Factor(random)]));
        }
        else
        {
            if (builder.Opset < 13) builder.Constant(Tensor.Zeros(ElementType.Float32, 0));
            else builder.Absent();
            builder.Constant(shape[0], shape[1], random.Between(1, 20), random.Between(1, 20));
        }

        builder.Attribute("mode", mode).Attribute("coordinate_transformation_mode", transformation);
        if (mode == "nearest" && random.Chance(70)) builder.Attribute("nearest_mode", random.OneOf("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        return builder.Build(mode == "nearest" ? Tolerance.Equal : Tolerance.Largest(64));
    }

    // Powers of two and their like: products of coordinates that are exact, so that no rounding decides which element is nearest.
    private static float Factor(CaseRandom random) => random.OneOf(0.5f, 1, 1, 2, 2, 4, 1.5f, 0.75f, 3);

    private static GeneratedCase Upsample(CaseRandom random)
    {
        var mode = random.OneOf("nearest", "linear");
        float[] scales = [1, 1, random.Between(1, 3), random.Between(1, 3)];
        var builder = random.Case(7, 9).Input(random.Floats(random.Image(2, random.Width()))).Attribute("mode", mode);
        if (builder.Opset < 9) builder.Attribute("scales", scales);
        else builder.Constant(Tensor.Of<float>(scales));
        return builder.Build(mode == "nearest" ? Tolerance.Equal : Tolerance.Largest(8));
    }
}

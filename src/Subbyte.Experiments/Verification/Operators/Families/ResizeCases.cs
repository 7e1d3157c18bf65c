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
        var mode = random.OneOf("nearest", "linear", "linear", "cubic");
        var transformation = random.OneOf("half_pixel", "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", builder.Opset >= 19 ? "half_pixel_symmetric" : "asymmetric");
        builder.Input(random.Floats(shape));
        // No region of interest: before version 13 its place has to be taken.
        if (builder.Opset < 13) builder.Constant(Tensor.Zeros(ElementType.Float32, 0));
        else builder.Absent();
        // Factors scale to fractions of an element, which ONNX keeps in these two and ONNX Runtime cuts off.
        if (transformation is not ("align_corners" or "pytorch_half_pixel") && random.Chance(50))
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
        if (mode == "cubic" && random.Chance(50)) builder.Attribute("cubic_coeff_a", random.OneOf(-0.5f, -0.75f)).Attribute("exclude_outside", random.OneOf(0L, 1L));
        if (mode != "nearest" && builder.Opset >= 18 && random.Chance(25)) builder.Attribute("antialias", 1L);
        if (mode == "nearest" && random.Chance(70)) builder.Attribute("nearest_mode", random.OneOf("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        return builder.Build(mode == "nearest" ? Tolerance.Equal : Tolerance.Largest(32));
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
        return builder.Build(mode == "nearest" ? Tolerance.Equal : Tolerance.Largest(2));
    }
}

using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Resize and Upsample against values of the standard's examples and plain rules.</summary>
public sealed class ResizeOperatorTests
{
    [Theory]
    [InlineData("round_prefer_floor", "half_pixel", new double[] { 0, 0, 1, 1, 2, 2 })]
    [InlineData("floor", "asymmetric", new double[] { 0, 0, 1, 1, 2, 2 })]
    [InlineData("ceil", "asymmetric", new double[] { 0, 1, 1, 2, 2, 2 })]
    [InlineData("round_prefer_ceil", "asymmetric", new double[] { 0, 1, 1, 2, 2, 2 })]
    [InlineData("floor", "align_corners", new double[] { 0, 0, 0, 1, 1, 2 })]
    [InlineData("floor", "tf_half_pixel_for_nn", new double[] { 0, 0, 1, 1, 2, 2 })]
    public void The_nearest_position_is_repeated_for_every_element_type(string rounding, string coordinates, double[] expected)
    {
        foreach (var type in Elements.AllTypes.Where(type => type is not (ElementType.Boolean or ElementType.Int2)))
        {
            var node = new SingleNode("Resize", ("mode", "nearest"), ("nearest_mode", rounding), ("coordinate_transformation_mode", coordinates)) { Constants = [2] };
            node.Run(Elements.Counting(type, 3), null, Tensor.Of<float>([2]))[0].Numbers().ShouldBe(expected, $"{type}");
        }
    }

    [Theory]
    [InlineData("linear", "half_pixel", 2f, new[] { 1, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4 })]
    [InlineData("linear", "asymmetric", 2f, new[] { 1, 1.5, 2, 2.5, 3, 3.5, 4, 4 })]
    [InlineData("linear", "align_corners", 2f, new[] { 1, 1.428571, 1.857143, 2.285714, 2.714286, 3.142857, 3.571429, 4 })]
    [InlineData("linear", "align_corners", 0.6f, new[] { 1, 3.142857 })]
    [InlineData("linear", "pytorch_half_pixel", 0.25f, new[] { 1.0 })]
    [InlineData("linear", "half_pixel_symmetric", 0.6f, new[] { 1.666667, 3.333333 })]
    [InlineData("cubic", "half_pixel", 2f, new[] { 0.894531, 1.191406, 1.667969, 2.296875, 2.703125, 3.332031, 3.808594, 4.105469 })]
    public void Values_lie_between_their_neighbours(string mode, string coordinates, float scale, double[] expected)
    {
        var node = new SingleNode("Resize", ("mode", mode), ("coordinate_transformation_mode", coordinates)) { Constants = [2] };
        var actual = node.Run(Tensor.Of<float>([1, 2, 3, 4]), null, Tensor.Of<float>([scale]))[0].Numbers();
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++) actual[i].ShouldBe(expected[i], 1e-5, $"element {i}");
    }

    [Fact]
    public void Every_axis_is_resized_by_itself_whatever_the_layout()
    {
        var random = new Random(1);
        for (var draw = 0; draw < 40; draw++)
        {
            var x = Tensor.Of<float>(random.Gaussians(2 * 3 * 5 * 4), 2, 3, 5, 4);
            (string, AttributeValue)[] attributes = [("mode", draw % 2 == 0 ? "linear" : "cubic"), ("antialias", draw / 2 % 2), ("exclude_outside", draw / 4 % 2)];
            var (height, width) = (random.Next(1, 12), random.Next(1, 12));
            var both = Resize(attributes, [2, 3], x, height, width);
            var first = Resize(attributes, [-2], x, height);
            var second = Resize(attributes, [3], first, width);
            both.Dimensions.ToArray().ShouldBe([2, 3, height, width]);
            both.Numbers().ShouldBe(second.Numbers());
            var pool = new SingleNode("MaxPool", ("kernel_shape", new long[] { 1, 1 })).Run(x)[0];
            Resize(attributes, [2, 3], pool, height, width).Numbers().ShouldBe(both.Numbers());
        }
    }

    [Fact]
    public void Weights_sum_to_one()
    {
        var random = new Random(2);
        var ones = Tensor.Of<float>(Enumerable.Repeat(1f, 11).ToArray());
        for (var draw = 0; draw < 60; draw++)
        {
            (string, AttributeValue)[] attributes = [("mode", draw % 2 == 0 ? "linear" : "cubic"), ("antialias", draw / 2 % 2), ("exclude_outside", draw / 4 % 2), ("cubic_coeff_a", -0.5f)];
            foreach (var value in Resize(attributes, [0], ones, random.Next(1, 40)).Numbers()) value.ShouldBe(1, 1e-6);
        }
    }

    [Fact]
    public void A_region_of_interest_is_cropped_and_what_lies_outside_is_filled()
    {
        var node = new SingleNode("Resize", ("mode", "linear"), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 10f)) { Constants = [1, 3] };
        node.Run(Tensor.Of<float>([1, 2, 3, 4]), Tensor.Of<float>([1f / 3, 2]), null, Elements.Longs(6))[0].Numbers().ShouldBe([2, 3, 4, 10, 10, 10], 1e-5);
    }

    [Theory]
    [InlineData("not_larger", 4, 6)]
    [InlineData("not_smaller", 6, 9)]
    [InlineData("stretch", 6, 6)]
    public void Ratios_are_kept_where_they_are_to_be(string policy, int height, int width)
        => new SingleNode("Resize", ("mode", "nearest"), ("keep_aspect_ratio_policy", policy)) { Constants = [3] }
            .Run(Elements.Counting(ElementType.Float32, 2, 3), null, null, Elements.Longs(6, 6))[0].Dimensions.ToArray().ShouldBe([height, width]);

    [Fact]
    public void Older_forms_take_scales_alone()
    {
        var x = Elements.Counting(ElementType.Float32, 3);
        new SingleNode("Upsample", ("mode", "nearest"), ("scales", new[] { 2f })) { Opset = 7 }.Run(x)[0].Numbers().ShouldBe([0, 0, 1, 1, 2, 2]);
        new SingleNode("Upsample", ("mode", "linear")) { Opset = 9, Constants = [1] }.Run(x, Tensor.Of<float>([2]))[0].Numbers().ShouldBe([0, 0.5, 1, 1.5, 2, 2]);
        new SingleNode("Resize", ("mode", "nearest")) { Opset = 10, Constants = [1] }.Run(x, Tensor.Of<float>([2]))[0].Numbers().ShouldBe([0, 0, 1, 1, 2, 2]);
    }

    [Fact]
    public void What_cannot_be_resized_is_refused()
    {
        var x = Elements.Counting(ElementType.Float32, 3);
        new SingleNode("Resize") { Constants = [2] }.Refusal(x, null, Tensor.Of<float>([1e9f])).ShouldContain("'only' (Resize)");
        new SingleNode("Resize") { Constants = [2] }.Refusal(x, null, Tensor.Of<float>([float.NaN])).ShouldContain("NaN");
        new SingleNode("Resize") { Constants = [2] }.Refusal(x, null, Tensor.Of<float>([-1])).ShouldContain("-1");
        new SingleNode("Resize").Refusal(x).ShouldContain("scales or sizes");
        new SingleNode("Resize", ("coordinate_transformation_mode", "tf_crop_and_resize")) { Constants = [1, 2] }.Refusal(x, Tensor.Of<float>([float.NaN, 1]), Tensor.Of<float>([2])).ShouldContain("roi");
        new SingleNode("Resize", ("antialias", 1)) { Constants = [3] }.Refusal(x, null, null, Elements.Longs(2)).ShouldContain("antialias");
        new SingleNode("Resize") { Constants = [3] }.Refusal(Elements.Counting(ElementType.Float32, 1, 1), null, null, Elements.Longs(1 << 24, 1 << 24)).ShouldContain("larger");
    }

    private static Tensor Resize((string Name, AttributeValue Value)[] attributes, int[] axes, Tensor x, params int[] sizes)
        => new SingleNode("Resize", [.. attributes, ("axes", RandomWindow.Longs(axes))]) { Constants = [3] }.Run(x, null, null, Elements.Longs(RandomWindow.Longs(sizes)))[0];
}

using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Operators whose results are known once shapes are, and conversions between types.</summary>
public sealed class ConstantOperatorTests
{
    [Fact]
    public void Constants_come_in_every_form_of_numbers()
    {
        Constant("value", Tensor.Of<sbyte>([1, 2])).Numbers().ShouldBe([1, 2]);
        Constant("value_float", 2.5f).Rank.ShouldBe(0);
        Constant("value_int", 7L).ElementType.ShouldBe(ElementType.Int64);
        Constant("value_floats", new[] { 1f, 2f }).Numbers().ShouldBe([1, 2]);
        Constant("value_ints", new[] { 3L, 4L, 5L }).Numbers().ShouldBe([3, 4, 5]);
        new SingleNode("Constant", ("value_string", "text")).Refusal().ShouldContain("value_string");
        new SingleNode("Constant").Refusal().ShouldContain("attribute");

        static Tensor Constant(string name, AttributeValue value) => new SingleNode("Constant", (name, value)).Run()[0];
    }

    [Fact]
    public void Shapes_are_filled_and_told()
    {
        var filled = new SingleNode("ConstantOfShape", ("value", Tensor.Of<long>([9]))) { Constants = [0] }.Run(Elements.Longs(2, 3))[0];
        filled.Dimensions.ToArray().ShouldBe([2, 3]);
        filled.Numbers().ShouldAllBe(value => value == 9);
        new SingleNode("ConstantOfShape") { Constants = [0] }.Run(Elements.Longs(0))[0].Length.ShouldBe(0);
        new SingleNode("ConstantOfShape", ("value", Elements.Of(ElementType.Int4, [-3], 1))) { Constants = [0] }.Run(Elements.Longs(3))[0].Numbers().ShouldBe([-3, -3, -3]);
        new SingleNode("ConstantOfShape") { Constants = [0] }.Refusal(Elements.Longs(-1)).ShouldContain("-1");
        new SingleNode("ConstantOfShape") { Constants = [0] }.Refusal(Elements.Longs(1 << 20, 1 << 20)).ShouldContain("too large");
        var x = Tensor.Zeros(ElementType.Float32, 3, 4, 5);
        new SingleNode("Shape").Run(x)[0].Numbers().ShouldBe([3, 4, 5]);
        new SingleNode("Shape", ("start", -2), ("end", -1)).Run(x)[0].Numbers().ShouldBe([4]);
        new SingleNode("Shape", ("start", 2), ("end", 1)).Run(x)[0].Length.ShouldBe(0);
        new SingleNode("Shape", ("start", -9), ("end", 9)).Run(x)[0].Length.ShouldBe(3);
        new SingleNode("Size").Run(x)[0].Numbers().ShouldBe([60]);
        new SingleNode("EyeLike", ("k", 1L), ("dtype", (long)ElementType.Int32)).Run(Tensor.Zeros(ElementType.Float32, 2, 3))[0].Numbers().ShouldBe([0, 1, 0, 0, 0, 1]);
        new SingleNode("EyeLike", ("k", -5L)).Run(Tensor.Zeros(ElementType.Float32, 2, 2))[0].Numbers().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Ranges_count_either_way_and_leave_the_limit_out()
    {
        Range(Tensor.Scalar(1f), Tensor.Scalar(5f), Tensor.Scalar(1.5f)).ShouldBe([1, 2.5, 4]);
        Range(Tensor.Scalar(10), Tensor.Scalar(6), Tensor.Scalar(-3)).ShouldBe([10, 7]);
        Range(Tensor.Scalar(0L), Tensor.Scalar(4L), Tensor.Scalar(2L)).ShouldBe([0, 2]);
        Range(Tensor.Scalar(3L), Tensor.Scalar(3L), Tensor.Scalar(1L)).ShouldBeEmpty();
        Range(Tensor.Scalar(3L), Tensor.Scalar(1L), Tensor.Scalar(1L)).ShouldBeEmpty();
        Range(Tensor.Scalar((Half)0), Tensor.Scalar((Half)1), Tensor.Scalar((Half)0.25)).ShouldBe([0, 0.25, 0.5, 0.75]);
        Node().Refusal(Tensor.Scalar(0L), Tensor.Scalar(4L), Tensor.Scalar(0L)).ShouldContain("step");
        Node().Refusal(Tensor.Scalar(long.MinValue), Tensor.Scalar(long.MaxValue), Tensor.Scalar(1L)).ShouldContain("too many");
        Node().Refusal(Tensor.Scalar(0f), Tensor.Scalar(float.PositiveInfinity), Tensor.Scalar(1f)).ShouldContain("too many");

        static SingleNode Node() => new("Range") { Constants = [0, 1, 2] };
        static double[] Range(Tensor start, Tensor limit, Tensor delta) => Node().Run(start, limit, delta)[0].Numbers();
    }

    [Fact]
    public void Triangles_end_at_a_diagonal_that_may_lie_outside()
    {
        var x = Elements.Of(ElementType.Int32, Enumerable.Range(1, 24).Select(i => (double)i), 2, 3, 4);
        for (var k = -6; k <= 6; k++)
        {
            foreach (var upper in new[] { 0L, 1L })
            {
                var expected = x.Numbers().Select((value, i) => upper != 0 ? i % 4 >= (i / 4 % 3) + k ? value : 0 : i % 4 <= (i / 4 % 3) + k ? value : 0);
                new SingleNode("Trilu", ("upper", upper)).Run(x, Tensor.Scalar((long)k))[0].Numbers().ShouldBe(expected, $"k = {k}, upper = {upper}");
            }
        }

        new SingleNode("Trilu").Run(Elements.Of(ElementType.Int4, [1, 2, 3, 4], 2, 2))[0].Numbers().ShouldBe([1, 2, 0, 4]);
        new SingleNode("Trilu").Run(x, Tensor.Scalar(long.MaxValue))[0].Numbers().ShouldAllBe(value => value == 0);
        new SingleNode("Trilu", ("upper", 0)).Run(x, Tensor.Scalar(long.MinValue))[0].Numbers().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Casts_round_saturate_or_keep_low_bits()
    {
        var x = Tensor.Of<float>([-3.7f, -2, 1.5f, 300, float.NaN]);
        Cast(x, ElementType.Int32).ShouldBe([-3, -2, 1, 300, 0]);
        Cast(x, ElementType.Int8).ShouldBe([-3, -2, 1, 127, 0]);
        Cast(x, ElementType.Boolean).ShouldBe([1, 1, 1, 1, 1]);
        Cast(Tensor.Of<float>([-9, -8, 7, 8, 15]), ElementType.Int4).ShouldBe([7, -8, 7, -8, -1]);
        Cast(Tensor.Of<float>([-3, -1, 2, 3]), ElementType.Int2).ShouldBe([1, -1, -2, -1]);
        Cast(Tensor.Of<long>([257, -1]), ElementType.UInt8).ShouldBe([1, 255]);
        Cast(Tensor.Of<float>([1 + (1f / 256), 1 + (3f / 256)]), ElementType.BFloat16).ShouldBe([1, 1 + (4.0 / 256)]);
        new SingleNode("CastLike").Run(x, Tensor.Scalar((short)1))[0].ElementType.ShouldBe(ElementType.Int16);
        new SingleNode("Cast", ("to", 17)).Refusal(x).ShouldContain("17");
        new SingleNode("Cast").Refusal(x).ShouldContain("'to'");

        static double[] Cast(Tensor tensor, ElementType type) => new SingleNode("Cast", ("to", (long)type)).Run(tensor)[0].Numbers();
    }
}

using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Operators that move elements, against walks over logical indices, for every element type.</summary>
public sealed class ShapeOperatorTests
{
    public static TheoryData<ElementType> Types => [.. Elements.AllTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void Transposes_of_every_order_are_walks_over_permuted_axes(ElementType type)
    {
        var x = Elements.Counting(type, 2, 3, 5, 4);
        foreach (var order in Orders(4))
        {
            int[] shape = [.. order.Select(axis => x.Dimensions[axis])];
            Check(Single(new SingleNode("Transpose", ("perm", Longs(order))), x), type, shape, Walk(shape, index => At(x, [.. Enumerable.Range(0, 4).Select(axis => index[Array.IndexOf(order, axis)])])));
        }
    }

    [Fact]
    public void Large_transposes_go_tile_by_tile()
    {
        var x = Tensor.Of<float>(new Random(1).Gaussians(3 * 37 * 53), 3, 37, 53);
        Check(Single(new SingleNode("Transpose", ("perm", new long[] { 0, 2, 1 })), x), ElementType.Float32, [3, 53, 37], Walk([3, 53, 37], index => At(x, [index[0], index[2], index[1]])));
        Check(Single(new SingleNode("Transpose"), x), ElementType.Float32, [53, 37, 3], Walk([53, 37, 3], index => At(x, [index[2], index[1], index[0]])));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_split_and_joined_again_is_what_it_was(ElementType type)
    {
        var x = Elements.Counting(type, 3, 7, 2);
        var parts = new SingleNode("Split", ("axis", 1)) { Outputs = 4, Constants = [1] }.Run(x, Elements.Longs(2, 0, 4, 1));
        parts.Select(part => part.Dimensions[1]).ShouldBe([2, 0, 4, 1]);
        Check(Single(new SingleNode("Concat", ("axis", -2)), parts), type, [3, 7, 2], x.Numbers());
        Check(parts[2], type, [3, 4, 2], Walk([3, 4, 2], index => At(x, [index[0], index[1] + 2, index[2]])));
    }

    [Fact]
    public void Split_takes_its_sizes_as_each_opset_says()
    {
        var x = Elements.Counting(ElementType.Float32, 7, 2);
        new SingleNode("Split", ("split", new long[] { 3, 4 })) { Opset = 6, Outputs = 2 }.Run(x)[1].Numbers().ShouldBe(Enumerable.Range(6, 8).Select(i => (double)i));
        new SingleNode("Split", ("num_outputs", 3)) { Opset = 18, Outputs = 3 }.Run(x).Select(part => part.Dimensions[0]).ShouldBe([3, 3, 1]);
        new SingleNode("Split") { Opset = 13, Outputs = 7 }.Run(x).Select(part => part.Dimensions[0]).ShouldAllBe(size => size == 1);
        new SingleNode("Split") { Opset = 13, Outputs = 2 }.Refusal(x).ShouldContain("equal parts");
        new SingleNode("Split", ("split", new long[] { 3, 5 })) { Opset = 6, Outputs = 2 }.Refusal(x).ShouldContain("3, 5");
        new SingleNode("Split", ("num_outputs", 2)) { Opset = 18, Outputs = 3 }.Refusal(x).ShouldContain("2 parts");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Gather_takes_slices_from_either_end(ElementType type)
    {
        var x = Elements.Counting(type, 2, 4, 3);
        foreach (var constants in new int[][] { [], [1] })
        {
            var node = new SingleNode("Gather", ("axis", 1)) { Constants = constants };
            Check(Single(node, x, Tensor.Of<long>([3, -4, 1, -1], 2, 2)), type, [2, 2, 2, 3], Walk([2, 2, 2, 3], index => At(x, [index[0], new[] { 3, 0, 1, 3 }[(index[1] * 2) + index[2]], index[3]])));
            node.Refusal(x, Tensor.Of<int>([4], 1)).ShouldSatisfyAllConditions(message => message.ShouldContain("'only'"), message => message.ShouldContain("index 4"));
            node.Refusal(x, Tensor.Of<long>([long.MinValue], 1)).ShouldContain("outside an axis of 4");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Gathered_elements_keep_their_place_but_for_the_axis(ElementType type)
    {
        var x = Elements.Counting(type, 3, 4);
        var indices = Tensor.Of<long>([2, -3, 0, 1, 1, -1], 2, 3);
        Check(Single(new SingleNode("GatherElements"), x, indices), type, [2, 3], Walk([2, 3], index => At(x, [(int)((At(indices, index) + 3) % 3), index[1]])));
        new SingleNode("GatherElements").Refusal(x, Tensor.Of<long>([3], 1, 1)).ShouldContain("index 3");
        new SingleNode("GatherElements").Refusal(x, Tensor.Of<long>([0, 0, 0, 0, 0], 1, 5)).ShouldContain("beyond");
    }

    [Fact]
    public void Tuples_of_indices_name_slices()
    {
        var x = Elements.Counting(ElementType.Int32, 2, 3, 4);
        Single(new SingleNode("GatherND"), x, Tensor.Of<long>([1, 2, 0, -1], 2, 2)).Numbers().ShouldBe([20, 21, 22, 23, 8, 9, 10, 11]);
        Single(new SingleNode("GatherND", ("batch_dims", 1)), x, Tensor.Of<long>([2, -3], 2, 1)).Numbers().ShouldBe([8, 9, 10, 11, 12, 13, 14, 15]);
        Single(new SingleNode("GatherND"), x, Tensor.Of<long>([1, 1, 1], 3)).Numbers().ShouldBe([17]);
        new SingleNode("GatherND").Refusal(x, Tensor.Of<long>([2, 0], 1, 2)).ShouldContain("index 2");
    }

    [Theory]
    [InlineData("none", 5, 7)]
    [InlineData("add", 12, 16)]
    [InlineData("mul", 30, 84)]
    [InlineData("min", 1, 1)]
    [InlineData("max", 6, 7)]
    public void Updates_are_scattered_in_order(string reduction, double first, double second)
    {
        foreach (var type in Elements.AllTypes.Where(type => type.BitWidth() > 7 && type != ElementType.Boolean))
        {
            var x = Elements.Of(type, [1, 2, 3, 4], 4);
            var updates = Elements.Of(type, [6, 1, 5, 6, 7], 5);
            var y = Single(new SingleNode("ScatterElements", ("reduction", reduction)), x, Elements.Longs(0, 1, -4, 1, 1), updates);
            var z = Single(new SingleNode("ScatterND", ("reduction", reduction)), x, Tensor.Of<long>([0, 1, -4, 1, 1], 5, 1), updates);
            y.Numbers().ShouldBe([first, second, 3, 4], $"{type}");
            z.Numbers().ShouldBe(y.Numbers());
        }
    }

    [Fact]
    public void Sizes_of_one_come_and_go()
    {
        var x = Elements.Counting(ElementType.Int4, 1, 3, 1, 2);
        new SingleNode("Squeeze").Run(x)[0].Dimensions.ToArray().ShouldBe([3, 2]);
        new SingleNode("Squeeze", ("axes", new long[] { 2 })) { Opset = 6 }.Run(x)[0].Dimensions.ToArray().ShouldBe([1, 3, 2]);
        new SingleNode("Squeeze") { Constants = [1] }.Run(x, Elements.Longs(-4))[0].Dimensions.ToArray().ShouldBe([3, 1, 2]);
        new SingleNode("Squeeze") { Constants = [1] }.Refusal(x, Elements.Longs(1)).ShouldContain("not 1");
        new SingleNode("Unsqueeze") { Constants = [1] }.Run(x, Elements.Longs(-1, 0))[0].Dimensions.ToArray().ShouldBe([1, 1, 3, 1, 2, 1]);
        new SingleNode("Unsqueeze", ("axes", new long[] { 1 })) { Opset = 6 }.Run(x)[0].Dimensions.ToArray().ShouldBe([1, 1, 3, 1, 2]);
        new SingleNode("Unsqueeze") { Constants = [1] }.Refusal(x, Elements.Longs(1, -5)).ShouldContain("twice");
        new SingleNode("Unsqueeze") { Constants = [1] }.Refusal(x, Elements.Longs(7)).ShouldContain("axis 7");
        new SingleNode("Reshape", ("shape", new long[] { 0, -1 })) { Opset = 1 }.Run(x)[0].Dimensions.ToArray().ShouldBe([1, 6]);
        new SingleNode("Reshape", ("allowzero", 1)) { Constants = [1] }.Run(Elements.Counting(ElementType.Float32, 0, 3), Elements.Longs(3, 0))[0].Dimensions.ToArray().ShouldBe([3, 0]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Values_are_repeated_as_a_whole_and_along_axes(ElementType type)
    {
        var x = Elements.Counting(type, 3, 1, 2);
        Check(Single(new SingleNode("Expand") { Constants = [1] }, x, Elements.Longs(2, 1, 4, 1)), type, [2, 3, 4, 2], Walk([2, 3, 4, 2], index => At(x, [index[1], 0, index[3]])));
        Check(Single(new SingleNode("Tile") { Constants = [1] }, x, Elements.Longs(2, 3, 2)), type, [6, 3, 4], Walk([6, 3, 4], index => At(x, [index[0] % 3, 0, index[2] % 2])));
        new SingleNode("Expand") { Constants = [1] }.Refusal(x, Elements.Longs(4, 1, 2)).ShouldContain("broadcast");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Slices_are_cut_from_every_type(ElementType type)
    {
        var x = Elements.Counting(type, 4, 5);
        Check(Single(new SingleNode("Slice") { Constants = [1, 2, 3, 4] }, x, Elements.Longs(-1, 1), Elements.Longs(long.MinValue, long.MaxValue), Elements.Longs(0, -1), Elements.Longs(-2, 3)), type, [2, 2], Walk([2, 2], index => At(x, [3 - (2 * index[0]), 1 + (3 * index[1])])));
        Check(Single(new SingleNode("Slice", ("starts", new long[] { 1 }), ("ends", new long[] { -1 }), ("axes", new long[] { 1 })) { Opset = 6 }, x), type, [4, 3], Walk([4, 3], index => At(x, [index[0], index[1] + 1])));
    }

    [Fact]
    public void Dropout_keeps_everything_and_says_so()
    {
        var x = Elements.Counting(ElementType.Float32, 2, 3);
        foreach (var (opset, mask) in new[] { (6L, ElementType.Float32), (7L, ElementType.Float32), (10L, ElementType.Boolean), (22L, ElementType.Boolean) })
        {
            var y = new SingleNode("Dropout") { Opset = opset, Outputs = 2 }.Run(x);
            y[0].Numbers().ShouldBe(x.Numbers());
            Check(y[1], mask, [2, 3], [1, 1, 1, 1, 1, 1]);
        }

        new SingleNode("Dropout") { Constants = [1, 2] }.Run(x, Tensor.Scalar(0f), Tensor.Scalar(true))[0].Numbers().ShouldBe(x.Numbers());
        new SingleNode("Dropout") { Constants = [2] }.Refusal(x, null, Tensor.Scalar(true)).ShouldContain("training");
    }

    [Fact]
    public void One_element_of_an_axis_is_on()
    {
        var y = Single(new SingleNode("OneHot", ("axis", 0)) { Constants = [1] }, Elements.Longs(2, -1, 5), Tensor.Scalar(3L), Elements.Of(ElementType.Float32, [7, 9], 2));
        Check(y, ElementType.Float32, [3, 3], [7, 7, 7, 7, 7, 7, 9, 9, 7]);
        Check(Single(new SingleNode("OneHot") { Constants = [1] }, Tensor.Of<float>([1, 0], 2), Tensor.Scalar(2f), Elements.Of(ElementType.Int8, [0, 1], 2)), ElementType.Int8, [2, 2], [0, 1, 1, 0]);
    }

    [Fact]
    public void The_first_elements_of_an_order_are_found()
    {
        foreach (var type in Elements.AllTypes.Where(type => type.BitWidth() > 7 && type != ElementType.Boolean))
        {
            var x = Elements.Of(type, [3, 1, 4, 1, 5, 9, 2, 6], 2, 2, 2);
            var top = new SingleNode("TopK", ("axis", 0), ("largest", 0)) { Outputs = 2, Constants = [1] }.Run(x, Elements.Longs(1));
            Check(top[0], type, [1, 2, 2], [3, 1, 2, 1]);
            Check(top[1], ElementType.Int64, [1, 2, 2], [0, 0, 1, 0]);
        }

        var all = new SingleNode("TopK", ("k", 5)) { Opset = 6, Outputs = 2 }.Run(Tensor.Of<float>([2, 7, 2, 9, 7], 5));
        all[0].Numbers().ShouldBe([9, 7, 7, 2, 2]);
        all[1].Numbers().ShouldBe([3, 1, 4, 0, 2]);
        new SingleNode("TopK") { Outputs = 2, Constants = [1] }.Refusal(Tensor.Of<float>([2, 7], 2), Elements.Longs(3)).ShouldContain("k = 3");
    }

    [Fact]
    public void Selections_by_constants_have_known_shapes()
    {
        var x = Elements.Counting(ElementType.UInt4, 2, 3);
        Single(new SingleNode("Compress", ("axis", 1)) { Constants = [1] }, x, Tensor.Of([true, false, true], 3)).Numbers().ShouldBe([0, 2, 3, 5]);
        Single(new SingleNode("Compress") { Constants = [1] }, x, Tensor.Of([false, true, false, false, true], 5)).Numbers().ShouldBe([1, 4]);
        Single(new SingleNode("NonZero") { Constants = [0] }, x).Numbers().ShouldBe([0, 0, 1, 1, 1, 1, 2, 0, 1, 2]);
        new SingleNode("NonZero").Refusal(x).ShouldContain("constant");
    }

    [Fact]
    public void Sequences_are_turned_around_as_far_as_they_go()
    {
        var x = Elements.Counting(ElementType.Float64, 2, 3);
        Single(new SingleNode("ReverseSequence", ("batch_axis", 0), ("time_axis", 1)), x, Elements.Longs(3, 2)).Numbers().ShouldBe([2, 1, 0, 4, 3, 5]);
        Single(new SingleNode("ReverseSequence"), x, Elements.Longs(1, 2, 0)).Numbers().ShouldBe([0, 4, 2, 3, 1, 5]);
        new SingleNode("ReverseSequence").Refusal(x, Elements.Longs(1, 3, 0)).ShouldContain("length of 3");
    }

    [Fact]
    public void Maps_are_cut_and_widened_about_their_centre()
    {
        var x = Elements.Counting(ElementType.Int8, 3, 4);
        Check(Single(new SingleNode("CenterCropPad") { Constants = [1] }, x, Elements.Longs(5, 1)), ElementType.Int8, [5, 1], [0, 1, 5, 9, 0]);
        Check(Single(new SingleNode("CenterCropPad", ("axes", new long[] { 0 })) { Constants = [1] }, x, Elements.Longs(2)), ElementType.Int8, [2, 4], [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    private static Tensor Single(SingleNode node, params Tensor?[] inputs) => node.Run(inputs)[0];

    private static void Check(Tensor actual, ElementType type, int[] shape, double[] expected)
    {
        actual.ElementType.ShouldBe(type);
        actual.Dimensions.ToArray().ShouldBe(shape);
        actual.Numbers().ShouldBe(expected);
    }

    private static double At(Tensor tensor, int[] index)
    {
        var place = 0;
        for (var axis = 0; axis < index.Length; axis++) place = (place * tensor.Dimensions[axis]) + index[axis];
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(tensor, place, value);
        return value[0];
    }

    private static double[] Walk(int[] shape, Func<int[], double> element)
    {
        var values = new double[shape.Aggregate(1, (count, size) => count * size)];
        var index = new int[shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = element(index);
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }

        return values;
    }

    private static IEnumerable<int[]> Orders(int rank)
        => rank == 0 ? [[]] : Orders(rank - 1).SelectMany(order => Enumerable.Range(0, rank).Select(at => (int[])[.. order[..at], rank - 1, .. order[at..]]));

    private static long[] Longs(int[] values) => [.. values.Select(value => (long)value)];
}

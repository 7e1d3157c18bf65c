using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Convolutions, pooling and padding over one to three dimensions, against sums written out index by index.</summary>
public sealed class SpatialOperatorTests
{
    private const int Draws = 60;

    [Fact]
    public void Convolutions_are_sums_over_kernel_positions_with_constant_and_with_computed_weights()
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(seed);
            var window = RandomWindow.Draw(random);
            if (window.Outputs().Contains(0)) continue;
            var groups = random.Next(1, 4);
            var (channels, outputs) = (random.Next(1, 4), random.Next(1, 4));
            var x = Draw(random, [2, channels * groups, .. window.Sizes]);
            var w = Draw(random, [outputs * groups, channels, .. window.Kernel]);
            var bias = Draw(random, [outputs * groups]);
            int[] shape = [2, outputs * groups, .. window.Outputs()];
            var expected = RandomWindow.Walk(shape).Select(index =>
            {
                var group = index[1] / outputs;
                return bias.AsSpan<float>()[index[1]] + Enumerable.Range(0, channels).Sum(c => RandomWindow.Walk(window.Kernel).Sum(tap =>
                {
                    var source = window.Source(index[2..], tap);
                    return window.IsInside(source) ? At(x, [index[0], (group * channels) + c, .. source]) * At(w, [index[1], c, .. tap]) : 0;
                }));
            }).ToArray();
            var node = new SingleNode("Conv", [.. window.Attributes, ("group", groups)]);
            var computed = node.Run(x, w, bias)[0];
            Check(computed, shape, expected, $"seed {seed}");
            Check(Constant("Conv", window, groups).Run(x, w, bias)[0], shape, expected, $"seed {seed}, constant weights");
            Constant("Conv", window, groups).Run(x, w, bias)[0].Numbers().ShouldBe(computed.Numbers(), $"seed {seed}");
        }
    }

    [Fact]
    public void Transposed_convolutions_scatter_what_convolutions_gather()
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(seed);
            var window = RandomWindow.Draw(random);
            var groups = random.Next(1, 3);
            var (channels, outputs) = (random.Next(1, 4), random.Next(1, 4));
            int[] extra = [.. window.Strides.Select(stride => random.Next(0, stride))];
            int[] sizes = [.. Enumerable.Range(0, window.Rank).Select(i => ((window.Sizes[i] - 1) * window.Strides[i]) + ((window.Kernel[i] - 1) * window.Dilations[i]) + 1 + extra[i] - window.Begin[i] - window.End[i])];
            if (sizes.Any(size => size < 1)) continue;
            var x = Draw(random, [2, channels * groups, .. window.Sizes]);
            var w = Draw(random, [channels * groups, outputs, .. window.Kernel]);
            int[] shape = [2, outputs * groups, .. sizes];
            var expected = new double[shape.Aggregate(1, (product, size) => product * size)];
            foreach (var from in RandomWindow.Walk([2, channels * groups, .. window.Sizes]))
            {
                foreach (var to in RandomWindow.Walk([outputs, .. window.Kernel]))
                {
                    var target = window.Source(from[2..], to[1..]);
                    if (Enumerable.Range(0, window.Rank).Any(i => target[i] < 0 || target[i] >= sizes[i])) continue;
                    expected[RandomWindow.Flat(shape, [from[0], (from[1] / channels * outputs) + to[0], .. target])] += At(x, from) * At(w, [from[1], .. to]);
                }
            }

            (string, AttributeValue)[] attributes = [.. window.Attributes, ("group", groups), ("output_padding", RandomWindow.Longs(extra))];
            Check(new SingleNode("ConvTranspose", attributes).Run(x, w)[0], shape, expected, $"seed {seed}");
            Check(new SingleNode("ConvTranspose", attributes) { Constants = [1] }.Run(x, w)[0], shape, expected, $"seed {seed}, constant weights");
        }
    }

    [Theory]
    [InlineData("SAME_UPPER", 6, 1, 0)]
    [InlineData("SAME_LOWER", 6, 1, 1)]
    [InlineData("VALID", 7, 0, 0)]
    public void Transposed_convolutions_pad_by_themselves(string pad, int size, int cut, int first)
    {
        // Three ones through a kernel of ones with stride 2: overlaps count.
        double[] full = [1, 1, 2, 1, 2, 1, 1];
        var y = new SingleNode("ConvTranspose", ("auto_pad", pad), ("strides", new long[] { 2 })).Run(Tensor.Of<float>([1, 1, 1], 1, 1, 3), Tensor.Of<float>([1, 1, 1], 1, 1, 3))[0];
        y.Numbers().ShouldBe(full[first..(full.Length - cut + first)]);
        y.Length.ShouldBe(size);
    }

    [Fact]
    public void The_maximum_is_the_first_largest_of_its_window_and_tells_its_place()
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(seed);
            var window = RandomWindow.Draw(random);
            var partial = random.Next(2) == 0;
            int[] shape = [2, 3, .. window.Outputs(partial)];
            if (shape.Contains(0)) continue;
            int[] from = [2, 3, .. window.Sizes];
            var columnMajor = random.Next(2) == 0;
            foreach (var type in new[] { ElementType.Float32, ElementType.Float16, ElementType.Int8, ElementType.UInt8 })
            {
                var x = Tensor.Zeros(type, from);
                ElementConversion.Write(Enumerable.Range(0, x.Length).Select(_ => (double)random.Next(type == ElementType.UInt8 ? 0 : -6, 6)).ToArray(), x, 0);
                var found = RandomWindow.Walk(shape).Select(index => RandomWindow.Walk(window.Kernel).Select(tap => window.Source(index[2..], tap)).Where(window.IsInside)
                    .Select(source => (Value: At(x, [index[0], index[1], .. source]), Place: Place(from, [index[0], index[1], .. source], columnMajor))).Aggregate((best, next) => next.Value > best.Value ? next : best)).ToArray();
                (string, AttributeValue)[] attributes = [.. window.Attributes, ("ceil_mode", partial ? 1 : 0), ("storage_order", columnMajor ? 1 : 0)];
                var results = new SingleNode("MaxPool", attributes) { Outputs = 2 }.Run(x);
                Check(results[0], shape, found.Select(best => best.Value), $"seed {seed}, {type}");
                results[1].Numbers().ShouldBe(found.Select(best => (double)best.Place), $"seed {seed}, {type}");
                Check(new SingleNode("MaxPool", attributes).Run(x)[0], shape, found.Select(best => best.Value), $"seed {seed}, {type}, without indices");
            }
        }
    }

    [Fact]
    public void Nan_never_is_the_maximum_with_and_without_indices_in_any_number_of_dimensions()
    {
        float[] values = [float.NaN, 3, 2, float.NaN];
        foreach (var shape in new int[][] { [1, 1, 4], [1, 1, 2, 2], [1, 1, 1, 2, 2] })
        {
            var kernel = ("kernel_shape", (AttributeValue)shape[2..].Select(size => (long)size).ToArray());
            new SingleNode("MaxPool", kernel).Run(Tensor.Of<float>(values, shape))[0].Numbers().ShouldBe([3]);
            var found = new SingleNode("MaxPool", kernel) { Outputs = 2 }.Run(Tensor.Of<float>(values, shape));
            (found[0].Numbers()[0], found[1].Numbers()[0]).ShouldBe((3, 1));
        }
    }

    [Fact]
    public void An_average_divides_by_its_window_or_by_what_lies_inside()
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(seed);
            var window = RandomWindow.Draw(random);
            var (partial, padding) = (random.Next(2) == 0, random.Next(2) == 0);
            int[] shape = [2, 3, .. window.Outputs(partial)];
            if (shape.Contains(0)) continue;
            var x = Draw(random, [2, 3, .. window.Sizes]);
            var expected = RandomWindow.Walk(shape).Select(index =>
            {
                var sources = RandomWindow.Walk(window.Kernel).Select(tap => window.Source(index[2..], tap)).ToArray();
                var sum = sources.Where(window.IsInside).Sum(source => At(x, [index[0], index[1], .. source]));
                // Where padding counts, the whole window does, also where ceil_mode lets it reach beyond the padding.
                return sum / (padding ? sources.Length : sources.Count(window.IsInside));
            });
            Check(new SingleNode("AveragePool", [.. window.Attributes, ("ceil_mode", partial ? 1 : 0), ("count_include_pad", padding ? 1 : 0)]).Run(x)[0], shape, expected, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_norm_is_a_root_of_a_sum_of_powers(int p)
    {
        var random = new Random(p);
        for (var i = 0; i < 20; i++)
        {
            var window = RandomWindow.Draw(random);
            int[] shape = [1, 2, .. window.Outputs()];
            if (shape.Contains(0)) continue;
            var x = Draw(random, [1, 2, .. window.Sizes]);
            var expected = RandomWindow.Walk(shape).Select(index => Norm(RandomWindow.Walk(window.Kernel).Select(tap => window.Source(index[2..], tap)).Where(window.IsInside).Select(source => At(x, [index[0], index[1], .. source]))));
            Check(new SingleNode("LpPool", [.. window.Attributes, ("p", p)]).Run(x)[0], shape, expected, $"draw {i}");
            Check(new SingleNode("GlobalLpPool", ("p", p)).Run(x)[0], [1, 2, .. Enumerable.Repeat(1, window.Rank)], Enumerable.Range(0, 2).Select(c => Norm(x.Numbers()[(c * x.Length / 2)..((c + 1) * x.Length / 2)])), $"draw {i}, global");
        }

        double Norm(IEnumerable<double> values) => Math.Pow(values.Sum(value => Math.Pow(Math.Abs(value), p)), 1.0 / p);
    }

    [Fact]
    public void Unpooling_puts_maxima_back()
    {
        var x = Draw(new Random(1), [2, 3, 6, 8]);
        (string, AttributeValue)[] window = [("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })];
        var pooled = new SingleNode("MaxPool", window) { Outputs = 2 }.Run(x);
        var y = new SingleNode("MaxUnpool", window).Run(pooled[0], pooled[1])[0];
        y.Dimensions.ToArray().ShouldBe([2, 3, 6, 8]);
        var numbers = x.Numbers();
        var kept = pooled[1].Numbers().Select(index => (int)index).ToHashSet();
        y.Numbers().ShouldBe(numbers.Select((value, i) => kept.Contains(i) ? value : 0));
        new SingleNode("MaxUnpool", window).Refusal(pooled[0], Tensor.Of<long>(new long[pooled[1].Length].Select(_ => 9999L).ToArray(), pooled[1].Dimensions)).ShouldContain("9999");
    }

    [Theory]
    [InlineData("edge", new double[] { 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3 })]
    [InlineData("reflect", new double[] { 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2 })]
    [InlineData("wrap", new double[] { 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0 })]
    [InlineData("constant", new double[] { 3, 3, 0, 1, 2, 3, 3, 3, 3, 3, 3 })]
    public void Padding_repeats_as_its_mode_says_for_every_element_type(string mode, double[] expected)
    {
        foreach (var type in Elements.AllTypes.Where(type => type != ElementType.Boolean && type != ElementType.Int2))
        {
            var x = Elements.Counting(type, 4);
            var value = Elements.Of(type, [3]).Reshaped();
            new SingleNode("Pad", ("mode", mode)) { Constants = [1, 2] }.Run(x, Elements.Longs(2, 5), value)[0].Numbers().ShouldBe(expected, $"{type}");
        }
    }

    [Fact]
    public void Negative_pads_cut_before_the_rest_is_repeated()
    {
        var x = Elements.Counting(ElementType.Float32, 2, 5);
        new SingleNode("Pad") { Constants = [1, 3] }.Run(x, Elements.Longs(-1, 1), null, Elements.Longs(-1))[0].Numbers().ShouldBe([1, 2, 3, 4, 0, 6, 7, 8, 9, 0]);
        new SingleNode("Pad", ("mode", "wrap")) { Constants = [1, 3] }.Run(x, Elements.Longs(-1, 2), null, Elements.Longs(1))[0].Numbers().ShouldBe([1, 2, 3, 4, 1, 2, 6, 7, 8, 9, 6, 7]);
        new SingleNode("Pad", ("pads", new long[] { 1, 0, 0, -3 }), ("value", 7f)) { Opset = 2 }.Run(x)[0].Numbers().ShouldBe([7, 7, 0, 1, 5, 6]);
        new SingleNode("Pad") { Constants = [1] }.Refusal(x, Elements.Longs(0, -6, 0, 0)).ShouldContain("axis 1");
        new SingleNode("Pad", ("mode", "edge")) { Constants = [1] }.Refusal(x, Elements.Longs(0, -5, 0, 5)).ShouldContain("nothing to repeat");
        new SingleNode("Pad") { Constants = [1] }.Refusal(x, Elements.Longs(0, int.MaxValue, 0, int.MaxValue)).ShouldNotBeEmpty();
    }

    [Fact]
    public void Depth_becomes_space_and_space_depth()
    {
        var x = Elements.Counting(ElementType.Float32, 2, 8, 2, 3);
        foreach (var isColumnRow in new[] { false, true })
        {
            var y = new SingleNode("DepthToSpace", ("blocksize", 2), ("mode", isColumnRow ? "CRD" : "DCR")).Run(x)[0];
            int[] shape = [2, 2, 4, 6];
            Check(y, shape, RandomWindow.Walk(shape).Select(i => At(x, [i[0], isColumnRow ? (i[1] * 4) + (i[2] % 2 * 2) + (i[3] % 2) : (((i[2] % 2 * 2) + (i[3] % 2)) * 2) + i[1], i[2] / 2, i[3] / 2])), $"{isColumnRow}");
            if (!isColumnRow) new SingleNode("SpaceToDepth", ("blocksize", 2)).Run(y)[0].Numbers().ShouldBe(x.Numbers());
        }
    }

    [Fact]
    public void What_cannot_be_run_is_refused_by_name()
    {
        var x = Draw(new Random(1), [1, 2, 5, 5]);
        new SingleNode("Conv").Refusal(x, Draw(new Random(2), [3, 3, 3, 3])).ShouldContain("'only' (Conv)");
        new SingleNode("Conv", ("kernel_shape", new long[] { 2, 3 })).Refusal(x, Draw(new Random(2), [3, 2, 3, 3])).ShouldContain("kernel_shape");
        new SingleNode("Conv", ("auto_pad", "SOMEHOW")).Refusal(x, Draw(new Random(2), [3, 2, 3, 3])).ShouldContain("SOMEHOW");
        new SingleNode("MaxPool", ("kernel_shape", new long[] { 9, 9 })).Refusal(x).ShouldContain("does not fit");
        new SingleNode("MaxPool", ("kernel_shape", new long[] { 1L << 40, 1 })).Refusal(x).ShouldContain("nearly all outside");
        new SingleNode("ConvTranspose", ("output_shape", new long[] { int.MaxValue, int.MaxValue })).Refusal(x, Draw(new Random(2), [2, 3, 3, 3])).ShouldContain("output_shape");
        new SingleNode("ConvTranspose", ("strides", new long[] { 1 << 24, 1 << 24 })).Refusal(x, Draw(new Random(2), [2, 3, 3, 3])).ShouldContain("positions");
        new SingleNode("LpPool", ("kernel_shape", new long[] { 2, 2 }), ("p", 0)).Refusal(x).ShouldContain("p = 0");
    }

    private static SingleNode Constant(string opType, RandomWindow window, int groups) => new(opType, [.. window.Attributes, ("group", groups)]) { Constants = [1, 2] };

    private static long Place(int[] shape, int[] index, bool columnMajor)
    {
        if (!columnMajor) return RandomWindow.Flat(shape, index);
        var spatial = index[2..].Reverse().ToArray();
        return RandomWindow.Flat([shape[0], shape[1], .. shape[2..].Reverse()], [index[0], index[1], .. spatial]);
    }

    private static double At(Tensor tensor, int[] index)
    {
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(tensor, RandomWindow.Flat(tensor.Dimensions.ToArray(), index), value);
        return value[0];
    }

    private static Tensor Draw(Random random, int[] shape) => Tensor.Of<float>(random.Gaussians(shape.Aggregate(1, (length, size) => length * size)), shape);

    private static void Check(Tensor actual, int[] shape, IEnumerable<double> expected, string place)
    {
        actual.Dimensions.ToArray().ShouldBe(shape, place);
        foreach (var (i, (value, wanted)) in actual.Numbers().Zip(expected).Index()) value.ShouldBe(wanted, 2e-5 * Math.Max(1, Math.Abs(wanted)), $"{place}, element {i}");
    }
}

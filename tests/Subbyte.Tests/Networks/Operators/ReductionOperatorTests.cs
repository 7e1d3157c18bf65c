using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Operators along axes against their definitions over lists of elements, in both layouts.</summary>
public sealed class ReductionOperatorTests
{
    private static readonly Dictionary<string, Func<double[], double>> Definitions = new(StringComparer.Ordinal)
    {
        ["ReduceSum"] = values => values.Sum(),
        ["ReduceMean"] = values => values.Sum() / values.Length,
        ["ReduceMax"] = values => values.Aggregate(double.NegativeInfinity, Math.Max),
        ["ReduceMin"] = values => values.Aggregate(double.PositiveInfinity, Math.Min),
        ["ReduceProd"] = values => values.Aggregate(1.0, (a, b) => a * b),
        ["ReduceL1"] = values => values.Sum(Math.Abs),
        ["ReduceL2"] = values => Math.Sqrt(values.Sum(value => value * value)),
        ["ReduceLogSum"] = values => Math.Log(values.Sum()),
        ["ReduceLogSumExp"] = values => Math.Log(values.Sum(Math.Exp)),
        ["ReduceSumSquare"] = values => values.Sum(value => value * value),
    };

    public static TheoryData<string> Operators => [.. Definitions.Keys];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Reductions_of_floats_are_their_definitions_over_all_axes_and_layouts(string opType)
    {
        var random = new Random(opType.Length);
        foreach (var shape in new int[][] { [2, 3, 4, 5], [1, 300, 2, 3], [3, 19, 7], [2, 1, 1, 9] })
        {
            var x = Draw(random, opType == "ReduceLogSum", shape);
            for (var mask = 1; mask < 1 << shape.Length; mask++)
            {
                int[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => (mask >> axis & 1) != 0)];
                foreach (var keeps in new[] { 0L, 1L })
                {
                    var expected = Reduce(x, axes, keeps != 0, Definitions[opType]);
                    foreach (var channelsLast in new[] { false, true })
                    {
                        var node = new SingleNode(opType, ("keepdims", keeps)) { Constants = [1], ChannelsLast = channelsLast };
                        Close(node.Run(x, Elements.Longs([.. axes.Select(axis => (long)axis - (mask % 2 * shape.Length))]))[0], expected, 2e-6, $"{opType} over {string.Join(",", axes)}, channels last: {channelsLast}");
                    }

                    var old = new SingleNode(opType, ("keepdims", keeps), ("axes", axes.Select(axis => (long)axis).ToArray())) { Opset = 11 };
                    Close(old.Run(x)[0], expected, 2e-6, $"{opType} of opset 11");
                }
            }
        }
    }

    [Theory]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.UInt64)]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    public void Reductions_of_other_types_keep_them(ElementType type)
    {
        var x = Elements.Of(type, [1, 2, 3, 1, 1, 2], 2, 3);
        foreach (var (opType, definition) in Definitions)
        {
            var actual = new SingleNode(opType) { Constants = [1] }.Run(x, Elements.Longs(1))[0];
            actual.ElementType.ShouldBe(type);
            var expected = new[] { definition([1, 2, 3]), definition([1, 1, 2]) };
            if (!type.IsFloatingPoint()) expected = [.. expected.Select(Math.Truncate)];
            actual.Numbers().ShouldBe(expected, type == ElementType.BFloat16 ? 0.05 : type == ElementType.Float16 ? 0.01 : 1e-12, opType);
        }
    }

    [Fact]
    public void Sums_of_integers_wrap_and_extremes_of_booleans_are_any_and_all()
    {
        new SingleNode("ReduceSum").Run(Tensor.Of<sbyte>([100, 100]))[0].Numbers().ShouldBe([-56]);
        var flags = new Tensor(ElementType.Boolean, [2, 2], new byte[] { 0, 1, 1, 1 });
        new SingleNode("ReduceMax") { Constants = [1] }.Run(flags, Elements.Longs(1))[0].Numbers().ShouldBe([1, 1]);
        new SingleNode("ReduceMin") { Constants = [1] }.Run(flags, Elements.Longs(1))[0].Numbers().ShouldBe([0, 1]);
        new SingleNode("ReduceSum").Refusal(flags).ShouldContain("Boolean");
    }

    [Fact]
    public void Empty_sets_reduce_to_what_changes_nothing()
    {
        var empty = Tensor.Zeros(ElementType.Float32, 2, 0, 4);
        var expected = new Dictionary<string, double>(StringComparer.Ordinal) { ["ReduceSum"] = 0, ["ReduceProd"] = 1, ["ReduceL1"] = 0, ["ReduceL2"] = 0, ["ReduceSumSquare"] = 0, ["ReduceLogSum"] = double.NegativeInfinity, ["ReduceLogSumExp"] = double.NegativeInfinity, ["ReduceMax"] = double.NegativeInfinity, ["ReduceMin"] = double.PositiveInfinity };
        foreach (var (opType, value) in expected)
        {
            var result = new SingleNode(opType) { Constants = [1] }.Run(empty, Elements.Longs(1))[0];
            result.Dimensions.ToArray().ShouldBe([2, 1, 4]);
            result.Numbers().ShouldAllBe(number => number == value, opType);
        }

        new SingleNode("ReduceMax") { Constants = [1] }.Run(Tensor.Zeros(ElementType.Int32, 2, 0), Elements.Longs(1))[0].Numbers().ShouldBe([int.MinValue, int.MinValue]);
    }

    [Fact]
    public void No_axes_are_all_axes_unless_the_node_says_none()
    {
        var x = Tensor.Of<float>([1, 2, 3, 4], 2, 2);
        new SingleNode("ReduceSum").Run(x)[0].Numbers().ShouldBe([10]);
        new SingleNode("ReduceSum") { Constants = [1] }.Run(x, Elements.Longs())[0].Numbers().ShouldBe([10]);
        new SingleNode("ReduceSum", ("noop_with_empty_axes", 1)) { Constants = [1] }.Run(x, Elements.Longs())[0].Numbers().ShouldBe([1, 2, 3, 4]);
        new SingleNode("ReduceSum") { Constants = [1] }.Refusal(x, Elements.Longs(2)).ShouldContain("axis 2");
    }

    [Fact]
    public void Logarithms_of_sums_of_exponentials_do_not_overflow()
    {
        var x = Tensor.Of<float>([1000, 1000, float.NegativeInfinity, -1000, float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, 1, 2, float.NaN, 1, 2], 4, 3);
        var actual = new SingleNode("ReduceLogSumExp", ("keepdims", 0)) { Constants = [1] }.Run(x, Elements.Longs(1))[0].Numbers();
        actual.ShouldBe([(float)(1000 + Math.Log(2)), -1000, double.PositiveInfinity, double.NaN]);
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("Hardmax")]
    public void Softmax_and_its_kin_go_along_one_axis_or_before_opset_13_over_all_that_follow(string opType)
    {
        var x = Draw(new Random(5), false, 2, 5, 3, 4);
        for (var axis = 0; axis < 4; axis++)
        {
            foreach (var channelsLast in new[] { false, true })
            {
                var one = new SingleNode(opType, ("axis", (long)axis - 4)) { Opset = 13, ChannelsLast = channelsLast }.Run(x)[0];
                Close(one, Normalised(x, [axis], opType), 1e-6, $"{opType} along {axis}, channels last: {channelsLast}");
                var all = new SingleNode(opType, ("axis", (long)axis)) { Opset = 11, ChannelsLast = channelsLast }.Run(x)[0];
                Close(all, Normalised(x, [.. Enumerable.Range(axis, 4 - axis)], opType), 1e-6, $"{opType} from {axis} on, channels last: {channelsLast}");
            }
        }
    }

    [Fact]
    public void Softmax_of_large_numbers_is_finite()
        => new SingleNode("Softmax").Run(Tensor.Of<float>([10000, 10001, 10002, 10003], 1, 4))[0].Numbers().Sum().ShouldBe(1, 1e-6);

    [Fact]
    public void Arguments_of_extremes_are_the_first_or_the_last_and_nan_wins()
    {
        var random = new Random(7);
        var x = Tensor.Of<float>([.. Enumerable.Range(0, 120).Select(_ => (float)random.Next(4))], 2, 3, 4, 5);
        foreach (var opType in new[] { "ArgMax", "ArgMin" })
        {
            for (var axis = 1; axis < 4; axis++)
            {
                foreach (var last in new[] { 0L, 1L })
                {
                    double Place(double[] values)
                    {
                        var best = opType == "ArgMax" ? values.Max() : values.Min();
                        return last != 0 ? Array.LastIndexOf(values, best) : Array.IndexOf(values, best);
                    }

                    foreach (var (channelsLast, keeps) in new[] { (false, 0L), (false, 1L), (true, 0L), (true, 1L) })
                    {
                        var node = new SingleNode(opType, ("axis", (long)axis), ("keepdims", keeps), ("select_last_index", last)) { ChannelsLast = channelsLast };
                        var actual = node.Run(x)[0];
                        actual.ElementType.ShouldBe(ElementType.Int64);
                        Close(actual, Reduce(x, [axis], keeps != 0, Place), 0, $"{opType} along {axis}, channels last: {channelsLast}");
                    }
                }
            }
        }

        new SingleNode("ArgMax").Run(Tensor.Of<float>([1, float.NaN, 3]))[0].Numbers().ShouldBe([1]);
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Float64)]
    public void Running_sums_go_either_way_and_may_leave_the_element_out(ElementType type)
    {
        var x = Elements.Of(type, [1, 2, 3, 4, 5, 6], 2, 3);
        double[] Run(long exclusive, long reverse) => new SingleNode("CumSum", ("exclusive", exclusive), ("reverse", reverse)) { Constants = [1] }.Run(x, Elements.Longs(1).Reshaped())[0].Numbers();
        Run(0, 0).ShouldBe([1, 3, 6, 4, 9, 15]);
        Run(1, 0).ShouldBe([0, 1, 3, 0, 4, 9]);
        Run(0, 1).ShouldBe([6, 5, 3, 15, 11, 6]);
        Run(1, 1).ShouldBe([5, 3, 0, 11, 6, 0]);
        new SingleNode("CumSum") { Constants = [1] }.Run(x, Elements.Longs(-2))[0].Numbers().ShouldBe([1, 2, 3, 5, 7, 9]);
        new SingleNode("CumProd") { Constants = [1] }.Run(x, Elements.Longs(1))[0].Numbers().ShouldBe([1, 2, 6, 4, 20, 120]);
        new SingleNode("CumSum").Refusal(x, Elements.Longs(1)).ShouldContain("constant");
    }

    private static Tensor Draw(Random random, bool isPositive, params int[] shape)
        => Tensor.Of<float>(random.Gaussians(shape.Aggregate(1, (count, size) => count * size), 1, isPositive), shape);

    private static (int[] Shape, double[] Values) Reduce(Tensor x, int[] axes, bool keeps, Func<double[], double> definition)
    {
        var numbers = x.Numbers();
        var groups = new SortedDictionary<int, List<double>>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var (place, rest, stride) = (0, i, 1);
            for (var axis = x.Rank - 1; axis >= 0; rest /= x.Dimensions[axis--])
            {
                if (axes.Contains(axis)) continue;
                place += rest % x.Dimensions[axis] * stride;
                stride *= x.Dimensions[axis];
            }

            if (!groups.TryGetValue(place, out var group)) groups[place] = group = [];
            group.Add(numbers[i]);
        }

        int[] shape = [.. x.Dimensions.ToArray().Select((size, axis) => axes.Contains(axis) ? keeps ? 1 : -1 : size).Where(size => size >= 0)];
        return (shape, [.. groups.Values.Select(group => definition([.. group]))]);
    }

    private static (int[] Shape, double[] Values) Normalised(Tensor x, int[] axes, string opType)
    {
        var sums = Reduce(x, axes, true, values => values.Sum(Math.Exp)).Values;
        var largest = Reduce(x, axes, true, values => values.Max()).Values;
        var numbers = x.Numbers();
        var results = new double[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (place, rest, stride) = (0, i, 1);
            for (var axis = x.Rank - 1; axis >= 0; rest /= x.Dimensions[axis--])
            {
                if (axes.Contains(axis)) continue;
                place += rest % x.Dimensions[axis] * stride;
                stride *= x.Dimensions[axis];
            }

            results[i] = opType switch
            {
                "Softmax" => Math.Exp(numbers[i]) / sums[place],
                "LogSoftmax" => numbers[i] - Math.Log(sums[place]),
                _ => numbers[i] == largest[place] ? 1 : 0,
            };
        }

        return (x.Dimensions.ToArray(), results);
    }

    private static void Close(Tensor actual, (int[] Shape, double[] Values) expected, double tolerance, string what)
    {
        actual.Dimensions.ToArray().ShouldBe(expected.Shape, what);
        var numbers = actual.Numbers();
        for (var i = 0; i < numbers.Length; i++)
        {
            if (tolerance == 0 || !double.IsFinite(expected.Values[i])) numbers[i].ShouldBe(expected.Values[i], $"{what}, element {i}");
            else numbers[i].ShouldBe(expected.Values[i], tolerance * Math.Max(1, Math.Abs(expected.Values[i])), $"{what}, element {i}");
        }
    }
}

using FsCheck;
using FsCheck.Fluent;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Operators that pair elements, against walks over logical indices.</summary>
public sealed class ElementwiseOperatorTests
{
    private static readonly Dictionary<string, Func<double, double, double>> Functions = new(StringComparer.Ordinal)
    {
        ["Add"] = (x, y) => x + y,
        ["Sub"] = (x, y) => x - y,
        ["Mul"] = (x, y) => x * y,
        ["Max"] = Math.Max,
        ["Min"] = Math.Min,
        ["Less"] = (x, y) => x < y ? 1 : 0,
        ["LessOrEqual"] = (x, y) => x <= y ? 1 : 0,
        ["Greater"] = (x, y) => x > y ? 1 : 0,
        ["GreaterOrEqual"] = (x, y) => x >= y ? 1 : 0,
        ["Equal"] = (x, y) => x == y ? 1 : 0,
    };

    public static TheoryData<ElementType> NumberTypes => [.. Elements.AllTypes.Where(type => type != ElementType.Boolean && type.BitWidth() >= 8)];

    [Fact]
    public void Broadcasting_pairs_elements_as_the_logical_indices_say() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        int[] shape = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.Next(1, 5))];
        if (random.Next(3) == 0 && shape.Length > 0) shape[^1] = random.Next(1, 40);
        var (x, y) = (Operand(random, shape, isWhole: random.Next(2) == 0), Operand(random, shape, isWhole: false));
        var (opType, function) = Functions.ElementAt(random.Next(Functions.Count));
        var channelsLast = x.Rank > 2 && random.Next(2) == 0;
        var actual = new SingleNode(opType) { ChannelsLast = channelsLast, Constants = random.Next(2) == 0 ? [1] : [] }.Run(x, y)[0];
        int[] common = Common(x.Dimensions, y.Dimensions);
        actual.Dimensions.ToArray().ShouldBe(common);
        actual.Numbers().ShouldBe(Walk(common, index => function(At(x, index), At(y, index))), 1e-6);
    }));

    [Theory]
    [MemberData(nameof(NumberTypes))]
    public void Every_type_of_numbers_is_computed_in(ElementType type)
    {
        var (x, y) = (Elements.Of(type, [1, 5, 3, 7, 2, 4], 2, 3), Elements.Of(type, [4, 1, 3], 3));
        foreach (var (opType, function) in Functions)
        {
            var actual = new SingleNode(opType).Run(x, y)[0];
            var expected = Walk([2, 3], index => function(At(x, index), At(y, index)));
            if (opType == "Sub" && !type.IsFloatingPoint())
            {
                // Differences of unsigned integers wrap.
                var wrapped = Tensor.Zeros(type, 6);
                ElementConversion.Write(expected.Select(value => (long)value).ToArray(), wrapped, 0);
                expected = wrapped.Numbers();
            }

            actual.ElementType.ShouldBe(opType is "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" or "Equal" ? ElementType.Boolean : type);
            actual.Numbers().ShouldBe(expected, opType);
        }

        new SingleNode("Sum").Run(x, y, y)[0].Numbers().ShouldBe(Walk([2, 3], index => At(x, index) + (2 * At(y, index))));
        new SingleNode("Min").Run(x)[0].Numbers().ShouldBe(x.Numbers());
        new SingleNode("Where").Run(new Tensor(ElementType.Boolean, [2, 1], new byte[] { 1, 0 }), x, y)[0].Numbers().ShouldBe([1, 5, 3, 4, 1, 3]);
        new SingleNode("Clip").Run(x, Elements.Of(type, [2]), Elements.Of(type, [4]))[0].Numbers().ShouldBe([2, 4, 3, 4, 2, 4]);
        new SingleNode("Relu").Run(x)[0].Numbers().ShouldBe(x.Numbers());
        new SingleNode("Sign").Run(x)[0].Numbers().ShouldAllBe(sign => sign == 1);
        new SingleNode("Pow").Run(x, Tensor.Scalar(2f))[0].Numbers().ShouldBe([1, 25, 9, 49, 4, 16]);
    }

    [Fact]
    public void Division_of_integers_goes_toward_zero_and_by_zero_gives_zero()
    {
        var (x, y) = (Tensor.Of<int>([7, -7, 7, -7, 5, int.MinValue]), Tensor.Of<int>([2, 2, -2, -2, 0, -1]));
        new SingleNode("Div").Run(x, y)[0].Numbers().ShouldBe([3, -3, -3, 3, 0, int.MinValue]);
        new SingleNode("Mod").Run(x, y)[0].Numbers().ShouldBe([1, 1, -1, -1, 0, 0]);
        new SingleNode("Mod", ("fmod", 1)).Run(x, y)[0].Numbers().ShouldBe([1, -1, 1, -1, 0, 0]);
        new SingleNode("Mod", ("fmod", 1)).Run(Tensor.Of<float>([-4.3f, 7.2f]), Tensor.Of<float>([2.1f, -3.4f]))[0].Numbers().ShouldBe([-4.3f % 2.1f, 7.2f % -3.4f]);
        new SingleNode("Mod").Refusal(Tensor.Scalar(1f), Tensor.Scalar(1f)).ShouldContain("fmod");
        new SingleNode("Div").Run(Tensor.Of<byte>([250, 7]), Tensor.Of<byte>([255, 0]))[0].Numbers().ShouldBe([0, 0]);
        new SingleNode("Div").Run(Tensor.Of<float>([1, -1]), Tensor.Of<float>([0, 0]))[0].Numbers().ShouldBe([double.PositiveInfinity, double.NegativeInfinity]);
    }

    [Fact]
    public void Before_opset_7_the_second_operand_lies_along_axes_of_the_first()
    {
        var x = Elements.Counting(ElementType.Float32, 2, 3, 4, 5);
        foreach (var channelsLast in new[] { false, true })
        {
            double[] Run(Tensor y, params (string Name, AttributeValue Value)[] attributes) => new SingleNode("Add", attributes) { Opset = 6, ChannelsLast = channelsLast }.Run(x, y)[0].Numbers();
            var (channels, rows, last) = (Elements.Of(ElementType.Float32, [10, 20, 30], 3), Elements.Counting(ElementType.Float32, 3, 4), Elements.Counting(ElementType.Float32, 4, 5));
            Run(channels, ("broadcast", 1), ("axis", 1)).ShouldBe(Walk([2, 3, 4, 5], index => At(x, index) + At(channels, [index[1]])));
            Run(rows, ("broadcast", 1), ("axis", 1)).ShouldBe(Walk([2, 3, 4, 5], index => At(x, index) + At(rows, [index[1], index[2]])));
            Run(rows, ("broadcast", 1), ("axis", -3)).ShouldBe(Walk([2, 3, 4, 5], index => At(x, index) + At(rows, [index[1], index[2]])));
            Run(last, ("broadcast", 1)).ShouldBe(Walk([2, 3, 4, 5], index => At(x, index) + At(last, [index[2], index[3]])));
            Run(Tensor.Of<float>([1000]), ("broadcast", 1)).ShouldBe(Walk([2, 3, 4, 5], index => At(x, index) + 1000));
        }

        new SingleNode("Add") { Opset = 6 }.Refusal(x, Elements.Counting(ElementType.Float32, 5)).ShouldContain("broadcast");
        new SingleNode("Add", ("broadcast", 1), ("axis", 3)) { Opset = 6 }.Refusal(x, Elements.Counting(ElementType.Float32, 4, 5)).ShouldContain("axis 3");
        var slopes = new SingleNode("PRelu") { Opset = 6 }.Run(Tensor.Of<float>([-1, -1, 1, -2], 1, 2, 2), Tensor.Of<float>([2, 3]))[0];
        slopes.Numbers().ShouldBe([-2, -2, 1, -6]);
    }

    [Fact]
    public void Slopes_are_broadcast_to_the_operand_only()
    {
        var x = Tensor.Of<float>(new Random(1).Gaussians(2 * 3 * 300), 2, 3, 300);
        var (perChannel, full) = (Tensor.Of<float>([0.1f, 0.2f, -0.3f], 3, 1), Tensor.Of<float>(new Random(2).Gaussians(300)));
        foreach (var slope in new[] { perChannel, full, Tensor.Scalar(0.25f) })
        {
            foreach (var channelsLast in new[] { false, true })
                new SingleNode("PRelu") { ChannelsLast = channelsLast }.Run(x, slope)[0].Numbers().ShouldBe(Walk([2, 3, 300], index => At(x, index) is var value && value < 0 ? (float)value * (float)At(slope, index) : value));
        }

        new SingleNode("PRelu").Refusal(Tensor.Zeros(ElementType.Float32, 1, 3), Tensor.Zeros(ElementType.Float32, 2, 3)).ShouldContain("slope");
        new SingleNode("PRelu").Run(Tensor.Of<int>([-3, 3]), Tensor.Scalar(2))[0].Numbers().ShouldBe([-6, 3]);
    }

    [Fact]
    public void Powers_take_the_type_of_the_base()
    {
        new SingleNode("Pow").Run(Tensor.Of<int>([1, 2, 3]), Tensor.Of<float>([4, 5, 6]))[0].Numbers().ShouldBe([1, 32, 729]);
        new SingleNode("Pow").Run(Tensor.Of<float>([1, 2, 3]), Tensor.Of<long>([4, 5, -1]))[0].Numbers().ShouldBe([1, 32, 1f / 3]);
        foreach (var exponent in new[] { 0.5f, 1, 2, 3 })
        {
            var x = Tensor.Of<float>([0.3f, 1.7f, 900]);
            new SingleNode("Pow") { Constants = [1] }.Run(x, Tensor.Scalar(exponent))[0].Numbers().ShouldBe(x.Numbers().Select(value => Math.Pow(value, exponent)), 200);
            new SingleNode("Pow") { Constants = [1] }.Run(x, Tensor.Scalar(exponent))[0].Numbers()[1].ShouldBe(Math.Pow(1.7f, exponent), 1e-6);
        }
    }

    [Fact]
    public void Bounds_of_clips_need_not_be_constant_and_the_upper_one_wins()
    {
        var x = Tensor.Of<float>([-2, 0, 2, float.NaN]);
        foreach (var constants in new int[][] { [], [1, 2] })
        {
            new SingleNode("Clip") { Constants = constants }.Run(x, Tensor.Scalar(-1f), Tensor.Scalar(1f))[0].Numbers().ShouldBe([-1, 0, 1, double.NaN]);
            new SingleNode("Clip") { Constants = constants }.Run(x, Tensor.Scalar(3f), Tensor.Scalar(1f))[0].Numbers()[..3].ShouldBe([1, 1, 1]);
            new SingleNode("Clip") { Constants = constants }.Run(x, null, Tensor.Scalar(1f))[0].Numbers()[..3].ShouldBe([-2, 0, 1]);
        }

        new SingleNode("Clip", ("min", 0f), ("max", 1f)) { Opset = 6 }.Run(x)[0].Numbers()[..3].ShouldBe([0, 0, 1]);
        new SingleNode("Clip", ("min", 0f)) { Opset = 6 }.Run(Tensor.Of<double>([-1, 1e300]))[0].Numbers().ShouldBe([0, 1e300]);
        new SingleNode("Clip") { Opset = 6 }.Refusal(Tensor.Of<int>([1])).ShouldContain("opset 11");
        new SingleNode("Clip").Refusal(x, Tensor.Of<float>([1, 2])).ShouldContain("scalar");
    }

    [Fact]
    public void A_bound_that_is_absent_is_the_last_finite_number()
    {
        var x = Tensor.Of<float>([float.NegativeInfinity, 1, float.PositiveInfinity]);
        new SingleNode("Clip").Run(x)[0].Numbers().ShouldBe([float.MinValue, 1, float.MaxValue]);
        new SingleNode("Clip", ("min", 0f)) { Opset = 6 }.Run(x)[0].Numbers().ShouldBe([0, 1, float.MaxValue]);
        new SingleNode("Clip").Run(x, null, Tensor.Scalar(2f))[0].Numbers().ShouldBe([float.MinValue, 1, 2]);
    }

    [Fact]
    public void Functions_of_one_number_are_exact()
    {
        var x = Tensor.Of<float>([-2.5f, -0.5f, 0.5f, 1.5f, 2.25f, -0f]);
        new SingleNode("Round").Run(x)[0].Numbers().ShouldBe([-2, 0, 0, 2, 2, 0]);
        new SingleNode("Floor").Run(x)[0].Numbers().ShouldBe([-3, -1, 0, 1, 2, 0]);
        new SingleNode("Ceil").Run(x)[0].Numbers().ShouldBe([-2, 0, 1, 2, 3, 0]);
        new SingleNode("Sign").Run(x)[0].Numbers().ShouldBe([-1, -1, 1, 1, 1, 0]);
        new SingleNode("Sqrt").Run(Tensor.Of<double>([2, 1e200]))[0].Numbers().ShouldBe([Math.Sqrt(2), Math.Sqrt(1e200)]);
        new SingleNode("Reciprocal").Run(Tensor.Of<float>([3, -4]))[0].Numbers().ShouldBe([1f / 3, -0.25]);
        new SingleNode("Abs").Run(Tensor.Of<sbyte>([-128, -1, 5]))[0].Numbers().ShouldBe([-128, 1, 5]);
        new SingleNode("Neg").Run(Tensor.Of<long>([long.MinValue, -1, 5]))[0].Numbers().ShouldBe([long.MinValue, 1, -5]);
        new SingleNode("Not").Run(new Tensor(ElementType.Boolean, [2], new byte[] { 0, 1 }))[0].Numbers().ShouldBe([1, 0]);
        new SingleNode("BitwiseNot").Run(Tensor.Of<byte>([0b1010_0000]))[0].Numbers().ShouldBe([0b0101_1111]);
        var special = Tensor.Of<float>([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1]);
        new SingleNode("IsNaN").Run(special)[0].Numbers().ShouldBe([1, 0, 0, 0]);
        new SingleNode("IsInf").Run(special)[0].Numbers().ShouldBe([0, 1, 1, 0]);
        new SingleNode("IsInf", ("detect_negative", 0)).Run(special)[0].Numbers().ShouldBe([0, 1, 0, 0]);
        new SingleNode("Sqrt").Refusal(Tensor.Of<int>([4])).ShouldContain("Int32");
    }

    [Fact]
    public void Bits_are_combined_and_shifted_out()
    {
        var (x, y) = (Tensor.Of<byte>([0b1100, 255, 1]), Tensor.Of<byte>([0b1010, 1, 9]));
        new SingleNode("BitwiseAnd").Run(x, y)[0].Numbers().ShouldBe([0b1000, 1, 1]);
        new SingleNode("BitwiseOr").Run(x, y)[0].Numbers().ShouldBe([0b1110, 255, 9]);
        new SingleNode("BitwiseXor").Run(x, y)[0].Numbers().ShouldBe([0b0110, 254, 8]);
        new SingleNode("BitShift", ("direction", "LEFT")).Run(x, y)[0].Numbers().ShouldBe([0, 254, 0]);
        new SingleNode("BitShift", ("direction", "RIGHT")).Run(x, y)[0].Numbers().ShouldBe([0, 127, 0]);
        new SingleNode("BitShift").Refusal(x, y).ShouldContain("direction");
        var (a, b) = (new Tensor(ElementType.Boolean, [2, 1], new byte[] { 0, 1 }), new Tensor(ElementType.Boolean, [2], new byte[] { 0, 1 }));
        new SingleNode("And").Run(a, b)[0].Numbers().ShouldBe([0, 0, 0, 1]);
        new SingleNode("Or").Run(a, b)[0].Numbers().ShouldBe([0, 1, 1, 1]);
        new SingleNode("Xor").Run(a, b)[0].Numbers().ShouldBe([0, 1, 1, 0]);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        new SingleNode("Add").Refusal(Tensor.Zeros(ElementType.Float32, 2, 3), Tensor.Zeros(ElementType.Float32, 2)).ShouldContain("cannot be broadcast");
        new SingleNode("Add").Refusal(Tensor.Scalar(1f), Tensor.Scalar(1)).ShouldContain("Int32");
        new SingleNode("And").Refusal(Tensor.Scalar(1f), Tensor.Scalar(1f)).ShouldContain("Float32");
        new SingleNode("Gelu", ("approximate", "cubic")).Refusal(Tensor.Scalar(1f)).ShouldContain("cubic");
        new SingleNode("Sum").Refusal(Tensor.Scalar(1f), Tensor.Scalar(1)).ShouldContain("Int32");
    }

    private static Tensor Operand(Random random, int[] shape, bool isWhole)
    {
        var dropped = isWhole ? 0 : random.Next(shape.Length + 1);
        int[] own = [.. shape[dropped..].Select(size => isWhole || random.Next(3) > 0 ? size : 1)];
        return Tensor.Of<float>(random.Gaussians(own.Aggregate(1, (count, size) => count * size))).Reshaped(own);
    }

    private static int[] Common(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var shape = new int[Math.Max(x.Length, y.Length)];
        for (var i = 1; i <= shape.Length; i++) shape[^i] = Math.Max(i <= x.Length ? x[^i] : 1, i <= y.Length ? y[^i] : 1);
        return shape;
    }

    private static double At(Tensor tensor, int[] index)
    {
        var (place, stride) = (0, 1);
        for (var i = 1; i <= tensor.Rank; stride *= tensor.Dimensions[^i++])
        {
            if (tensor.Dimensions[^i] > 1) place += index[^i] * stride;
        }

        return tensor.Numbers()[place];
    }

    private static double[] Walk(int[] shape, Func<int[], double> element) => [.. Logical.Of(shape, index => (float)element(index)).Values.Select(value => (double)value)];
}

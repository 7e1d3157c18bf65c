using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Quantization operators against their formulas.</summary>
public sealed class QuantizationOperatorTests
{
    public static TheoryData<ElementType> Codes =>
    [
        ElementType.Int2, ElementType.UInt2, ElementType.Int4, ElementType.UInt4, ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16,
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Codes_are_rounded_to_even_and_saturate_per_tensor_per_axis_and_in_blocks(ElementType type)
    {
        var random = new Random(1);
        var (lowest, highest) = type.IntegerRange();
        int[] shape = [3, 5, 7];
        foreach (var scales in new int[][] { [], [1], [5], [3, 3, 7], [3, 5, 4] })
        {
            var block = scales.Length < 3 ? 0 : 2;
            var axis = scales is [3, 5, 4] ? 2 : 1;
            var x = Tensor.Of<float>([.. Enumerable.Range(0, 105).Select(_ => (float)(random.Next(-3, 3) == 0 ? 1e9 : random.Next(-40, 40) * 0.25 * Math.Max(1, highest / 8)))], shape);
            var scale = Tensor.Of<float>([.. Enumerable.Range(0, Count(scales)).Select(i => i % 3 == 0 ? 0.5f : 1.25f)], scales.Length == 0 ? [1] : scales).Reshaped(scales);
            var zero = Elements.Of(type, Enumerable.Range(0, Count(scales)).Select(i => (double)(i % 2)), scales);
            (string, AttributeValue)[] attributes = [("axis", axis), ("block_size", block)];
            var codes = new SingleNode("QuantizeLinear", attributes).Run(x, scale, zero)[0];
            var values = new SingleNode("DequantizeLinear", attributes).Run(codes, scale, zero)[0];
            codes.ElementType.ShouldBe(type);
            foreach (var (i, index) in RandomWindow.Walk(shape).Index())
            {
                var place = block > 0 ? RandomWindow.Flat(scales, [.. index.Select((position, a) => a == axis ? position / block : position)]) : scales is [5] ? index[1] : 0;
                var (step, origin) = (scale.Numbers()[place], zero.Numbers()[place]);
                var code = Math.Clamp(Math.Round((double)(float)(x.Numbers()[i] / step)) + origin, lowest, highest);
                codes.Numbers()[i].ShouldBe(code, $"{type}, scales [{string.Join(",", scales)}], element {i}");
                values.Numbers()[i].ShouldBe((code - origin) * step, 1e-6 * Math.Max(1, Math.Abs((code - origin) * step)), $"{type}, scales [{string.Join(",", scales)}], element {i}");
            }
        }
    }

    [Fact]
    public void Half_precision_divides_in_half_precision()
    {
        var x = Elements.Of(ElementType.Float16, [2.498, 2.5, 3.5, -2.5], 4);
        var one = Elements.Of(ElementType.Float16, [1]).Reshaped();
        new SingleNode("QuantizeLinear").Run(x, one, Tensor.Scalar((sbyte)0))[0].Numbers().ShouldBe([2, 2, 4, -2]);
        new SingleNode("QuantizeLinear", ("output_dtype", (long)ElementType.Int4)).Run(x, one)[0].ElementType.ShouldBe(ElementType.Int4);
        new SingleNode("DequantizeLinear").Run(Tensor.Of<sbyte>([3, -5]), Elements.Of(ElementType.Float16, [0.1]).Reshaped())[0].ElementType.ShouldBe(ElementType.Float16);
        new SingleNode("DequantizeLinear", ("output_dtype", (long)ElementType.Float32)).Run(Tensor.Of<sbyte>([3, -5]), one)[0].ElementType.ShouldBe(ElementType.Float32);
    }

    [Fact]
    public void A_dynamic_range_holds_zero()
    {
        var node = new SingleNode("DynamicQuantizeLinear") { Outputs = 3 };
        var results = node.Run(Tensor.Of<float>([0, 2, -3, -2.5f, 1.34f, 0.5f]));
        results[0].Numbers().ShouldBe([153, 255, 0, 26, 221, 179]);
        results[1].Numbers()[0].ShouldBe(0.0196078438, 1e-9);
        results[2].Numbers().ShouldBe([153]);
        node.Run(Tensor.Of<float>([1, 2, 4]))[2].Numbers().ShouldBe([0]);
        node.Run(Tensor.Of<float>([0, 0]))[0].Numbers().ShouldBe([0, 0]);
        node.Run(Tensor.Of<float>([float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1]))[2].Length.ShouldBe(1);
    }

    [Fact]
    public void Integer_matrix_products_are_exact_with_zero_points_of_rows_and_columns()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var (left, right) = (seed % 2 == 0 ? ElementType.UInt8 : ElementType.Int8, seed / 2 % 2 == 0 ? ElementType.UInt8 : ElementType.Int8);
            var (rows, depth, columns) = (random.Next(1, 6), random.Next(1, 40), random.Next(1, 40));
            int[] batch = seed % 3 == 0 ? [2] : [];
            var (a, b) = (Bytes(random, left, [.. batch, rows, depth]), Bytes(random, right, [depth, columns]));
            var za = seed % 4 == 3 ? Bytes(random, left, [.. batch, rows, 1]) : Bytes(random, left, seed % 2 == 0 ? [] : [rows]);
            var zb = Bytes(random, right, seed % 2 == 0 ? [] : [columns]);
            int[] shape = [.. batch, rows, columns];
            var expected = RandomWindow.Walk(shape).Select(i =>
            {
                var zero = za.Length == 1 ? 0 : za.Rank == 1 ? i[^2] : RandomWindow.Flat(za.Dimensions.ToArray(), [.. i[..^1], 0]);
                return Enumerable.Range(0, depth).Sum(k => (At(a, [.. i[..^1], k]) - za.Numbers()[zero]) * (At(b, [k, i[^1]]) - zb.Numbers()[zb.Length == 1 ? 0 : i[^1]]));
            }).ToArray();
            foreach (var constants in new int[][] { [], [1, 3] })
                new SingleNode("MatMulInteger") { Constants = constants }.Run(a, b, za, zb)[0].Numbers().ShouldBe(expected, $"seed {seed}");

            var (sa, sb, sy) = (0.02f, 0.03f, 0.5f);
            var codes = new SingleNode("QLinearMatMul") { Constants = seed % 2 == 0 ? [3, 5] : [] }.Run(a, Scales(sa, za), za, b, Scales(sb, zb), zb, Tensor.Scalar(sy), Bytes(new Random(1), left, []))[0];
            var zy = Bytes(new Random(1), left, []).Numbers()[0];
            codes.Numbers().ShouldBe(expected.Select(sum => Requantized(sum, sa * sb / sy, zy, left)), $"seed {seed}");
        }

        static Tensor Scales(float value, Tensor like) => Tensor.Of<float>([.. Enumerable.Repeat(value, like.Length)], like.Rank == 0 ? [1] : like.Dimensions.ToArray()).Reshaped(like.Dimensions);
    }

    [Fact]
    public void Integer_convolutions_are_exact_in_one_to_three_dimensions()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var window = RandomWindow.Draw(random);
            if (window.Outputs().Contains(0)) continue;
            var (left, right) = (seed % 2 == 0 ? ElementType.UInt8 : ElementType.Int8, seed / 2 % 2 == 0 ? ElementType.UInt8 : ElementType.Int8);
            var (groups, channels, outputs) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 4));
            var x = Bytes(random, left, [2, channels * groups, .. window.Sizes]);
            var w = Bytes(random, right, [outputs * groups, channels, .. window.Kernel]);
            var (zx, zw) = (Bytes(random, left, []), Bytes(random, right, seed % 2 == 0 ? [] : [outputs * groups]));
            var bias = Tensor.Of<int>([.. Enumerable.Range(0, outputs * groups).Select(_ => random.Next(-9999, 9999))]);
            int[] shape = [2, outputs * groups, .. window.Outputs()];
            var expected = RandomWindow.Walk(shape).Select(i => Enumerable.Range(0, channels).Sum(c => RandomWindow.Walk(window.Kernel).Sum(tap =>
            {
                var source = window.Source(i[2..], tap);
                if (!window.IsInside(source)) return 0;
                return (At(x, [i[0], (i[1] / outputs * channels) + c, .. source]) - zx.Numbers()[0]) * (At(w, [i[1], c, .. tap]) - zw.Numbers()[zw.Length == 1 ? 0 : i[1]]);
            }))).ToArray();
            (string, AttributeValue)[] attributes = [.. window.Attributes, ("group", groups)];
            foreach (var constants in new int[][] { [], [1, 3] })
            {
                var sums = new SingleNode("ConvInteger", attributes) { Constants = constants }.Run(x, w, zx, zw)[0];
                sums.Dimensions.ToArray().ShouldBe(shape);
                sums.Numbers().ShouldBe(expected, $"seed {seed}");
            }

            var scales = Tensor.Of<float>([.. Enumerable.Range(0, outputs * groups).Select(m => 0.01f * (m + 1))]);
            var zero = Bytes(random, left, []);
            var codes = new SingleNode("QLinearConv", attributes) { Constants = [3, 5] }.Run(x, Tensor.Scalar(0.05f), zx, w, scales, zw, Tensor.Scalar(1.5f), zero, bias)[0];
            var wanted = RandomWindow.Walk(shape).Select((i, n) => Requantized(expected[n] + bias.Numbers()[i[1]], 0.05f * scales.AsSpan<float>()[i[1]] / 1.5f, zero.Numbers()[0], left));
            codes.Numbers().ShouldBe(wanted, $"seed {seed}");
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var x = Tensor.Of<float>(new float[12], 3, 4);
        new SingleNode("QuantizeLinear", ("output_dtype", 17L)).Refusal(x, Tensor.Scalar(1f)).ShouldContain("not supported");
        new SingleNode("QuantizeLinear").Refusal(x, Tensor.Of<float>([1, 1, 1])).ShouldContain("does not fit axis 1");
        new SingleNode("QuantizeLinear", ("block_size", 3)).Refusal(x, Tensor.Of<float>([1, 1, 1], 3, 1)).ShouldContain("must be 2");
        new SingleNode("QuantizeLinear").Refusal(x, Tensor.Of<float>([1, 1, 1, 1]), Tensor.Of<byte>([0, 0])).ShouldContain("different shapes");
        new SingleNode("DequantizeLinear").Refusal(x, Tensor.Scalar(1f)).ShouldContain("cannot be dequantized");
        new SingleNode("MatMulInteger").Refusal(x, x).ShouldContain("int8 and uint8");
        new SingleNode("ConvInteger").Refusal(Tensor.Of<byte>(new byte[8], 1, 2, 4), Tensor.Of<byte>(new byte[4], 1, 2, 2), Tensor.Scalar((sbyte)1)).ShouldContain("zero point");
    }

    private static double Requantized(double sum, float multiplier, double zero, ElementType type)
        => Math.Clamp(Math.Round((double)((float)sum * multiplier)) + zero, type.IntegerRange().Lowest, type.IntegerRange().Highest);

    private static Tensor Bytes(Random random, ElementType type, int[] shape)
    {
        var tensor = Tensor.Zeros(type, shape);
        random.NextBytes(tensor.Bytes.Span);
        return tensor;
    }

    private static double At(Tensor tensor, int[] index)
    {
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(tensor, RandomWindow.Flat(tensor.Dimensions.ToArray(), index), value);
        return value[0];
    }

    private static int Count(int[] shape) => shape.Aggregate(1, (count, size) => count * size);
}

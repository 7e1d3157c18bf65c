using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class ElementwiseTests
{
    private readonly Random _random = new(9);

    [Theory]
    [InlineData(0f, float.PositiveInfinity)]
    [InlineData(0f, 6f)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(-1f, 1f)]
    public void Clamped_sums_and_affine_maps_are_the_same_bits_everywhere(float lowest, float highest)
    {
        for (var length = 0; length < 40; length++)
        {
            float[] x = Special(length), y = Special(length), z = Special(length);
            InstructionSets.ForEach(set =>
            {
                var d = new float[length];
                Elementwise.Clip(x, lowest, highest, d);
                ShouldBeBits(d, i => Clamp(x[i], lowest, highest), $"clip, {set}, {length}");
                Elementwise.Add(x, y, d, lowest, highest);
                ShouldBeBits(d, i => Clamp(x[i] + y[i], lowest, highest), $"add, {set}, {length}");
                Elementwise.Affine(x, y, z, d, lowest, highest);
                ShouldBeBits(d, i => Clamp(MathF.FusedMultiplyAdd(x[i], y[i], z[i]), lowest, highest), $"affine, {set}, {length}");
            });
        }
    }

    [Fact]
    public void An_affine_map_repeats_over_positions_and_may_be_in_place()
    {
        float[] x = Arrays.Floats(_random, 5 * 11), scale = Arrays.Floats(_random, 11), shift = Arrays.Floats(_random, 11);
        InstructionSets.ForEach(_ =>
        {
            var d = (float[])x.Clone();
            Elementwise.Affine(d, scale, shift, d);
            ShouldBeBits(d, i => MathF.FusedMultiplyAdd(x[i], scale[i % 11], shift[i % 11]), "affine");
        });
        Should.Throw<ArgumentException>(() => Elementwise.Affine(x, scale.AsSpan(1), shift.AsSpan(1), new float[55]));
        Should.Throw<ArgumentException>(() => Elementwise.Add(x, scale, new float[55]));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Dequantization_rounds_after_each_operation(bool withOffsets, bool withBias)
    {
        foreach (var outputs in new[] { 1, 7, 8, 9, 16, 33, 117 })
        {
            int rows = 3, ld = outputs + 2, ldd = outputs + 3;
            var sums = Arrays.Of(rows * ld, () => _random.Next(int.MinValue / 2, int.MaxValue / 2));
            var offsets = withOffsets ? Arrays.Of(outputs, () => _random.Next(-100000, 100000)) : [];
            float[] scales = Arrays.Floats(_random, outputs), bias = withBias ? Arrays.Of(outputs, () => _random.NextSingle() * 1e8f) : [];
            InstructionSets.ForEach(set =>
            {
                float[] d = new float[rows * ldd], wide = new float[rows * ldd];
                Epilogue.Dequantize(sums, rows, outputs, ld, offsets, scales, bias, 0f, 3e8f, d, ldd);
                Epilogue.Dequantize(sums.Select(s => (long)s).ToArray(), rows, outputs, ld, offsets.Select(o => (long)o).ToArray(), scales, bias, 0f, 3e8f, wide, ldd);
                for (var row = 0; row < rows; row++)
                {
                    for (var m = 0; m < outputs; m++)
                    {
                        float value = sums[(row * ld) + m] + (withOffsets ? offsets[m] : 0);
                        value *= scales[m];
                        if (withBias) value += bias[m];
                        d[(row * ldd) + m].ShouldBe(Clamp(value, 0f, 3e8f), $"{set}");
                        wide[(row * ldd) + m].ShouldBe(d[(row * ldd) + m]);
                    }
                }
            });
        }
    }

    [Fact]
    public void Sixty_four_bit_sums_are_rounded_once()
    {
        long[] sums = [(1L << 40) + 1, -(1L << 55) - 12345, long.MaxValue];
        var d = new float[3];
        Epilogue.Dequantize(sums, 1, 3, 3, [], [1f, 1f, 1f], [], float.NegativeInfinity, float.PositiveInfinity, d, 3);
        d.ShouldBe([(1L << 40) + 1, -(1L << 55) - 12345, long.MaxValue]);
    }

    [Fact]
    public void Sixty_four_bit_sums_of_any_size_are_converted_alike_on_every_instruction_set()
    {
        const int rows = 5, outputs = 21;
        var sums = Arrays.Of(rows * outputs, () => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(0, 60));
        var scales = Arrays.Floats(_random, outputs);
        foreach (var offsets in new long[][] { [], Arrays.Of(outputs, () => _random.NextInt64(-1000, 1000)) })
        {
            InstructionSets.ForEach(set =>
            {
                var d = new float[rows * outputs];
                Epilogue.Dequantize(sums, rows, outputs, outputs, offsets, scales, [], float.NegativeInfinity, float.PositiveInfinity, d, outputs);
                ShouldBeBits(d, i => (float)unchecked(sums[i] + (offsets.Length == 0 ? 0 : offsets[i % outputs])) * scales[i % outputs], $"{set}");
            });
        }
    }

    private static float Clamp(float x, float lowest, float highest)
    {
        var t = lowest > x ? lowest : x;
        return highest < t ? highest : t;
    }

    private static void ShouldBeBits(float[] d, Func<int, float> expected, string what)
    {
        for (var i = 0; i < d.Length; i++)
        {
            var value = expected(i);
            if (float.IsNaN(value)) float.IsNaN(d[i]).ShouldBeTrue(what);
            else BitConverter.SingleToInt32Bits(d[i]).ShouldBe(BitConverter.SingleToInt32Bits(value), what);
        }
    }

    private float[] Special(int length)
    {
        float[] special = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, 6f, -1f];
        return Arrays.Of(length, () => _random.Next(4) == 0 ? special[_random.Next(special.Length)] : (_random.NextSingle() * 20) - 10);
    }
}

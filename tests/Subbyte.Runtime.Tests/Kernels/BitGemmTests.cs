using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class BitGemmTests
{
    private static readonly int[] Rows = [1, 3, 6, 17];
    private static readonly int[] Outputs = [1, 9, 16, 17, 40, 64, 128, 150, 256];
    private static readonly int[] Channels = [1, 31, 32, 64, 96, 160, 256, 300];

    [Theory]
    [InlineData(BitProduct.ZeroOne)]
    [InlineData(BitProduct.Signs)]
    [InlineData(BitProduct.Ternary)]
    public void Sums_are_those_of_the_codes_on_every_instruction_set(BitProduct product)
    {
        foreach (var rows in Rows)
        {
            foreach (var outputs in Outputs)
            {
                foreach (var channels in Channels) CheckRows(rows, outputs, channels, product);
            }
        }
    }

    [Theory]
    [InlineData(BitProduct.Signs, 20_000)]
    [InlineData(BitProduct.Ternary, 20_000)]
    [InlineData(BitProduct.ZeroOne, 7937)]
    [InlineData(BitProduct.Ternary, 3873)]
    public void Long_rows_overflow_no_counter(BitProduct product, int channels)
    {
        CheckRows(3, 133, channels, product);
        CheckRows(9, 128, channels, product);
        CheckRows(8, 128, channels, product, (_, _) => product == BitProduct.ZeroOne ? 0 : -1, (_, _) => 1);
        CheckRows(3, 145, channels, product, (_, _) => 1, (_, _) => product == BitProduct.ZeroOne ? -1 : 1);
        CheckRows(3, 145, channels, product, (_, _) => product == BitProduct.ZeroOne ? 0 : -1, (_, _) => 1);
    }

    [Theory]
    [InlineData(BitProduct.ZeroOne, 64, 3, 1)]
    [InlineData(BitProduct.ZeroOne, 20, 3, 2)]
    [InlineData(BitProduct.Signs, 40, 5, 1)]
    [InlineData(BitProduct.Ternary, 64, 3, 1)]
    [InlineData(BitProduct.Ternary, 33, 3, 2)]
    [InlineData(BitProduct.Ternary, 96, 1, 2)]
    public void Patches_are_read_in_place(BitProduct product, int channels, int kernel, int stride)
    {
        const int Size = 9;
        const int Filters = 149;
        var planes = product == BitProduct.Ternary ? 2 : 1;
        var random = new Random(channels);
        var map = Arrays.Of(Size * Size * channels, () => BitCodes.Activation(random, product));
        var weights = Arrays.Of(Filters * kernel * kernel * channels, () => BitCodes.Weight(random, product));
        var codes = new ConvolutionGeometry { InHeight = Size, InWidth = Size, InChannels = channels, OutChannels = Filters, KernelHeight = kernel, KernelWidth = kernel, StrideHeight = stride, StrideWidth = stride, PadTop = kernel / 2, PadLeft = kernel / 2, PadBottom = kernel / 2, PadRight = kernel / 2 };
        var patches = PatchMap.For(codes with { InChannels = BitPacking.Words(channels) * planes }, 1).ShouldNotBeNull();
        var exact = BitCodes.Convolve(map, weights, codes, product == BitProduct.Signs ? -1 : 0);
        InstructionSets.ForEach(set =>
        {
            var words = BitCodes.Pack(map, channels, product);
            var padded = new uint[patches.Length];
            patches.Fill<uint>(words, 0, padded);
            var packed = PackedBitMatrix.Pack(weights, Filters, kernel * kernel, channels, planes);
            var sums = new int[codes.Positions * Filters];
            for (var line = 0; line < codes.OutHeight; line += 2)
            {
                var lines = Math.Min(2, codes.OutHeight - line);
                BitGemm.MultiplyPatches(padded, patches, line, lines, packed, product, sums.AsSpan(line * codes.OutWidth * Filters), Filters);
            }

            BitCodes.AddConstants(sums, weights, Filters, product);
            sums.ShouldBe(exact, $"{set}");
        });
    }

    [Fact]
    public void Panels_that_were_packed_before_are_taken_and_others_refused()
    {
        var codes = Arrays.Of(17 * 9 * 40, () => (sbyte)1);
        var packed = PackedBitMatrix.Pack(codes, 17, 9, 40, 2);
        PackedBitMatrix.Of(packed.Panels, 17, 9, 40, 2).Panels.SequenceEqual(packed.Panels).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => PackedBitMatrix.Of(packed.Panels[1..], 17, 9, 40, 2));
        Should.Throw<ArgumentException>(() => BitGemm.Multiply(new uint[4], 4, 1, packed, BitProduct.Signs, new int[17], 17)).Message.ShouldContain("planes");
    }

    [Fact]
    public void The_packed_dot_of_the_ternary_specification_comes_out()
    {
        // w = t, x = [1 −1 0 1] of the merged channel [1 0 0 −1]: dot 0; of [0 1 0 1]: dot 0.
        var packed = PackedBitMatrix.Pack([1, 0, 0, -1, 0, 1, 0, 1], 2, 1, 4, 2);
        var words = new uint[2];
        BitPacking.Ternary([0.7f, -1f, 0.49f, 0.5f], 4, -0.5f, 0.5f, words);
        words.ShouldBe([11u, 2u]);
        var sums = new int[2];
        BitGemm.Multiply(words, 2, 1, packed, BitProduct.Ternary, sums, 2);
        sums.ShouldBe([0, 0]);
    }

    [Fact]
    public void Values_at_thresholds_and_NaN_are_packed_by_rule()
    {
        InstructionSets.ForEach(set =>
        {
            foreach (var channels in new[] { 7, 32, 64 })
            {
                var map = new float[channels];
                map[0] = 0.5f;
                map[1] = MathF.BitDecrement(0.5f);
                map[2] = float.NaN;
                map[3] = -0.5f;
                map[4] = MathF.BitDecrement(-0.5f);
                map[5] = float.PositiveInfinity;
                map[6] = float.NegativeInfinity;
                var words = new uint[2 * BitPacking.Words(channels)];
                BitPacking.Binary(map, channels, 0.5f, words);
                words[0].ShouldBe(0b0100001u, $"{set}");
                BitPacking.Ternary(map, channels, -0.5f, 0.5f, words);
                words[0].ShouldBe(0b1110001u, $"{set}");
                words[1].ShouldBe(0b1010000u, $"{set}");
            }
        });
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(32, 16)]
    [InlineData(40, 21)]
    [InlineData(96, 9)]
    [InlineData(33, 49)]
    [InlineData(64, 70)]
    public void Channels_that_lie_one_after_the_other_are_packed_to_the_same_words(int channels, int pixels)
    {
        var values = Arrays.Floats(new Random(channels), channels * pixels);
        var planar = new float[values.Length];
        for (var i = 0; i < values.Length; i++) planar[(i % channels * pixels) + (i / channels)] = values[i];
        InstructionSets.ForEach(set =>
        {
            uint[] words = new uint[2 * pixels * BitPacking.Words(channels)], other = new uint[words.Length];
            BitPacking.Ternary(values, channels, -0.3f, 0.4f, words);
            BitPacking.TernaryPlanar(planar, channels, -0.3f, 0.4f, other);
            other.ShouldBe(words, $"{set}");
            BitPacking.Binary(values, channels, 0.1f, words);
            BitPacking.BinaryPlanar(planar, channels, 0.1f, other);
            other.ShouldBe(words, $"{set}");
        });
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(64, true)]
    [InlineData(96, false)]
    public void Steps_of_channels_are_compared_with_the_signed_value(int channels, bool isTernary)
    {
        const int Pixels = 5;
        var random = new Random(channels);
        var map = Arrays.Floats(random, channels * Pixels);
        map[3] = float.NaN;
        float[] signs = Arrays.Of(channels, () => random.Next(2) == 0 ? -1f : 1f), high = Arrays.Floats(random, channels);
        float[] low = isTernary ? [.. high.Select(step => step - 0.3f)] : [];
        var planes = isTernary ? 2 : 1;
        var expected = new uint[Pixels * BitPacking.Words(channels) * planes];
        for (var i = 0; i < map.Length; i++)
        {
            var (c, v) = (i % channels, map[i] * signs[i % channels]);
            var word = ((i / channels * BitPacking.Words(channels)) + (c / BitPacking.WordBits)) * planes;
            var isNegative = isTernary && v < low[c];
            if (isNegative || v >= high[c]) expected[word] |= 1u << (c % BitPacking.WordBits);
            if (isNegative) expected[word + 1] |= 1u << (c % BitPacking.WordBits);
        }

        InstructionSets.ForEach(set =>
        {
            var words = new uint[expected.Length];
            BitPacking.Channels(map, signs, low, high, words);
            words.ShouldBe(expected, $"{set}");
        });
    }

    private static void CheckRows(int rows, int outputs, int channels, BitProduct product, Func<int, int, int>? activation = null, Func<int, int, int>? weight = null)
    {
        var random = new Random(HashCode.Combine(rows, outputs, channels));
        var a = Arrays.Of(rows * channels, () => activation is null ? BitCodes.Activation(random, product) : (sbyte)activation(0, 0));
        var w = Arrays.Of(outputs * channels, () => weight is null ? BitCodes.Weight(random, product) : (sbyte)weight(0, 0));
        var exact = new int[rows * outputs];
        for (var i = 0; i < exact.Length; i++)
        {
            for (var k = 0; k < channels; k++) exact[i] += a[(i / outputs * channels) + k] * w[(i % outputs * channels) + k];
        }

        InstructionSets.ForEach(set =>
        {
            var words = BitCodes.Pack(a, channels, product);
            var packed = PackedBitMatrix.Pack(w, outputs, 1, channels, product == BitProduct.Ternary ? 2 : 1);
            var sums = new int[rows * outputs];
            BitGemm.Multiply(words, words.Length / rows, rows, packed, product, sums, outputs);
            BitCodes.AddConstants(sums, w, outputs, product);
            sums.ShouldBe(exact, $"{set}: {rows}×{outputs}×{channels}");
        });
    }
}

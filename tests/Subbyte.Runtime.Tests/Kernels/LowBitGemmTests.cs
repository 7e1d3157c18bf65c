using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class LowBitGemmTests
{
    private static readonly int[] Rows = [1, 2, 5];
    private static readonly int[] Outputs = [1, 17, 33, 100, 161];
    private static readonly int[] Depths = [1, 4, 15, 16, 17, 100, 576];

    [Theory]
    [InlineData(2, -1, 1)]
    [InlineData(2, -2, 1)]
    [InlineData(2, 0, 3)]
    [InlineData(4, -8, 7)]
    [InlineData(4, -7, 7)]
    [InlineData(4, -3, 3)]
    public void Products_are_exact_on_every_instruction_set(int bits, int lowest, int highest)
    {
        foreach (var rows in Rows)
        {
            foreach (var outputs in Outputs)
            {
                foreach (var depth in Depths) Check(rows, outputs, depth, bits, lowest, highest, extreme: false);
            }
        }
    }

    [Theory]
    [InlineData(2, -2, 1)]
    [InlineData(2, -1, 1)]
    [InlineData(4, -8, 7)]
    public void Extreme_operands_saturate_no_accumulator(int bits, int lowest, int highest)
    {
        Check(1, 17, 9000, bits, lowest, highest, extreme: true);
        Check(1, 130, 9000, bits, lowest, highest, extreme: true);
        Check(5, 17, 9000, bits, lowest, highest, extreme: true);
    }

    [Theory]
    [InlineData(2, -1, 1)]
    [InlineData(4, -8, 7)]
    [InlineData(4, 0, 15)]
    public void Sums_of_16_bits_take_as_many_steps_as_the_weights_allow(int bits, int lowest, int highest)
    {
        // Large weights come in runs, which may begin anywhere: neither their mean nor their range says how many steps fit.
        var random = new Random(highest);
        foreach (var run in new[] { 1, 7, 40, 200 })
        {
            const int outputs = 40, depth = 1100, rows = 5;
            var weights = new sbyte[outputs * depth];
            for (var output = 0; output < outputs; output++)
            {
                weights.AsSpan((output * depth) + random.Next(depth - run), run).Fill((sbyte)highest);
                weights.AsSpan((output * depth) + random.Next(depth - run), run).Fill((sbyte)lowest);
            }

            Check(rows, outputs, depth, Arrays.Of(rows * depth, () => (byte)255), weights, bits, lowest, highest);
        }
    }

    public static TheoryData<int, int, int, int, int, int, int, int> Convolutions => new()
    {
        // height, width, channels, outputs, kernel height, kernel width, stride, dilation
        { 5, 6, 3, 50, 3, 3, 1, 1 },
        { 7, 9, 17, 180, 3, 3, 1, 1 },
        { 6, 31, 40, 96, 3, 3, 1, 1 },
        { 9, 29, 22, 290, 3, 3, 2, 1 },
        { 9, 9, 8, 64, 5, 5, 1, 1 },
        { 11, 9, 7, 700, 3, 2, 2, 3 },
        { 3, 17, 260, 33, 1, 3, 1, 1 },
        { 3, 17, 260, 320, 1, 3, 1, 1 },
        { 5, 5, 1100, 65, 1, 1, 2, 1 },
        { 3, 75, 300, 128, 3, 3, 1, 1 },
        { 6, 6, 9, 20, 3, 3, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Patches_are_multiplied_exactly_on_every_instruction_set(int height, int width, int channels, int outputs, int kernelHeight, int kernelWidth, int stride, int dilation)
    {
        var g = new ConvolutionGeometry { InHeight = height, InWidth = width, InChannels = channels, OutChannels = outputs, KernelHeight = kernelHeight, KernelWidth = kernelWidth, StrideHeight = stride, StrideWidth = stride, DilationHeight = dilation, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        foreach (var (bits, lowest, highest) in new[] { (2, -1, 1), (2, 0, 1), (2, -2, 1), (4, -7, 7) })
        {
            var random = new Random(HashCode.Combine(channels, outputs, lowest));
            var weights = Arrays.Of(outputs * g.Depth, () => (sbyte)random.Next(lowest, highest + 1));
            Check(g, Arrays.Bytes(random, height * width * channels), weights, bits, lowest, highest);
        }

        Check(g, Arrays.Of(height * width * channels, () => (byte)255), Arrays.Of(outputs * g.Depth, () => (sbyte)1), 2, -1, 1);
        Check(g, Arrays.Of(height * width * channels, () => (byte)255), Arrays.Of(outputs * g.Depth, () => (sbyte)-1), 2, -1, 1);
    }

    [Fact]
    public void Weights_outside_the_range_are_refused()
    {
        Should.Throw<ArgumentException>(() => PackedLowBitMatrix.Pack([2], 1, 1, 2, -1, 1));
        Should.Throw<ArgumentException>(() => PackedLowBitMatrix.Pack([2], 1, 1, 3, -1, 2)).Message.ShouldContain("bits");
        var bytes = PackedLowBitMatrix.Pack(new sbyte[20], 1, 20, 2, -1, 1).Panels.ToArray();
        PackedLowBitMatrix.Of(bytes, 1, 20, 2, -1, 1).Depth.ShouldBe(20);
        bytes[3] = 0xFF;
        Should.Throw<ArgumentException>(() => PackedLowBitMatrix.Of(bytes, 1, 20, 2, -1, 1)).Message.ShouldContain("outside");
    }

    private static void Check(ConvolutionGeometry g, byte[] map, sbyte[] weights, int bits, int lowest, int highest)
    {
        const byte padding = 200;
        var patches = PatchMap.For(g, 4)!;
        var padded = new byte[patches.Length];
        patches.Fill<byte>(map, padding, padded);
        var w = PackedLowBitMatrix.Pack(patches.PadWeights<sbyte>(weights), g.OutChannels, patches.Depth, bits, lowest, highest);
        var ldc = g.OutChannels + 1;
        int[] exact = new int[g.Positions * ldc], sums = new int[exact.Length];
        for (var position = 0; position < g.Positions; position++)
        {
            for (var k = 0; k < g.Depth; k++)
            {
                var (row, column, channel) = (k / g.InChannels / g.KernelWidth, k / g.InChannels % g.KernelWidth, k % g.InChannels);
                int y = (position / g.OutWidth * g.StrideHeight) + (row * g.DilationHeight) - g.PadTop, x = (position % g.OutWidth * g.StrideWidth) + column - g.PadLeft;
                int code = y < 0 || y >= g.InHeight || x < 0 || x >= g.InWidth ? padding : map[(((y * g.InWidth) + x) * g.InChannels) + channel];
                for (var output = 0; output < g.OutChannels; output++) exact[(position * ldc) + output] += code * weights[(output * g.Depth) + k];
            }
        }

        InstructionSets.ForEach(set =>
        {
            sums.AsSpan().Clear();
            // Two parts, as the tiles of a session: lines of tables that both read are made by both.
            var first = (g.OutHeight + 1) / 2;
            LowBitGemm.MultiplyPatches(padded, patches, 0, first, w, sums, ldc);
            LowBitGemm.MultiplyPatches(padded, patches, first, g.OutHeight - first, w, sums.AsSpan(first * g.OutWidth * ldc), ldc);
            sums.ShouldBe(exact, $"{set}: {g}");
        });
    }

    private static void Check(int rows, int outputs, int depth, int bits, int lowest, int highest, bool extreme)
    {
        var random = new Random(HashCode.Combine(rows, outputs, depth));
        var lda = ((depth + 3) / 4 * 4) + 4;
        var a = extreme ? Arrays.Of(rows * lda, () => (byte)255) : Arrays.Bytes(random, rows * lda);
        var w = Arrays.Of(outputs * depth, () => (sbyte)(extreme ? random.Next(9) > 0 ? highest : lowest : random.Next(lowest, highest + 1)));
        Check(rows, outputs, depth, a, w, bits, lowest, highest);
    }

    private static void Check(int rows, int outputs, int depth, byte[] a, sbyte[] w, int bits, int lowest, int highest)
    {
        var lda = a.Length / rows;
        var exact = new int[rows * outputs];
        for (var i = 0; i < exact.Length; i++)
        {
            for (var k = 0; k < depth; k++) exact[i] += a[(i / outputs * lda) + k] * w[(i % outputs * depth) + k];
        }

        InstructionSets.ForEach(set =>
        {
            var sums = new int[rows * outputs];
            LowBitGemm.Multiply(a, lda, rows, PackedLowBitMatrix.Pack(w, outputs, depth, bits, lowest, highest), sums, outputs);
            sums.ShouldBe(exact, $"{set}: {rows}×{outputs}×{depth}");
        });
    }
}

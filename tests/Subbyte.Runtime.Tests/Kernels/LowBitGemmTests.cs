using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class LowBitGemmTests
{
    private static readonly int[] Rows = [1, 2, 5];
    private static readonly int[] Outputs = [1, 17, 33];
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
        Check(5, 17, 9000, bits, lowest, highest, extreme: true);
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

    private static void Check(int rows, int outputs, int depth, int bits, int lowest, int highest, bool extreme)
    {
        var random = new Random(HashCode.Combine(rows, outputs, depth));
        var lda = ((depth + 3) / 4 * 4) + 4;
        var a = extreme ? Arrays.Of(rows * lda, () => (byte)255) : Arrays.Bytes(random, rows * lda);
        var w = Arrays.Of(outputs * depth, () => (sbyte)(extreme ? random.Next(9) > 0 ? highest : lowest : random.Next(lowest, highest + 1)));
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

using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class FloatGemmTests
{
    private static readonly int[] Rows = [0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 25, 49];
    private static readonly int[] Outputs = [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 64, 65, 80, 129];
    private static readonly int[] Depths = [0, 1, 2, 3, 7, 16, 27, 65, 144];

    [Fact]
    public void Every_instruction_set_gives_the_chain_of_fused_multiply_adds()
    {
        foreach (var rows in Rows)
        {
            foreach (var outputs in Outputs)
            {
                foreach (var depth in Depths) CheckAgainstChain(rows, outputs, depth, lda: depth + 3, ldc: outputs + 5);
            }
        }
    }

    [Theory]
    [InlineData(1, 70, 1000)]
    [InlineData(13, 40, 257)]
    [InlineData(14, 33, 512)]
    [InlineData(7, 17, 700)]
    [InlineData(300, 20, 400)]
    public void Blocks_of_k_and_of_rows_do_not_change_the_chain(int rows, int outputs, int depth) => CheckAgainstChain(rows, outputs, depth, depth, outputs);

    [Fact]
    public void Operands_may_begin_at_any_address() => InstructionSets.ForEach(_ =>
    {
        var random = new Random(5);
        float[] a = Arrays.Floats(random, 200), w = Arrays.Floats(random, 20 * 9);
        var packed = PackedFloatMatrix.Pack(w, 20, 9);
        var expected = Chain(a.AsSpan(0, 8 * 9), 9, 8, w, 20, 9);
        for (var offset = 0; offset < 8; offset++)
        {
            var moved = new float[a.Length + offset];
            a.CopyTo(moved, offset);
            var c = new float[(8 * 20) + offset];
            FloatGemm.Multiply(moved.AsSpan(offset), 9, 8, packed, c.AsSpan(offset), 20);
            c.AsSpan(offset).ToArray().ShouldBe(expected);
        }
    });

    [Fact]
    public void Refilled_weights_replace_the_old_ones()
    {
        var random = new Random(6);
        float[] first = Arrays.Floats(random, 30), second = Arrays.Floats(random, 30), a = Arrays.Floats(random, 10);
        var packed = PackedFloatMatrix.Pack(first, 3, 10);
        packed.Fill(second);
        var c = new float[3];
        FloatGemm.Multiply(a, 10, 1, packed, c, 3);
        c.ShouldBe(Chain(a, 10, 1, second, 3, 10));
    }

    [Fact]
    public void Rows_outside_their_span_are_refused()
    {
        var packed = PackedFloatMatrix.Pack(new float[12], 3, 4);
        Should.Throw<ArgumentException>(() => FloatGemm.Multiply(new float[7], 4, 2, packed, new float[6], 3));
        Should.Throw<ArgumentException>(() => FloatGemm.Multiply(new float[8], 4, 2, packed, new float[5], 3));
        Should.Throw<ArgumentException>(() => FloatGemm.Multiply(new float[8], 3, 2, packed, new float[6], 3));
        Should.Throw<ArgumentException>(() => PackedFloatMatrix.Pack(new float[11], 3, 4));
    }

    private static void CheckAgainstChain(int rows, int outputs, int depth, int lda, int ldc)
    {
        var random = new Random(HashCode.Combine(rows, outputs, depth) & 0xFFFF);
        float[] a = Arrays.Floats(random, rows * lda), w = Arrays.Floats(random, outputs * depth);
        var expected = Chain(a, lda, rows, w, outputs, depth);
        InstructionSets.ForEach(set =>
        {
            var c = new float[rows * ldc];
            Array.Fill(c, float.NaN);
            FloatGemm.Multiply(a, lda, rows, PackedFloatMatrix.Pack(w, outputs, depth), c, ldc);
            for (var row = 0; row < rows; row++)
            {
                var result = c.AsSpan(row * ldc, outputs);
                result.SequenceEqual(expected.AsSpan(row * outputs, outputs)).ShouldBeTrue($"{set}: {rows}×{outputs}×{depth}, row {row}");
                c.AsSpan((row * ldc) + outputs, ldc - outputs).IndexOfAnyExcept(float.NaN).ShouldBe(-1, "elements between rows are left alone");
            }
        });
    }

    private static float[] Chain(ReadOnlySpan<float> a, int lda, int rows, float[] w, int outputs, int depth)
    {
        var c = new float[rows * outputs];
        for (var row = 0; row < rows; row++)
        {
            for (var m = 0; m < outputs; m++)
            {
                var sum = 0f;
                for (var k = 0; k < depth; k++) sum = MathF.FusedMultiplyAdd(a[(row * lda) + k], w[(m * depth) + k], sum);
                c[(row * outputs) + m] = sum;
            }
        }
        return c;
    }
}

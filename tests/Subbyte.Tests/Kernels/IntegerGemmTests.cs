using System.Numerics;
using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class IntegerGemmTests
{
    private static readonly int[] Rows = [0, 1, 2, 5, 6, 7, 12, 13, 25];
    private static readonly int[] Outputs = [1, 15, 16, 17, 32, 33, 48, 65];
    private static readonly int[] Depths = [1, 2, 3, 4, 5, 7, 8, 27, 65, 144];

    [Theory]
    [InlineData(128, 255)]
    [InlineData(127, 127)]
    [InlineData(64, 255)]
    [InlineData(65, 255)]
    [InlineData(8, 255)]
    [InlineData(3, 255)]
    [InlineData(1, 255)]
    [InlineData(128, 15)]
    [InlineData(0, 255)]
    public void Eight_bit_products_are_exact_on_every_instruction_set(int largestWeight, int largestCode)
    {
        foreach (var rows in Rows)
        {
            foreach (var outputs in Outputs)
            {
                foreach (var depth in Depths) CheckInt8(rows, outputs, depth, largestWeight, largestCode, extreme: false);
            }
        }
    }

    [Theory]
    [InlineData(128, 255, 2304)]
    [InlineData(128, 127, 2304)]
    [InlineData(64, 255, 2304)]
    [InlineData(31, 255, 1000)]
    [InlineData(10, 255, 1000)]
    [InlineData(8, 255, 1000)]
    [InlineData(7, 255, 1000)]
    [InlineData(3, 255, 4608)]
    [InlineData(1, 255, 4608)]
    [InlineData(127, 1, 4608)]
    [InlineData(128, 255, 65793)]
    public void Extreme_operands_saturate_no_accumulator(int largestWeight, int largestCode, int depth)
        => CheckInt8(7, 17, depth, largestWeight, largestCode, extreme: true);

    [Theory]
    [InlineData(32768)]
    [InlineData(32767)]
    [InlineData(8191)]
    [InlineData(300)]
    [InlineData(1)]
    public void Sixteen_bit_products_wrap_in_32_bits_and_are_exact_in_64(int largestWeight)
    {
        foreach (var rows in Rows)
        {
            foreach (var outputs in Outputs)
            {
                foreach (var depth in Depths) CheckInt16(rows, outputs, depth, largestWeight, extreme: false);
            }
        }
    }

    [Theory]
    [InlineData(32768, 1000)]
    [InlineData(32767, 1000)]
    [InlineData(16384, 1000)]
    [InlineData(8191, 4000)]
    [InlineData(255, 4000)]
    [InlineData(32767, 131072)]
    [InlineData(32767, 131074)]
    public void Extreme_16_bit_operands_overflow_no_64_bit_sum(int largestWeight, int depth) => CheckInt16(7, 17, depth, largestWeight, extreme: true);

    [Fact]
    public void Rows_outside_their_span_are_refused()
    {
        var packed = PackedInt8Matrix.Pack(new sbyte[15], 3, 5);
        packed.PaddedDepth.ShouldBe(8);
        Should.Throw<ArgumentException>(() => Int8Gemm.Multiply(new byte[15], 8, 2, packed, new int[6], 3)).Message.ShouldContain("'a'");
        var wide = PackedInt16Matrix.Pack(new short[15], 3, 5);
        wide.PaddedDepth.ShouldBe(6);
        Should.Throw<ArgumentException>(() => Int16Gemm.Multiply(new short[11], 6, 2, wide, new int[6], 3)).Message.ShouldContain("'a'");
        Should.Throw<ArgumentException>(() => Int16Gemm.MultiplyWide(new short[12], 6, 2, wide, new long[5], 3)).Message.ShouldContain("'c'");
    }

    private static void CheckInt8(int rows, int outputs, int depth, int largestWeight, int largestCode, bool extreme)
    {
        var random = new Random(HashCode.Combine(1, depth));
        var lda = ((depth + 3) / 4 * 4) + 1;
        var a = extreme ? Arrays.Of(rows * lda, () => (byte)largestCode) : Arrays.Bytes(random, rows * lda, largestCode);
        var w = extreme ? ExtremeWeights(outputs, depth, largestWeight, Math.Min(largestWeight, 127)).Select(v => (sbyte)v).ToArray() : Arrays.SBytes(random, outputs * depth, largestWeight);
        for (var row = 0; row < rows; row++)
            a.AsSpan((row * lda) + depth, lda - depth).Fill(255);
        var exact = Exact(a, lda, rows, w, outputs, depth);
        InstructionSets.ForEach(set =>
        {
            var ldc = outputs + 3;
            var packed = PackedInt8Matrix.Pack(w, outputs, depth);
            foreach (var vnni in Cpu.HasAvxVnni ? new[] { true, false } : [false])
            {
                var c = new int[rows * ldc];
                Int8Gemm.Multiply(a, lda, rows, packed, c, ldc, largestCode, vnni);
                Compare(c, ldc, exact, rows, outputs, $"{set}, VNNI {vnni}: {rows}×{outputs}×{depth}");
            }
        });
    }

    private static void CheckInt16(int rows, int outputs, int depth, int largestWeight, bool extreme)
    {
        var random = new Random(HashCode.Combine(2, depth));
        var lda = ((depth + 1) / 2 * 2) + 1;
        var a = extreme ? Arrays.Of(rows * lda, () => short.MinValue) : Arrays.Shorts(random, rows * lda);
        var w = extreme ? ExtremeWeights(outputs, depth, largestWeight, Math.Min(largestWeight, 32767)).Select(v => (short)v).ToArray() : Arrays.Shorts(random, outputs * depth, largestWeight);
        var exact = Exact(a, lda, rows, w, outputs, depth);
        InstructionSets.ForEach(set =>
        {
            var ldc = outputs + 3;
            var c = new int[rows * ldc];
            var wide = new long[rows * ldc];
            var packed = PackedInt16Matrix.Pack(w, outputs, depth);
            Int16Gemm.Multiply(a, lda, rows, packed, c, ldc);
            Int16Gemm.MultiplyWide(a, lda, rows, packed, wide, ldc);
            Compare(c, ldc, exact.Select(v => unchecked((int)v)).ToArray(), rows, outputs, $"{set}: {rows}×{outputs}×{depth}");
            Compare(wide, ldc, exact, rows, outputs, $"{set} wide: {rows}×{outputs}×{depth}");
        });
    }

    /// <summary>Outputs of only the smallest, only the largest and alternating weights.</summary>
    private static IEnumerable<int> ExtremeWeights(int outputs, int depth, int smallest, int largest)
        => from output in Enumerable.Range(0, outputs)
           from k in Enumerable.Range(0, depth)
           select (output % 3) switch { 0 => -smallest, 1 => largest, _ => k % 2 == 0 ? largest : -smallest };

    private static long[] Exact<TA, TW>(TA[] a, int lda, int rows, TW[] w, int outputs, int depth)
        where TA : INumber<TA> where TW : INumber<TW>
    {
        var c = new long[rows * outputs];
        for (var row = 0; row < rows; row++)
        {
            for (var m = 0; m < outputs; m++)
            {
                for (var k = 0; k < depth; k++)
                    c[(row * outputs) + m] += long.CreateChecked(a[(row * lda) + k]) * long.CreateChecked(w[(m * depth) + k]);
            }
        }
        return c;
    }

    private static void Compare<T>(T[] c, int ldc, long[] expected, int rows, int outputs, string what) where T : INumber<T>
        => Compare(c, ldc, expected.Select(T.CreateTruncating).ToArray(), rows, outputs, what);

    private static void Compare<T>(T[] c, int ldc, T[] expected, int rows, int outputs, string what) where T : INumber<T>
    {
        for (var row = 0; row < rows; row++)
        {
            c.AsSpan(row * ldc, outputs).SequenceEqual(expected.AsSpan(row * outputs, outputs)).ShouldBeTrue($"{what}, row {row}");
            c.AsSpan((row * ldc) + outputs, ldc - outputs).IndexOfAnyExcept(T.Zero).ShouldBe(-1, "elements between rows are left alone");
        }
    }
}

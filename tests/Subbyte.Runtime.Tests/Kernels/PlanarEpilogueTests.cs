using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class PlanarEpilogueTests
{
    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(8, 12, false)]
    [InlineData(21, 7, true)]
    [InlineData(19, 16, false)]
    [InlineData(49, 68, true)]
    public void Outputs_one_after_the_other_are_those_of_the_rows(int rows, int outputs, bool withOffsets)
    {
        var random = new Random(rows);
        int ld = outputs + 3, stride = rows + 5;
        var sums = Arrays.Of(rows * ld, () => random.Next(-100_000, 100_000));
        var offsets = withOffsets ? Arrays.Of(outputs, () => random.Next(-1000, 1000)) : [];
        float[] scales = Arrays.Floats(random, outputs), bias = withOffsets ? [] : Arrays.Floats(random, outputs);
        InstructionSets.ForEach(set =>
        {
            float[] inRows = new float[rows * outputs], planar = new float[outputs * stride], block = new float[rows * outputs];
            Epilogue.Dequantize(sums, rows, outputs, ld, offsets, scales, bias, -90f, 2000f, inRows, outputs);
            Epilogue.DequantizePlanar(sums, rows, outputs, ld, offsets, scales, bias, -90f, 2000f, block, planar, stride);
            for (var i = 0; i < planar.Length; i++)
                planar[i].ShouldBe(i % stride < rows ? inRows[(i % stride * outputs) + (i / stride)] : 0f, $"{set} {i}");
        });
    }

    [Fact]
    public void A_result_without_room_is_refused()
        => Should.Throw<ArgumentException>(() => Epilogue.DequantizePlanar(new int[16 * 4], 16, 4, 4, [], new float[4], [], 0, 1, new float[64], new float[63], 16)).Message.ShouldContain("hold");
}
